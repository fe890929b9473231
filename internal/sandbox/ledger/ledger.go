// Package ledger keeps the books of a party: what was really done there, told or not. They are read to prove that whoever asked
// did nothing twice, so the party enters an effect in the moment in which it happens. It knows no party.
package ledger

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Told is what who asked came to know of an effect.
type Told string

// What can be told of an effect. Ignored is none: it was told and never happened.
const (
	Answered Told = "answered" // success
	Dropped  Told = "dropped"  // nothing: the connection was closed
	Late     Told = "late"     // nothing: it happened after the connection was closed
	Garbled  Told = "garbled"  // something else than the answer
	Ignored  Told = "ignored"  // success, although nothing happened
	Omitted  Told = "omitted"  // nothing: a push that was never sent
	Failed   Told = "failed"   // a push that its receiver refused to the end, or that found no place
)

// Happened says that an effect took place.
func (t Told) Happened() bool { return t != Ignored && t != Omitted && t != Failed }

// Effect is something that was done at the party, or was told to be.
type Effect struct {
	Number    int       `json:"number"` // from 1
	At        time.Time `json:"at"`
	Operation string    `json:"operation"`
	Subject   string    `json:"subject"` // what it was done to or for: twice for one subject is once too often
	Result    string    `json:"result"`  // what came of it: an id
	Told      Told      `json:"told"`
}

// Ledger is a party's books. For concurrent use. It takes some 200 bytes an effect; the party bounds how many there are.
type Ledger struct {
	now func() time.Time

	mu       sync.Mutex
	effects  []Effect
	times    map[string]int // by operation and subject, how often it happened
	requests map[string]map[string]int
}

// New is an empty ledger.
func New(now func() time.Time) *Ledger {
	return &Ledger{now: now, times: map[string]int{}, requests: map[string]map[string]int{}}
}

// Enter notes an effect.
func (l *Ledger) Enter(operation, subject, result string, told Told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.effects = append(l.effects, Effect{
		Number: len(l.effects) + 1, At: l.now().UTC(), Operation: operation, Subject: subject, Result: result, Told: told,
	})
	if told.Happened() {
		l.times[operation+" "+subject]++
	}
}

// Asked counts a request by how it ended: a status, or the name of a fault.
func (l *Ledger) Asked(operation, outcome string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.requests[operation] == nil {
		l.requests[operation] = map[string]int{}
	}
	l.requests[operation][outcome]++
}

// Effects are all that were entered after a number, in order.
func (l *Ledger) Effects(after int) []Effect {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.effects[min(max(after, 0), len(l.effects)):])
}

// Times is how often an operation was done for a subject.
func (l *Ledger) Times(operation, subject string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.times[operation+" "+subject]
}

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
	for _, e := range l.effects {
		s := b.Operations[e.Operation]
		if s.Told == nil {
			s.Told = map[Told]int{}
		}
		s.Told[e.Told]++
		if e.Told.Happened() {
			s.Effects++
		}
		b.Operations[e.Operation] = s
	}
	for what, times := range l.times {
		operation, subject, _ := strings.Cut(what, " ")
		s := b.Operations[operation]
		s.Subjects++
		s.Repeated += times - 1
		b.Operations[operation] = s
		if times > 1 {
			b.Repeats = append(b.Repeats, Repeat{operation, subject, times})
		}
	}
	slices.SortFunc(b.Repeats, func(x, y Repeat) int {
		return strings.Compare(x.Operation+" "+x.Subject, y.Operation+" "+y.Subject)
	})
	b.Repeats = b.Repeats[:min(len(b.Repeats), repeatsMax)]
	return b
}
