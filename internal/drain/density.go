package drain

import (
	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/internal/landing"
)

// density is how many records there are to an offset of a topic. Markers of transactions, records of aborted ones, and what compaction
// has removed use offsets too: a step that commits one record at a time writes a topic of which every other offset is a marker.
//
// It is measured: the landing says with each offset that it commits how many records the last ranges held (0004-landing-ranges).
type density struct {
	counted float64
	offsets float64
	seen    map[int32]int64 // by partition, where the last range that was taken ends
}

// densityMemory is how many offsets a density is the mean of.
const densityMemory = 100_000

// records is how many of them so many offsets stand for.
func (d *density) records(offsets int64) float64 {
	if d.offsets == 0 {
		return float64(offsets)
	}
	return float64(offsets) * d.counted / d.offsets
}

// take counts a range once.
func (d *density) take(partition int32, s landing.Span) {
	if d.seen == nil {
		d.seen = map[int32]int64{}
	}
	if s.To <= d.seen[partition] {
		return
	}
	d.seen[partition] = s.To
	d.counted += float64(s.Records)
	d.offsets += float64(s.To - s.From)
	if d.offsets > densityMemory {
		d.counted, d.offsets = d.counted/2, d.offsets/2
	}
}

// learn takes the ranges that a group's offsets tell of. Only the landing's do.
func (s *survey) learn(committed kadm.OffsetResponses) {
	for _, t := range s.topics {
		for partition, c := range committed[t.Name] {
			spans, err := landing.Promised(c.At, c.Metadata)
			if err != nil {
				continue // of another version: it says so itself, and what was learned holds
			}
			for _, span := range spans {
				s.density[t].take(partition, span)
			}
		}
	}
}
