// Package ledger keeps the books of a party: what was really done there, told or not. They are read to prove that whoever asked
// did nothing twice, so the party enters an effect in the moment in which it happens. It knows no party.
package ledger

import (
	"slices"
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

// effectsMax bounds how many effects are kept one by one; sums stay whole beyond it.
const effectsMax = 5_000_000

// Ledger is a party's books. For concurrent use. It takes some 300 bytes an effect; the party bounds for how many subjects there are any.
type Ledger struct {
	now func() time.Time

	mu       sync.Mutex
	effects  []Effect
	times    map[deed]int // how often it happened
	repeated map[deed]bool
	sums     map[string]*Sums
	requests map[string]map[string]int
}

type deed struct{ operation, subject string }

// New is an empty ledger.
func New(now func() time.Time) *Ledger {
	return &Ledger{now: now, times: map[deed]int{}, repeated: map[deed]bool{}, sums: map[string]*Sums{}, requests: map[string]map[string]int{}}
}

// Enter notes an effect.
func (l *Ledger) Enter(operation, subject, result string, told Told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.effects) < effectsMax {
		l.effects = append(l.effects, Effect{
			Number: len(l.effects) + 1, At: l.now().UTC(), Operation: operation, Subject: subject, Result: result, Told: told,
		})
	}
	s := l.sums[operation]
	if s == nil {
		s = &Sums{Told: map[Told]int{}}
		l.sums[operation] = s
	}
	s.Told[told]++
	if told.Happened() {
		l.count(s, deed{operation, subject})
	}
}

func (l *Ledger) count(s *Sums, d deed) {
	s.Effects++
	l.times[d]++
	if l.times[d] == 1 {
		s.Subjects++
		return
	}
	s.Repeated++
	l.repeated[d] = true
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

// Effects are all that are kept after a number, in order.
func (l *Ledger) Effects(after int) []Effect {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.effects[min(max(after, 0), len(l.effects)):])
}

// Times is how often an operation was done for a subject.
func (l *Ledger) Times(operation, subject string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.times[deed{operation, subject}]
}
