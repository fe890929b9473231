package landing

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// commit is what one partition wants the group to know.
type commit struct {
	place    place
	offset   int64
	metadata string
	answer   chan error
}

// commit tells the group where the partition stands, and tries until it knows. The same thing is tried again, never another,
// so that an answer which was lost changes nothing. It returns false if the partition ended before.
func (p *partition) commit(ctx context.Context, offset int64, promised promise) bool {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		c := commit{place: p.place(), offset: offset, metadata: promised.text(), answer: make(chan error, 1)}
		select {
		case p.landing.commits <- c:
		case <-ctx.Done():
			return false
		}
		var err error
		select {
		case err = <-c.answer:
		case <-ctx.Done():
			return false
		}
		if err == nil {
			return true
		}
		if !p.backOff(ctx, attempt, &failure{"commit", fmt.Errorf("commit offset %d of group %s: %w", offset, p.landing.config.Group, err)}) {
			return false
		}
	}
	return false
}

// commitAll sends what the partitions want to commit, all that wait in one request.
func (l *Landing) commitAll(ctx context.Context) {
	for {
		select {
		case first := <-l.commits:
			l.send(ctx, append([]commit{first}, l.waitingCommits()...))
		case <-ctx.Done():
			return
		}
	}
}

func (l *Landing) waitingCommits() []commit {
	var waiting []commit
	for {
		select {
		case c := <-l.commits:
			waiting = append(waiting, c)
		default:
			return waiting
		}
	}
}

func (l *Landing) send(ctx context.Context, commits []commit) {
	offsets := map[string]map[int32]kgo.EpochOffset{}
	wanted := map[place]commit{}
	for _, c := range commits {
		if offsets[c.place.topic] == nil {
			offsets[c.place.topic] = map[int32]kgo.EpochOffset{}
		}
		offsets[c.place.topic][c.place.partition] = kgo.EpochOffset{Epoch: -1, Offset: c.offset}
		wanted[c.place] = c
	}
	ctx, cancel := context.WithTimeout(ctx, commitSeconds*time.Second)
	defer cancel()
	ctx = kgo.PreCommitFnContext(ctx, func(request *kmsg.OffsetCommitRequest) error {
		for i := range request.Topics {
			topic := &request.Topics[i]
			for k := range topic.Partitions {
				metadata := wanted[place{topic.Topic, topic.Partitions[k].Partition}].metadata
				topic.Partitions[k].Metadata = &metadata
			}
		}
		return nil
	})
	l.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, answer *kmsg.OffsetCommitResponse, err error) {
		answerAll(wanted, answer, err)
	})
}

// answerAll tells each partition how its commit went.
func answerAll(wanted map[place]commit, answer *kmsg.OffsetCommitResponse, err error) {
	if err == nil {
		for _, topic := range answer.Topics {
			for _, p := range topic.Partitions {
				at := place{topic.Topic, p.Partition}
				if c, ok := wanted[at]; ok {
					c.answer <- kerr.ErrorForCode(p.ErrorCode)
					delete(wanted, at)
				}
			}
		}
		err = fmt.Errorf("the broker did not answer for this partition")
	}
	for _, c := range wanted {
		c.answer <- err
	}
}
