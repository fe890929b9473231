package landing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Damage is a piece of a partition whose rows are not its records.
type Damage struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	From      int64  `json:"from"`              // the first offset
	To        int64  `json:"to"`                // the one behind the last
	Missing   int64  `json:"missing,omitempty"` // records without a row
	Doubled   int64  `json:"doubled,omitempty"` // rows beyond one for each record
	// Minutes are those of the charts that show too little, or too much: each its begin, in order.
	Minutes []time.Time `json:"minutes"`
}

// Limits of what is told of one topic.
const (
	damagesMax = 100
	minutesMax = 100 // of one damage
)

// damages gathers what is wrong in a partition, in the order of offsets.
type damages struct {
	topic     string
	partition int32
	all       []Damage
}

// add notes what is wrong with one offset. Neighbours become one damage; beyond the limit the last one grows.
func (d *damages) add(offset, missing, doubled int64, minutes ...time.Time) {
	n := len(d.all)
	if n == 0 || d.all[n-1].To != offset && n < damagesMax {
		d.all = append(d.all, Damage{Topic: d.topic, Partition: d.partition, From: offset})
		n++
	}
	last := &d.all[n-1]
	last.To, last.Missing, last.Doubled = offset+1, last.Missing+missing, last.Doubled+doubled
	for _, m := range minutes {
		if m = m.UTC().Truncate(time.Minute); len(last.Minutes) < minutesMax && !slices.Contains(last.Minutes, m) {
			last.Minutes = append(last.Minutes, m)
		}
	}
}

// told are the minutes of damages, for people.
func told(all []Damage) string {
	var minutes []time.Time
	for _, d := range all {
		minutes = append(minutes, d.Minutes...)
	}
	slices.SortFunc(minutes, time.Time.Compare)
	minutes = slices.CompactFunc(minutes, time.Time.Equal)
	switch n := len(minutes); n {
	case 0:
		return "minutes that are not known"
	case 1:
		return "the minute " + minutes[0].Format(time.RFC3339)
	default:
		return fmt.Sprintf("%d minutes from %s to %s", n, minutes[0].Format(time.RFC3339), minutes[n-1].Format(time.RFC3339))
	}
}

// inspect finds the very offsets of one range that are wrong. If its records are no longer on the topic, all of the range is named.
func (c *check) inspect(ctx context.Context, d *damages, at piece) error {
	offsets, err := c.store.Offsets(ctx, c.topic, d.partition, at.from, at.to)
	if err != nil {
		return err
	}
	var missing int64
	err = c.reader.read(ctx, place{d.topic, d.partition}, Span{From: at.from, To: at.to}, func(records []*kgo.Record) (bool, error) {
		for _, r := range records {
			if _, there := slices.BinarySearch(offsets, r.Offset); !there {
				missing++
				d.add(r.Offset, 1, 0, r.Timestamp)
			}
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if gone := at.missing() - missing; gone > 0 {
		minutes, err := c.store.Minutes(ctx, c.topic, d.partition, at.from, at.to)
		if err != nil {
			return err
		}
		d.all = append(d.all, Damage{Topic: d.topic, Partition: d.partition, From: at.from, To: at.to, Missing: gone, Minutes: minutes})
	}
	return c.doubles(ctx, d, at.from, at.to)
}

// doubles adds the offsets that several rows have.
func (c *check) doubles(ctx context.Context, d *damages, from, to int64) error {
	twice, err := c.store.Doubled(ctx, c.topic, d.partition, from, to)
	for _, t := range twice {
		d.add(t.Offset, 0, t.Rows-1, t.Minutes...)
	}
	return err
}
