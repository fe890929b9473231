package runner

import (
	"cmp"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// batch is what one turn handles, by partition number: partition n of all inputs belongs together.
type batch struct {
	began   time.Time
	parts   map[int32]*part
	records int
	bytes   int
}

// part is one partition's share of a batch.
type part struct {
	number int32
	back   []*kgo.Record // what came back to the step goes before what is new
	input  []*kgo.Record
	due    [][]byte // keys to wake
	first  map[string]map[int32]kgo.EpochOffset
}

func newBatch() *batch { return &batch{began: time.Now(), parts: map[int32]*part{}} }

func (b *batch) empty() bool { return len(b.parts) == 0 }

func (b *batch) part(number int32) *part {
	p := b.parts[number]
	if p == nil {
		p = &part{number: number, first: map[string]map[int32]kgo.EpochOffset{}}
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
	if p.first[fetched.Topic] == nil {
		r := fetched.Records[0]
		p.first[fetched.Topic] = map[int32]kgo.EpochOffset{p.number: {Epoch: r.LeaderEpoch, Offset: r.Offset}}
	}
	if back {
		p.back = append(p.back, fetched.Records...)
	} else {
		p.input = append(p.input, fetched.Records...)
	}
	b.records += len(fetched.Records)
	for _, r := range fetched.Records {
		b.bytes += len(r.Value)
	}
}
