package breaker

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// outage is an hour of calls at a party, of which one storefront or one article fails for a while, beside failures of no cause in common.
type outage struct {
	random   *rand.Rand
	guilty   string
	f        Failure
	from, to time.Duration
	breaker  *Breaker

	healthy, held int           // calls that are not in the guilty part, and those of them that had to wait
	failed        int           // calls in it that were let through and failed
	opened        time.Duration // how long after its begin it was held
	after         int           // calls in it that were let through after it was over
}

const (
	storefronts = 12
	articles    = 12 // so that the rarest part has eight calls a second: it takes 20 that are refused alike
	callEvery   = 10 * time.Millisecond
	lasts       = 5 * time.Minute
	answerAfter = 20 // calls that are under way at once
)

func newOutage(seed uint64) *outage {
	random := rand.New(rand.NewPCG(seed, 1))
	o := &outage{random: random, guilty: fmt.Sprint("storefront ", random.IntN(storefronts)), f: []Failure{Passing, Refusal}[random.IntN(2)]}
	if random.IntN(2) == 0 {
		o.guilty = fmt.Sprint("article ", random.IntN(articles))
	}
	o.from = time.Duration(random.IntN(30)) * time.Second
	o.to = o.from + time.Duration(30+random.IntN(60))*time.Second
	o.breaker = New(Settings{AlikeMax: 5, RefusedMax: 20, Base: 5 * time.Second, Max: 2 * time.Minute})
	return o
}

// call is one under way.
type call struct {
	parts []string
	fails bool
}

// play lets the calls go one after the other, each answered while later ones are under way.
func (o *outage) play() {
	var underWay []call
	began := time.Unix(0, 0)
	for at := time.Duration(0); at < lasts; at += callEvery {
		now := began.Add(at)
		if len(underWay) == answerAfter {
			o.answer(underWay[0], now)
			underWay = underWay[1:]
		}
		c := call{parts: []string{fmt.Sprint("storefront ", o.random.IntN(storefronts)), fmt.Sprint("article ", o.random.IntN(articles))}}
		isGuilty := c.parts[0] == o.guilty || c.parts[1] == o.guilty
		_, _, held := o.breaker.Held("order", c.parts, now)
		opens, ok := o.breaker.OpensAt("order")
		held = held || !ok || opens.After(now)
		switch {
		case !isGuilty:
			if o.healthy++; held {
				o.held++
			}
		case held && o.opened == 0 && at >= o.from:
			o.opened = at - o.from
		case !held && at >= o.to:
			o.after++
		}
		if c.fails = isGuilty && at >= o.from && at < o.to; !held {
			o.breaker.Begin("order", c.parts)
			underWay = append(underWay, c)
		}
	}
}

func (o *outage) answer(c call, now time.Time) {
	switch {
	case c.fails:
		o.failed++
		o.breaker.Failed("order", c.parts, o.f, "no such thing", "r", now)
	case o.random.IntN(200) == 0:
		o.breaker.Failed("order", c.parts, Refusal, fmt.Sprint("bad address ", o.random.IntN(3)), "r", now)
	default:
		o.breaker.Worked("order", c.parts)
	}
}

func TestWhatFailsIsHeldAndAtMostOneHealthyCallInAHundred(t *testing.T) {
	healthy, held, slowest := 0, 0, time.Duration(0)
	for seed := range uint64(50) {
		o := newOutage(seed)
		o.play()
		if o.opened == 0 || o.opened > 5*time.Second+answerAfter*callEvery {
			t.Errorf("seed %d: %s was held after %s", seed, o.guilty, o.opened)
		}
		if o.failed > 20+answerAfter+40 { // until it opened, those under way then, and a probe now and then
			t.Errorf("seed %d: %d calls of %s failed", seed, o.failed, o.guilty)
		}
		if share := float64(o.held) / float64(o.healthy); share > 0.01 {
			t.Errorf("seed %d: %.2f %% of the healthy calls were held by %s", seed, 100*share, o.guilty)
		}
		if o.after == 0 {
			t.Errorf("seed %d: %s is held though it works again", seed, o.guilty)
		}
		healthy, held, slowest = healthy+o.healthy, held+o.held, max(slowest, o.opened)
	}
	t.Logf("%d of %d healthy calls were held (%.4f %%), the slowest outage was held after %s", held, healthy, 100*float64(held)/float64(healthy), slowest)
}

func TestAKindIsHeldWhereFailuresHaveNothingInCommon(t *testing.T) {
	b := New(Settings{AlikeMax: 5, RefusedMax: 20, Base: time.Minute, Max: time.Hour})
	now := time.Unix(0, 0)
	for n := range 5 {
		b.Failed("order", []string{fmt.Sprint("storefront ", n%2), fmt.Sprint("article ", n)}, Passing, "503", "closed for repair", now)
	}
	if v := b.Of("order"); v.State != Open || len(b.Parts("order")) != 0 {
		t.Errorf("the kind is %+v, its parts %v", v, b.Parts("order"))
	}
}

func TestThePartsOfAKindThatOnceFailedDoNotFillTheMemory(t *testing.T) {
	b := New(Settings{AlikeMax: 5, RefusedMax: 20, Base: time.Minute, Max: time.Hour})
	now := time.Unix(0, 0)
	for range 20 {
		b.Failed("order", []string{"article bad"}, Refusal, "no such article", "r", now)
	}
	for n := range 3 * partsMax {
		b.Failed("order", []string{fmt.Sprint("article ", n)}, Refusal, fmt.Sprint(n), "r", now)
	}
	if kept := len(b.of("order").parts); kept > partsMax {
		t.Errorf("%d parts are kept", kept)
	}
	if _, _, held := b.Held("order", []string{"article bad"}, now); !held {
		t.Error("the one that is open was forgotten")
	}
}

// A call that fails as the probe of an account and of a storefront in it says nothing of the account's other storefronts: one of them may try.
func TestAProbeThatFailsInANarrowerPartLeavesTheWiderOneToTheNext(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	in := func(storefront string) []string { return []string{"account", storefront} }
	for i := range 6 { // in two storefronts, so that the account is to blame
		b.Failed("order", in(fmt.Sprint("storefront ", i%2)), Passing, "a", "r", now)
	}
	if b.Parts("order")["account"].State != Open {
		t.Fatalf("the account is not held: %+v", b.Parts("order"))
	}
	for range 6 { // those that were under way
		b.Failed("order", in("storefront 0"), Passing, "a", "r", now)
	}
	if b.Parts("order")["storefront 0"].State != Open {
		t.Fatalf("the storefront is not held: %+v", b.Parts("order"))
	}
	now = now.Add(settings.Max)
	b.Begin("order", in("storefront 0"))
	b.Failed("order", in("storefront 0"), Passing, "a", "r", now)
	if part, until, held := b.Held("order", in("storefront 1"), now); held {
		t.Fatalf("%s is held until %v, and nobody is its probe", part, until)
	}
	b.Begin("order", in("storefront 1"))
	b.Worked("order", in("storefront 1"))
	if _, _, held := b.Held("order", in("storefront 1"), now); held {
		t.Error("it works, and is held")
	}
}
