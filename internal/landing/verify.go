package landing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// Store answers what has landed.
type Store interface {
	// Ranges are those of the topic that have landed, by partition and offset.
	Ranges(ctx context.Context, topic *topics.Topic) ([]topics.Range, error)
	// Count is how many rows there are in a range of offsets, and of how many offsets.
	Count(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) (rows, distinct int64, err error)
	// RangesFrom are those of one partition that end behind an offset, in order.
	RangesFrom(ctx context.Context, topic *topics.Topic, partition int32, from int64) ([]topics.Range, error)
	// Doubled are the offsets in a range that have more than one row.
	Doubled(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) ([]topics.Doubled, error)
	// Minutes are those in which the records of a range lie, as far as is known.
	Minutes(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) ([]time.Time, error)
	// Offsets are those in the range that have a row, each once, in order.
	Offsets(ctx context.Context, topic *topics.Topic, partition int32, from, to int64) ([]int64, error)
}

// Report is what Verify found about one topic.
type Report struct {
	Topic      string `json:"topic"`
	Records    int64  `json:"records"`    // a read_committed reader finds on the topic now
	Rows       int64  `json:"rows"`       // in the topic's table, also of records that the topic no longer has
	Distinct   int64  `json:"distinct"`   // positions these rows have
	Missing    int64  `json:"missing"`    // records without a row
	Doubled    int64  `json:"doubled"`    // rows beyond one for each position
	Superseded int64  `json:"superseded"` // records that compaction removed before they could land

	// Faults say where, in words: what is missing or doubled, and ranges that overlap or leave a gap.
	Faults []string `json:"faults,omitempty"`
	// Damages say the same of what is missing or doubled to machines: which offsets, and which minutes of the charts.
	Damages []Damage `json:"damages,omitempty"`
}

// Sound is whether everything is there, and once.
func (r *Report) Sound() bool { return r.Missing == 0 && r.Doubled == 0 && len(r.Faults) == 0 }

// VerifyConfig says what Verify reads.
type VerifyConfig struct {
	Kafka       []kgo.Opt       // how to reach the brokers
	Topics      []*topics.Topic // all that land
	WaitSeconds int             // how long to wait until what is on the topics now has landed: 60; negative: not at all
}

// faultsMax bounds the faults of a topic that are told in words.
const faultsMax = 20

// windowOffsets is how many offsets are compared at a time.
const windowOffsets = 100_000

// Verify compares each topic, as it stands at the call, with its table, and hands over a report. It first waits for what has
// not landed yet; what has not by then is missing. Beside the list of ranges, it needs a few megabytes of memory, whatever the topics' size.
func Verify(ctx context.Context, c VerifyConfig, store Store, each func(Report) error) error {
	if c.Topics == nil {
		c.Topics = topics.Landing()
	}
	orElse(&c.WaitSeconds, 60)
	client, err := kgo.NewClient(Config{Kafka: c.Kafka}.reader()...)
	if err != nil {
		return fmt.Errorf("verify: connect to Kafka: %w", err)
	}
	defer client.Close()
	until := time.Now().Add(time.Duration(c.WaitSeconds) * time.Second)
	for _, topic := range c.Topics {
		check := &check{reader: &reader{client: client}, store: store, topic: topic, until: until, report: Report{Topic: topic.Name}}
		if err := check.run(ctx); err != nil {
			return fmt.Errorf("verify %s: %w", topic.Name, err)
		}
		if err := each(check.report); err != nil {
			return err
		}
	}
	return nil
}

// check is the verification of one topic.
type check struct {
	reader *reader
	store  Store
	topic  *topics.Topic
	until  time.Time
	report Report
}

func (c *check) run(ctx context.Context) error {
	logs, err := c.reader.extents(ctx, c.topic.Name)
	if err != nil {
		return err
	}
	if err := c.wait(ctx, logs); err != nil {
		return err
	}
	all, err := c.store.Ranges(ctx, c.topic)
	if err != nil {
		return err
	}
	for _, log := range logs {
		ranges := slices.DeleteFunc(slices.Clone(all), func(r topics.Range) bool { return r.Partition != log.partition })
		c.tile(log.partition, ranges)
		if err := c.compare(ctx, log, ranges); err != nil {
			return err
		}
	}
	return nil
}

// wait returns when every record of the logs has landed, or when it has waited long enough.
func (c *check) wait(ctx context.Context, logs []extent) error {
	for attempt := 0; ; attempt++ {
		late, err := c.late(ctx, logs)
		if err != nil || len(late) == 0 {
			return err
		}
		pause := backoff(attempt)
		if time.Now().Add(pause).After(c.until) {
			for _, log := range late {
				c.fault("partition %d: nothing behind offset %d has landed by now", log.partition, log.start)
			}
			return nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// late is what has not landed yet: of each log that piece which begins behind all ranges, if it has a record.
func (c *check) late(ctx context.Context, logs []extent) ([]extent, error) {
	ranges, err := c.store.Ranges(ctx, c.topic)
	if err != nil {
		return nil, err
	}
	landed := map[int32]int64{}
	for _, r := range ranges {
		landed[r.Partition] = max(landed[r.Partition], r.To)
	}
	var late []extent
	for _, log := range logs {
		log.start = max(log.start, landed[log.partition])
		left, err := c.anything(ctx, log)
		if err != nil {
			return nil, err
		}
		if left {
			late = append(late, log)
		}
	}
	return late, nil
}

// anything is whether there is a record: there may be markers only.
func (c *check) anything(ctx context.Context, log extent) (found bool, err error) {
	err = c.read(ctx, log.partition, log.start, log.end, func(records []*kgo.Record) (bool, error) {
		found = len(records) > 0
		return !found, nil
	})
	return found, err
}

func (c *check) read(ctx context.Context, partition int32, from, to int64, each func([]*kgo.Record) (bool, error)) error {
	err := c.reader.read(ctx, place{c.topic.Name, partition}, Span{From: from, To: to}, each)
	var cut *cutOff
	if errors.As(err, &cut) {
		c.fault("%v", cut)
		return nil
	}
	return err
}

func (c *check) fault(format string, args ...any) {
	switch text := fmt.Sprintf(format, args...); {
	case len(c.report.Faults) < faultsMax:
		c.report.Faults = append(c.report.Faults, text)
	case len(c.report.Faults) == faultsMax:
		c.report.Faults = append(c.report.Faults, "and more")
	}
}

// extent is one partition's log as it stood at a moment.
type extent struct {
	partition  int32
	start, end int64 // of what a read_committed reader sees
}

func (r *reader) extents(ctx context.Context, topic string) ([]extent, error) {
	admin := kadm.NewClient(r.client)
	starts, err := admin.ListStartOffsets(ctx, topic)
	if err == nil {
		err = starts.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("list the start of the log: %w", err)
	}
	ends, err := admin.ListCommittedOffsets(ctx, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("list the end of the log: %w", err)
	}
	var logs []extent
	for _, end := range ends[topic] {
		start, _ := starts.Lookup(topic, end.Partition)
		logs = append(logs, extent{end.Partition, start.Offset, end.Offset})
	}
	slices.SortFunc(logs, func(a, b extent) int { return int(a.partition - b.partition) })
	return logs, nil
}
