package runner

import (
	"cmp"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
)

// batch is what one turn handles, by partition number: partition n of all inputs belongs together.
type batch struct {
	parts   map[int32]*part
	records int
	bytes   int
}

// part is one partition's share of a batch.
type part struct {
	number int32
	due    []due         // keys to wake
	back   []*kgo.Record // what came back to the step goes before what is new
	input  []*kgo.Record
	left   map[string]kgo.EpochOffset // by topic, from where it is left for a later turn
}

// due is a key whose time has come, or what it waits for.
type due struct {
	key  []byte
	at   int64  // milliseconds since 1970
	what string // that has come; "" if it is the time
}

func newBatch() *batch { return &batch{parts: map[int32]*part{}} }

func (b *batch) empty() bool { return len(b.parts) == 0 }

func (b *batch) part(number int32) *part {
	p := b.parts[number]
	if p == nil {
		p = &part{number: number}
		b.parts[number] = p
	}
	return p
}

// sorted is the parts by number, so that a turn is the same each time it is tried.
func (b *batch) sorted() []*part {
	parts := make([]*part, 0, len(b.parts))
	for _, p := range b.parts {
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, c *part) int { return cmp.Compare(a.number, c.number) })
	return parts
}

func (b *batch) add(fetched kgo.FetchTopicPartition, back bool) {
	if len(fetched.Records) == 0 {
		return
	}
	p := b.part(fetched.Partition)
	if back {
		p.back = append(p.back, fetched.Records...)
	} else {
		p.input = append(p.input, fetched.Records...)
	}
	b.records += len(fetched.Records)
	for _, r := range fetched.Records {
		b.bytes += len(r.Key) + len(r.Value)
	}
}

func (p *part) empty() bool { return len(p.back) == 0 && len(p.input) == 0 && len(p.due) == 0 }

// leave shortens the part to what comes before r, and notes from where each topic is to be read again. With r nil nothing of it
// is kept.
func (p *part) leave(r *kgo.Record) {
	if p.left == nil {
		p.left = map[string]kgo.EpochOffset{}
	}
	if r == nil {
		p.due = nil
	}
	if at := slices.Index(p.back, r); at >= 0 || r == nil {
		p.noteLeft(p.back[max(at, 0):])
		p.noteLeft(p.input)
		p.back, p.input = p.back[:max(at, 0)], nil
		return
	}
	at := slices.Index(p.input, r)
	p.noteLeft(p.input[at:])
	p.input = p.input[:at]
}

// noteLeft keeps the first offset of each topic, which is the lowest: what was left before comes behind.
func (p *part) noteLeft(records []*kgo.Record) {
	for _, r := range slices.Backward(records) {
		p.left[r.Topic] = kgo.EpochOffset{Epoch: r.LeaderEpoch, Offset: r.Offset}
	}
}

// keeps says whether anything of the topic is still in the part.
func (p *part) keeps(topic string) bool {
	of := func(r *kgo.Record) bool { return r.Topic == topic }
	return slices.ContainsFunc(p.back, of) || slices.ContainsFunc(p.input, of)
}
