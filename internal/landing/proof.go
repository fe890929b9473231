package landing

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"waybill/topics"
)

// proof is what is known of the rows of one partition. It holds a few numbers for each million of them.
type proof struct {
	log    *slog.Logger
	pieces []piece // in order; the last one grows
	turn   int     // the piece that is counted next
}

// piece is some ranges that lie one behind the other, and what was found when their rows were counted.
type piece struct {
	from, to            int64
	records, superseded int64
	uncovered           int64 // offsets in it that no range covers, or that two do
	rows, distinct      int64
	provedAt            time.Time

	damages  []Damage
	searched [2]int64 // the rows and records with which the damages were looked for
}

// renew counts the newest piece, and of the others as many rows as the budget has, those first whose turn it is. It returns what it has left.
func (p *proof) renew(ctx context.Context, c *check, partition int32, budget int64) (left int64, err error) {
	if err := p.extend(ctx, c, partition); err != nil || len(p.pieces) == 0 {
		return budget, err
	}
	newest := len(p.pieces) - 1
	if err := p.count(ctx, c, partition, &p.pieces[newest]); err != nil {
		return budget, err
	}
	for range newest {
		p.turn %= newest
		at := &p.pieces[p.turn]
		if at.records > budget && at.sound() {
			return budget, nil
		}
		if err := p.count(ctx, c, partition, at); err != nil {
			return budget, err
		}
		budget -= at.records
		p.turn++
	}
	return budget, nil
}

// extend adds the ranges that have landed since, and cuts pieces of them.
func (p *proof) extend(ctx context.Context, c *check, partition int32) error {
	from := int64(0)
	if n := len(p.pieces); n > 0 {
		from = p.pieces[n-1].to
	}
	ranges, err := c.store.RangesFrom(ctx, c.topic, partition, from)
	if err != nil {
		return err
	}
	for _, r := range ranges {
		switch n := len(p.pieces); {
		case n == 0:
			p.pieces = append(p.pieces, piece{from: r.From, to: r.From})
		case p.pieces[n-1].records >= pieceRecordsMax:
			p.pieces = append(p.pieces, piece{from: p.pieces[n-1].to, to: p.pieces[n-1].to})
		}
		last := &p.pieces[len(p.pieces)-1]
		last.uncovered += max(r.From-last.to, last.to-r.From)
		last.to = max(last.to, r.To)
		last.records += r.Records
		last.superseded += r.Superseded
	}
	return nil
}

// count holds the piece's rows against its records. What is wrong is looked for once, until it changes.
func (p *proof) count(ctx context.Context, c *check, partition int32, at *piece) (err error) {
	if at.rows, at.distinct, err = c.store.Count(ctx, c.topic, partition, at.from, at.to); err != nil {
		return err
	}
	at.provedAt = time.Now()
	now := [2]int64{at.rows, at.records}
	if at.sound() {
		at.damages, at.searched = nil, [2]int64{}
		return nil
	}
	if at.searched == now {
		return nil
	}
	if at.damages, err = c.locate(ctx, partition, at.from, at.to); err != nil {
		return err
	}
	at.searched = now
	p.log.Error("the table does not have what has landed: see `waybill verify`", "from", at.from, "to", at.to,
		"missing", at.missing(), "doubled", at.doubled(), "uncovered", at.uncovered, "minutes", told(at.damages))
	return nil
}

func (p *piece) missing() int64 { return max(p.records-p.distinct, 0) }

func (p *piece) doubled() int64 {
	return p.rows - p.distinct + max(p.distinct-p.records-p.superseded, 0)
}

func (p *piece) sound() bool { return p.missing()+p.doubled()+p.uncovered == 0 }

func (p *proof) found() (all []Damage) {
	for i := range p.pieces {
		all = append(all, p.pieces[i].damages...)
	}
	return all
}

// sums are over all pieces, as they were last counted.
func (p *proof) sums() (records, missing, doubled, uncovered int64, oldest time.Time) {
	for i := range p.pieces {
		at := &p.pieces[i]
		records, missing, doubled, uncovered = records+at.records, missing+at.missing(), doubled+at.doubled(), uncovered+at.uncovered
		if i == 0 || at.provedAt.Before(oldest) {
			oldest = at.provedAt
		}
	}
	return records, missing, doubled, uncovered, oldest
}

// locate finds what is wrong between two offsets: it halves the ranges until it knows those that are not right, and reads these.
func (c *check) locate(ctx context.Context, partition int32, from, to int64) ([]Damage, error) {
	ranges, err := c.store.RangesFrom(ctx, c.topic, partition, from)
	if err != nil {
		return nil, err
	}
	end := slices.IndexFunc(ranges, func(r topics.Range) bool { return r.From >= to })
	if end >= 0 {
		ranges = ranges[:end]
	}
	d := &damages{topic: c.topic.Name, partition: partition}
	err = c.narrow(ctx, d, ranges)
	return d.all, err
}

func (c *check) narrow(ctx context.Context, d *damages, ranges []topics.Range) error {
	if len(ranges) == 0 || len(d.all) >= damagesMax {
		return nil
	}
	at := piece{from: ranges[0].From, to: ranges[len(ranges)-1].To}
	for _, r := range ranges {
		at.records, at.superseded = at.records+r.Records, at.superseded+r.Superseded
	}
	var err error
	if at.rows, at.distinct, err = c.store.Count(ctx, c.topic, d.partition, at.from, at.to); err != nil || at.sound() {
		return err
	}
	if len(ranges) == 1 {
		return c.inspect(ctx, d, at)
	}
	half := len(ranges) / 2
	if err := c.narrow(ctx, d, ranges[:half]); err != nil {
		return err
	}
	return c.narrow(ctx, d, ranges[half:])
}
