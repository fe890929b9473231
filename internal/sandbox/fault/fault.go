// Package fault decides what goes wrong at a party: seeded, by rules, one decision a request. It knows kinds of faults and chance,
// no party and no HTTP: who asks it does what it says.
package fault

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Kind is a stable name of something that goes wrong.
type Kind string

// What can go wrong with an answer, and with a push. Those that speak of an effect strike only what has one.
const (
	Latency Kind = "latency" // the answer, or the push, comes after up to so many seconds; joins any other fault
	Storm   Kind = "storm"   // 429 with Retry-After for all of the operation's requests, for so many seconds
	Down    Kind = "down"    // 500 or 503, and nothing is done
	Gateway Kind = "gateway" // it is done, and 502 or 504 is answered
	Drop    Kind = "drop"    // it is done, and the connection is closed without an answer
	Late    Kind = "late"    // the connection is closed without an answer, and it is done so many seconds later
	Ignore  Kind = "ignore"  // success is answered, and nothing is done
	Wrong   Kind = "wrong"   // it is done, and the answer is a proxy's page, half of itself, nothing, or another's form

	Duplicate Kind = "duplicate" // the push is sent twice
	Reorder   Kind = "reorder"   // the push is held back for up to so many seconds, and later ones overtake it
	Omit      Kind = "omit"      // the push is never sent
)

// Ability says which kinds can strike an operation.
type Ability []Kind

// What can strike what.
var (
	Reading = Ability{Latency, Storm, Down, Gateway, Drop, Wrong}
	Acting  = Ability{Latency, Storm, Down, Gateway, Drop, Late, Ignore, Wrong}
	Pushing = Ability{Latency, Duplicate, Reorder, Omit}

	Committing = Ability{Latency, Storm, Down, Gateway, Drop, Late, Wrong} // acting, where a success is never a lie
)

// Any stands in a rule for every party, or every operation.
const Any = "*"

// Rule says how often a fault strikes an operation. Seconds mean what the kind says.
type Rule struct {
	Party       string  `json:"party"`
	Operation   string  `json:"operation"`
	Fault       Kind    `json:"fault"`
	Probability float64 `json:"probability"`
	Seconds     float64 `json:"seconds"`
}

// The most that rules may say.
const (
	RulesMax   = 200
	secondsMax = 600
)

// Operations is by party what can be done there, and what can go wrong with it.
type Operations map[string]map[string]Ability

// Check returns what is wrong with rules, in words for who wrote them.
func Check(rules []Rule, known Operations) error {
	if len(rules) > RulesMax {
		return fmt.Errorf("%d rules: %d are allowed", len(rules), RulesMax)
	}
	for i, r := range rules {
		if err := r.check(known); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return nil
}

func (r Rule) check(known Operations) error {
	operations := map[string]Ability{}
	for party, its := range known {
		if r.Party == Any || r.Party == party {
			maps.Copy(operations, its)
		}
	}
	switch {
	case len(operations) == 0:
		return fmt.Errorf("no party %q; there are: %s, and %s for all", r.Party, sorted(known), Any)
	case r.Operation != Any && operations[r.Operation] == nil:
		return fmt.Errorf("no operation %q; there are: %s, and %s for all", r.Operation, sorted(operations), Any)
	case !(r.Probability >= 0 && r.Probability <= 1): // so that NaN is refused too
		return fmt.Errorf("probability %v: give a number from 0 to 1", r.Probability)
	case !(r.Seconds >= 0 && r.Seconds <= secondsMax):
		return fmt.Errorf("seconds %v: give a number from 0 to %d", r.Seconds, secondsMax)
	case r.Fault == Storm && math.Ceil(r.Seconds) == 0:
		return fmt.Errorf("a storm needs seconds")
	}
	for name, ability := range operations {
		if (r.Operation == Any || r.Operation == name) && slices.Contains(ability, r.Fault) {
			return nil
		}
	}
	return fmt.Errorf("no operation of %q that is %q can have the fault %q; faults are: %s", r.Party, r.Operation, r.Fault, kinds())
}

func kinds() string {
	var all []string
	for _, kind := range append(slices.Clone(Acting), Pushing[1:]...) {
		all = append(all, string(kind))
	}
	return strings.Join(all, ", ")
}

func sorted[V any](of map[string]V) string { return strings.Join(slices.Sorted(maps.Keys(of)), ", ") }
