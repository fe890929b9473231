package landing

import (
	"cmp"
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/topics"
)

// tile checks that the ranges of a partition meet each other.
func (c *check) tile(partition int32, ranges []topics.Range) {
	slices.SortFunc(ranges, func(a, b topics.Range) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(ranges); i++ {
		switch before, after := ranges[i-1].To, ranges[i].From; {
		case after > before:
			c.fault("partition %d: no range covers offsets [%d,%d)", partition, before, after)
		case after < before:
			c.fault("partition %d: two ranges cover offsets [%d,%d)", partition, after, min(before, ranges[i].To))
		}
	}
}

// compare walks through log, ranges and table together, in windows.
func (c *check) compare(ctx context.Context, log extent, ranges []topics.Range) error {
	from, to := log.start, log.end
	for _, r := range ranges {
		from, to = min(from, r.From), max(to, r.To)
	}
	rows, distinct, err := c.store.Count(ctx, c.topic, log.partition, from, to)
	if err != nil {
		return err
	}
	c.report.Rows += rows
	c.report.Distinct += distinct
	c.report.Doubled += rows - distinct
	d := &damages{topic: c.topic.Name, partition: log.partition}
	defer func() { c.report.Damages = append(c.report.Damages, d.all...) }()
	if rows > distinct {
		if err := c.doubles(ctx, d, from, to); err != nil {
			return err
		}
		c.fault("partition %d: %d rows have the position of another, in %s", log.partition, rows-distinct, told(d.all))
	}
	counts := make([]int64, len(ranges)) // rows of each range
	var there window
	for at := from; at < to; at = there.to {
		there = window{from: at, to: min(at+windowOffsets, to)}
		if there.offsets, err = c.store.Offsets(ctx, c.topic, log.partition, there.from, there.to); err != nil {
			return err
		}
		there.count(ranges, counts)
		if err := c.compareWindow(ctx, log, there, d); err != nil {
			return err
		}
	}
	c.weigh(log.partition, ranges, counts)
	return nil
}

// compareWindow looks for each record of the log in the table.
func (c *check) compareWindow(ctx context.Context, log extent, w window, d *damages) error {
	var first, last, missing int64
	next, before := 0, len(d.all)
	err := c.read(ctx, log.partition, max(w.from, log.start), min(w.to, log.end), func(records []*kgo.Record) (bool, error) {
		c.report.Records += int64(len(records))
		for _, r := range records {
			for next < len(w.offsets) && w.offsets[next] < r.Offset {
				next++
			}
			if next < len(w.offsets) && w.offsets[next] == r.Offset {
				continue
			}
			if missing == 0 {
				first = r.Offset
			}
			last = r.Offset
			missing++
			d.add(r.Offset, 1, 0, r.Timestamp)
		}
		return true, nil
	})
	if missing > 0 {
		c.report.Missing += missing
		c.fault("partition %d: %d records from offset %d to %d have no row, in %s", log.partition, missing, first, last, told(d.all[min(before, len(d.all)-1):]))
	}
	return err
}

// weigh compares each range's promise with its rows.
func (c *check) weigh(partition int32, ranges []topics.Range, counts []int64) {
	for i, r := range ranges {
		promised := r.Records + r.Superseded
		switch short := promised - counts[i]; {
		case counts[i] < r.Records || counts[i] > promised:
			c.fault("partition %d: range [%d,%d) has %d rows, of %d records that landed", partition, r.From, r.To, counts[i], r.Records)
		case c.topic.Compacted:
			c.report.Superseded += short
		case short > 0:
			c.report.Missing += short
			c.fault("partition %d: %d records of range [%d,%d) were deleted before they could land", partition, short, r.From, r.To)
		}
	}
}

// window is a piece of a partition, and the offsets in it that have rows.
type window struct {
	from, to int64
	offsets  []int64
}

// count adds the window's rows to the ranges they are of.
func (w window) count(ranges []topics.Range, counts []int64) {
	first, _ := slices.BinarySearchFunc(ranges, w.from, func(r topics.Range, from int64) int { return cmp.Compare(r.To-1, from) })
	for i := first; i < len(ranges) && ranges[i].From < w.to; i++ {
		r := ranges[i]
		low, _ := slices.BinarySearch(w.offsets, r.From)
		high, _ := slices.BinarySearch(w.offsets, r.To)
		counts[i] += int64(high - low)
	}
}
