package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
	"waybill/internal/runner"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// span is what a run reads again: the records that it is about, and their keys.
type span struct {
	run     *schemas.RepairRun
	orders  map[string]bool
	keys    map[int32]map[string]bool // by partition
	last    map[int32]time.Time       // of the records that it is about, by partition
	records int
}

func spanOf(run *schemas.RepairRun) *span {
	s := &span{run: run, orders: map[string]bool{}, keys: map[int32]map[string]bool{}, last: map[int32]time.Time{}}
	for _, id := range run.Orders {
		s.orders[id] = true
	}
	return s
}

// has tells whether a run is about a record.
func (s *span) has(r *kgo.Record) bool {
	at := schemas.At(r.Timestamp)
	inBounds := func(b schemas.RepairBound) bool {
		return b.Topic == r.Topic && b.Partition == r.Partition && r.Offset >= b.From && r.Offset < b.To
	}
	isOrder := func() bool {
		return s.orders[string(r.Key)] || slices.ContainsFunc(r.Headers, func(h kgo.RecordHeader) bool { return h.Key == topics.HeaderOrderID && s.orders[string(h.Value)] })
	}
	return at >= s.run.Since && at < s.run.Until && (len(s.run.Bounds) == 0 || slices.ContainsFunc(s.run.Bounds, inBounds)) && (len(s.orders) == 0 || isOrder())
}

// readTogether is how many records are handed to a step at a time.
const readTogether = 500

// repairKeysMax bounds how many orders, or other keys, a run is about.
const repairKeysMax = 100_000

// keysOf finds the keys of what a run is about.
func (s *stack) keysOf(ctx context.Context, step processors.Processor, is *span) error {
	n := 0
	for _, topic := range runner.Inputs(step) {
		err := s.readTopic(ctx, topic, func(r *kgo.Record) error {
			if !is.has(r) {
				return nil
			}
			is.records++
			if is.keys[r.Partition] == nil {
				is.keys[r.Partition] = map[string]bool{}
			}
			if !is.keys[r.Partition][string(r.Key)] {
				is.keys[r.Partition][string(r.Key)] = true
				if n++; n > repairKeysMax {
					return usage("repair: more than %d orders or other keys are in that: narrow it, by --since and --until for one", repairKeysMax)
				}
			}
			if is.last[r.Partition].Before(r.Timestamp) {
				is.last[r.Partition] = r.Timestamp
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readSpan hands out what the keys of a run have on one partition number of all that a step reads, from the beginning to the last record that
// the run is about, in the order of time: each time some of them, that are all inside of what the run is about, or all outside.
func (s *stack) readSpan(ctx context.Context, step processors.Processor, is *span, partition int32, each func(records []*kgo.Record, inside bool) error) error {
	var some []*kgo.Record
	inside := false
	hand := func() error {
		records := some
		some = nil
		if len(records) == 0 {
			return nil
		}
		return each(records, inside)
	}
	err := s.readByTime(ctx, runner.Inputs(step), partition, is.last[partition], func(r *kgo.Record) error {
		if !is.keys[partition][string(r.Key)] {
			return nil
		}
		if is.has(r) != inside || len(some) == readTogether {
			if err := hand(); err != nil {
				return err
			}
			inside = is.has(r)
		}
		some = append(some, r)
		return nil
	})
	if err != nil {
		return err
	}
	return hand()
}

// readByTime calls each with the records of a partition number of several topics, as a read_committed reader finds them up to the ends that
// stand when it is called, the earliest first, until one is later than last. Those of one topic stay in their order.
func (s *stack) readByTime(ctx context.Context, all []*topics.Topic, partition int32, last time.Time, each func(r *kgo.Record) error) error {
	var stretches []*stretch
	defer func() {
		for _, l := range stretches {
			l.client.Close()
		}
	}()
	for _, topic := range all {
		l, err := s.stretch(ctx, topic, partition)
		if err != nil {
			return err
		}
		stretches = append(stretches, l)
	}
	for {
		var first *stretch
		for _, l := range stretches {
			if err := l.look(ctx); err != nil {
				return err
			}
			if len(l.ahead) > 0 && (first == nil || l.ahead[0].Timestamp.Before(first.ahead[0].Timestamp)) {
				first = l
			}
		}
		if first == nil || first.ahead[0].Timestamp.After(last) {
			return nil
		}
		r := first.ahead[0]
		first.ahead = first.ahead[1:]
		if err := each(r); err != nil {
			return err
		}
	}
}

// stretch is one partition of a topic, as it is read on.
type stretch struct {
	client *kgo.Client
	topic  string
	end    int64 // where it is over; 0: it was over from the beginning
	ahead  []*kgo.Record
}

func (s *stack) stretch(ctx context.Context, topic *topics.Topic, partition int32) (*stretch, error) {
	if err := s.mustLet(ctx, rights.Reader, rights.ToRead(topic)...); err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic.Name: {partition: kgo.NewOffset().AtStart()}}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", topic.Name, err)
	}
	ends, err := unread(ctx, client, topic.Name)
	if err != nil {
		client.Close()
		return nil, fmt.Errorf("read %s: %w", topic.Name, err)
	}
	return &stretch{client: client, topic: topic.Name, end: ends[partition]}, nil
}

// look makes sure that the next record is at hand, if there is one.
func (l *stretch) look(ctx context.Context) error {
	for heard := time.Now(); len(l.ahead) == 0 && l.end > 0; {
		poll, cancel := context.WithTimeout(ctx, time.Second)
		fetches := l.client.PollFetches(poll)
		cancel()
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := fetches.Err0(); err != nil && poll.Err() == nil {
			return fmt.Errorf("read %s: %w", l.topic, err)
		}
		if fetches.NumRecords() == 0 {
			if err := silent(l.topic, heard); err != nil {
				return err
			}
			continue
		}
		heard = time.Now()
		read := fetches.Records()
		for _, r := range read {
			if r.Offset < l.end && !r.Attrs.IsControl() {
				l.ahead = append(l.ahead, r)
			}
		}
		if read[len(read)-1].Offset >= l.end-1 {
			l.end = 0
		}
	}
	return nil
}

// boundsOf are parts of partitions, as they are named: orders.normalized/3/120-140.
func boundsOf(step processors.Processor, named []string) (bounds []schemas.RepairBound, err error) {
	for _, text := range named {
		var b schemas.RepairBound
		name, rest, _ := strings.Cut(text, "/")
		b.Topic = name
		if n, _ := fmt.Sscanf(rest, "%d/%d-%d", &b.Partition, &b.From, &b.To); n != 3 || fmt.Sprintf("%d/%d-%d", b.Partition, b.From, b.To) != rest || b.Partition < 0 || b.From < 0 || b.To < b.From {
			return nil, usage("--offsets %s: give TOPIC/PARTITION/FROM-TO, such as %s/3/120-140", text, step.Reads[0].Name)
		}
		if !slices.ContainsFunc(runner.Inputs(step), func(t *topics.Topic) bool { return t.Name == b.Topic }) {
			var reads []string
			for _, t := range runner.Inputs(step) {
				reads = append(reads, t.Name)
			}
			return nil, usage("--offsets %s: %s reads %s", text, step.Name, strings.Join(reads, ", "))
		}
		b.To++ // which is inside, as it is named
		bounds = append(bounds, b)
	}
	return bounds, nil
}
