package ledger

import (
	"cmp"
	"maps"
	"slices"
)

// Books are the sums of a ledger.
type Books struct {
	Operations map[string]Sums           `json:"operations"`
	Requests   map[string]map[string]int `json:"requests"` // by operation and outcome
	Repeats    []Repeat                  `json:"repeats"`  // the first of them
}

// Sums are those of one operation.
type Sums struct {
	Effects  int          `json:"effects"`  // that happened
	Subjects int          `json:"subjects"` // for how many different ones
	Repeated int          `json:"repeated"` // effects beyond the first of each subject
	Told     map[Told]int `json:"told"`     // all entries, those that never happened too
}

// Repeat is a subject for which an operation was done more than once.
type Repeat struct {
	Operation string `json:"operation"`
	Subject   string `json:"subject"`
	Times     int    `json:"times"`
}

// repeatsMax bounds how many repeats books name; their sum is whole.
const repeatsMax = 100

// Books adds up.
func (l *Ledger) Books() Books {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := Books{Operations: map[string]Sums{}, Requests: map[string]map[string]int{}, Repeats: []Repeat{}}
	for operation, outcomes := range l.requests {
		b.Requests[operation] = maps.Clone(outcomes)
	}
	for operation, sums := range l.sums {
		s := *sums
		s.Told = maps.Clone(sums.Told)
		b.Operations[operation] = s
	}
	for d := range l.repeated {
		b.Repeats = append(b.Repeats, Repeat{d.operation, d.subject, l.times[d]})
	}
	slices.SortFunc(b.Repeats, func(x, y Repeat) int {
		return cmp.Or(cmp.Compare(x.Operation, y.Operation), cmp.Compare(x.Subject, y.Subject))
	})
	b.Repeats = b.Repeats[:min(len(b.Repeats), repeatsMax)]
	return b
}
