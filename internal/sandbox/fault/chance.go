package fault

import (
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"waybill/internal/sandbox/wire"
)

// Chance decides, by rules that can be exchanged at any time. The same seed, rules and number of requests of an operation give
// the same decision; only how long a storm blows is a matter of the clock. For concurrent use.
type Chance struct {
	seed uint64
	now  func() time.Time

	mu     sync.Mutex
	rules  []Rule
	asked  map[string]uint64    // by operation
	storms map[string]time.Time // by operation, until when
	struck map[Struck]int
}

// Struck names what struck.
type Struck struct {
	Party, Operation string
	Fault            Kind
}

// Blow is what is to go wrong with one request or push.
type Blow struct {
	Kind Kind          // empty: nothing
	Wait time.Duration // before anything else is done
	For  time.Duration // how long, where the kind has a duration
	Dice *wire.Dice    // for whatever the kind leaves open
}

// New decides by no rules at first. The clock says how long storms blow.
func New(seed uint64, now func() time.Time) *Chance {
	c := &Chance{seed: seed, now: now}
	c.Use(nil)
	return c
}

// Use takes other rules, which Check has found right, and counts from one again.
func (c *Chance) Use(rules []Rule) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rules = slices.Clone(rules)
	c.asked, c.storms, c.struck = map[string]uint64{}, map[string]time.Time{}, map[Struck]int{}
}

// Rules are those in use.
func (c *Chance) Rules() []Rule {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Rule{}, c.rules...)
}

// Struck counts what struck since the rules are in use.
func (c *Chance) Struck() map[Struck]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := make(map[Struck]int, len(c.struck))
	for what, n := range c.struck {
		counts[what] = n
	}
	return counts
}

// Next decides about the next request of an operation. The first rule that strikes, in their order, is the one; latency aside.
func (c *Chance) Next(party, operation string, can Ability) Blow {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := party + " " + operation
	c.asked[name]++
	b := Blow{Dice: wire.Throw(c.seed, digest(name), c.asked[name])}
	for i, r := range c.rules {
		if !r.isFor(party, operation) || !slices.Contains(can, r.Fault) {
			continue
		}
		d := wire.Throw(c.seed, digest(name), c.asked[name], uint64(i)+1)
		if !strikes(d, r.Probability) {
			continue
		}
		upTo := seconds(r.Seconds)
		if r.Fault == Latency {
			b.Wait += part(d, upTo)
			c.struck[Struck{party, operation, Latency}]++
			continue
		}
		if b.Kind == "" {
			b.Kind, b.For = r.Fault, upTo
			if r.Fault == Reorder {
				b.For = part(d, upTo)
			}
		}
	}
	c.blow(name, &b)
	if b.Kind != "" {
		c.struck[Struck{party, operation, b.Kind}]++
	}
	return b
}

// blow lets a storm begin, or go on.
func (c *Chance) blow(name string, b *Blow) {
	now := c.now()
	switch until := c.storms[name]; {
	case now.Before(until):
		b.Kind, b.For = Storm, until.Sub(now)
	case b.Kind == Storm:
		c.storms[name] = now.Add(b.For)
	}
}

func (r Rule) isFor(party, operation string) bool {
	return (r.Party == Any || r.Party == party) && (r.Operation == Any || r.Operation == operation)
}

func strikes(d *wire.Dice, probability float64) bool {
	return float64(d.Next()>>11)/(1<<53) < probability
}

// part is anything from nothing to a duration.
func part(d *wire.Dice, upTo time.Duration) time.Duration {
	return time.Duration(float64(d.Next()>>11) / (1 << 53) * float64(upTo))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func digest(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return h.Sum64()
}
