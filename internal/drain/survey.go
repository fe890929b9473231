package drain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// survey asks the brokers where the stages stand. It changes nothing: it is a member of no group and commits no offset.
type survey struct {
	stages  []Stage
	topics  []*topics.Topic // all that the stages read
	client  *kgo.Client
	admin   *kadm.Client
	kafka   []kgo.Opt
	density map[*topics.Topic]*density
	places  map[place]*stand
	ends    map[mark]int64 // of the last survey
	patient time.Duration  // how long a partition stands until its first record is looked at
}

// mark is one partition.
type mark struct {
	topic     string
	partition int32
}

// place is where one stage reads.
type place struct {
	stage int
	mark
}

func newSurvey(kafka []kgo.Opt, stages []Stage) (*survey, error) {
	client, err := kgo.NewClient(kafka...)
	if err != nil {
		return nil, fmt.Errorf("look how much waits: %w", err)
	}
	s := &survey{
		stages: stages, topics: read(stages), client: client, admin: kadm.NewClient(client), kafka: kafka,
		density: map[*topics.Topic]*density{}, places: map[place]*stand{},
	}
	for _, t := range s.topics {
		s.density[t] = &density{}
	}
	return s, nil
}

func (s *survey) close() { s.client.Close() }

// look asks where the groups are first, and where the topics end afterwards: no group is ahead of an end that was seen.
func (s *survey) look(ctx context.Context) (sample, error) {
	asking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	groups := make([]kadm.OffsetResponses, len(s.stages))
	for i, stage := range s.stages {
		committed, err := s.admin.FetchOffsets(asking, stage.Group)
		if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // which has read nothing yet
			return sample{}, fmt.Errorf("ask how far %s has come: %w", stage.Group, err)
		}
		groups[i] = committed
	}
	logs, err := s.logs(asking)
	if err != nil {
		return sample{}, err
	}
	now := time.Now()
	for _, committed := range groups {
		s.learn(committed)
	}
	taken := sample{at: now, stages: make([]position, len(s.stages)), grown: s.grown(logs)}
	for i := range s.stages {
		s.note(i, now, groups[i], logs)
	}
	s.lookAtFirst(ctx, now)
	for i := range s.stages {
		taken.stages[i] = s.position(i)
	}
	return taken, nil
}

// extent is one partition as a read_committed reader sees it.
type extent struct{ start, end int64 }

// logs are the partitions of all topics that are read.
func (s *survey) logs(ctx context.Context) (map[mark]extent, error) {
	names := make([]string, len(s.topics))
	for i, t := range s.topics {
		names[i] = t.Name
	}
	starts, err := s.admin.ListStartOffsets(ctx, names...)
	if err = wrong(starts, err); err != nil {
		return nil, fmt.Errorf("ask where the topics start: %w", err)
	}
	ends, err := s.admin.ListCommittedOffsets(ctx, names...)
	if err = wrong(ends, err); err != nil {
		return nil, fmt.Errorf("ask where the topics end: %w", err)
	}
	logs := map[mark]extent{}
	ends.Each(func(end kadm.ListedOffset) {
		start, _ := starts.Lookup(end.Topic, end.Partition)
		logs[mark{end.Topic, end.Partition}] = extent{start.Offset, end.Offset}
	})
	return logs, nil
}

// wrong is what is wrong with an answer, if anything is: of one partition, where it is so of many.
func wrong(listed kadm.ListedOffsets, err error) error {
	listed.Each(func(o kadm.ListedOffset) {
		if err == nil && o.Err != nil {
			err = fmt.Errorf("topic %s (waybill provision makes it): %w", o.Topic, o.Err)
		}
	})
	return err
}

// grown is how many records came onto each topic since the last survey, none at the first.
func (s *survey) grown(logs map[mark]extent) map[*topics.Topic]float64 {
	grown, ends := map[*topics.Topic]float64{}, map[mark]int64{}
	for _, t := range s.topics {
		offsets := int64(0)
		for at, log := range logs {
			if at.topic != t.Name {
				continue
			}
			ends[at] = log.end
			if before, ok := s.ends[at]; ok {
				offsets += max(0, log.end-before)
			}
		}
		grown[t] = s.density[t].records(offsets)
	}
	s.ends = ends
	return grown
}

// note is where a stage stands on every partition that it reads.
func (s *survey) note(stage int, now time.Time, committed kadm.OffsetResponses, logs map[mark]extent) {
	for _, t := range s.stages[stage].Reads {
		for at, log := range logs {
			if at.topic != t.Name {
				continue
			}
			here := s.places[place{stage, at}]
			if here == nil {
				here = &stand{committed: -1}
				s.places[place{stage, at}] = here
			}
			offset := int64(-1)
			if c, ok := committed.Lookup(at.topic, at.partition); ok && c.Err == nil {
				offset = c.At
			}
			here.move(now, max(offset, log.start), log.end)
		}
	}
}

// position is where a stage stands, over all partitions that it reads.
func (s *survey) position(stage int) (p position) {
	for _, t := range s.stages[stage].Reads {
		waiting, done := int64(0), int64(0)
		for at, here := range s.places {
			if at.stage != stage || at.topic != t.Name {
				continue
			}
			waiting, done = waiting+here.waiting(), done+here.done
			p.longest = max(p.longest, here.left())
			if first := here.oldest; !first.IsZero() && (p.oldest.IsZero() || first.Before(p.oldest)) {
				p.oldest = first
			}
		}
		p.waiting += s.density[t].records(waiting)
		p.done += s.density[t].records(done)
	}
	return p
}
