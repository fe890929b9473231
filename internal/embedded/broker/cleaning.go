package broker

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// clean removes expired records, and compacts the compacted topics if they have grown enough since the last time. Nobody
// is let in meanwhile.
func (b *Broker) clean(ctx context.Context, client *kgo.Client) error {
	admin := kadm.NewClient(client)
	topics, err := b.topics(ctx, admin)
	if err != nil {
		return fmt.Errorf("look for topics to clean: %w", err)
	}
	for _, t := range topics {
		if err := expire(ctx, admin, t, time.Now()); err != nil {
			return fmt.Errorf("remove expired records of %s: %w", t.name, err)
		}
	}
	grown, err := b.compactedBytes(topics)
	if err != nil {
		return err
	}
	if grown < b.lastCleaned()+b.config.CleanAboveBytes {
		return nil
	}
	return b.compact(ctx, admin, topics, grown)
}

// topic is what cleaning needs to know of one.
type topic struct {
	name      string
	policy    string
	keep      map[string]string // its own retention settings, as they are written
	retention time.Duration     // negative: for ever
}

func (t topic) isCompacted() bool { return strings.Contains(t.policy, "compact") }
func (t topic) expires() bool     { return strings.Contains(t.policy, "delete") && t.retention >= 0 }

func (b *Broker) topics(ctx context.Context, admin *kadm.Client) ([]topic, error) {
	listed, err := admin.ListTopics(ctx)
	if err != nil {
		return nil, err
	}
	names := listed.Names()
	if len(names) == 0 {
		return nil, nil
	}
	described, err := admin.DescribeTopicConfigs(ctx, names...)
	if err != nil {
		return nil, err
	}
	var topics []topic
	for _, d := range described {
		if d.Err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, d.Err)
		}
		topics = append(topics, describe(d))
	}
	return topics, nil
}

func describe(d kadm.ResourceConfig) topic {
	t := topic{name: d.Name, policy: "delete", keep: map[string]string{}, retention: -1}
	for _, c := range d.Configs {
		own := c.Source == kmsg.ConfigSourceDynamicTopicConfig
		switch c.Key {
		case "cleanup.policy":
			if own {
				t.policy = c.MaybeValue()
			}
		case "retention.ms", "retention.bytes":
			if own {
				t.keep[c.Key] = c.MaybeValue()
			}
		}
	}
	if ms, err := strconv.ParseInt(t.keep["retention.ms"], 10, 64); err == nil && ms >= 0 {
		t.retention = time.Duration(min(ms, never.Milliseconds())) * time.Millisecond
	}
	return t
}

// expire deletes the records at the head of each partition that are older than the topic keeps them. kfake's own way
// would delete all records in front of an old one, and begin a partition that became empty at offset 0 again: so a
// partition keeps its last record.
func expire(ctx context.Context, admin *kadm.Client, t topic, now time.Time) error {
	if !t.expires() {
		return nil
	}
	starts, err := admin.ListStartOffsets(ctx, t.name)
	if err != nil {
		return err
	}
	ends, err := admin.ListEndOffsets(ctx, t.name)
	if err != nil {
		return err
	}
	young, err := admin.ListOffsetsAfterMilli(ctx, now.Add(-t.retention).UnixMilli(), t.name)
	if err != nil {
		return err
	}
	before := make(kadm.Offsets)
	young.Each(func(o kadm.ListedOffset) {
		start, _ := starts.Lookup(o.Topic, o.Partition)
		end, _ := ends.Lookup(o.Topic, o.Partition)
		if to := min(o.Offset, end.Offset-1); to > start.Offset {
			before.AddOffset(o.Topic, o.Partition, to, -1)
		}
	})
	if len(before) == 0 {
		return nil
	}
	answers, err := admin.DeleteRecords(ctx, before)
	return errors.Join(err, answers.Error())
}
