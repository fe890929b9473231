package silence

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// foundWithin is how long after its time what is missing has to be said to be.
const foundWithin = time.Minute

// play lets sellers sell for so long, an order a minute and more each, of which every so many has something left out; the last of them falls silent
// before. Then it waits for the last of it.
func (w *world) play(selling time.Duration, each int) {
	bought := 0
	for i, party := range sellers {
		hourly, until := 84.0, selling
		if i == len(sellers)-1 {
			hourly, until = 60, selling*2/3
		}
		for at := time.Duration(0); at < until; at += time.Duration(w.random.ExpFloat64() / hourly * float64(time.Hour)) {
			omitted := ""
			if bought++; bought%each == 0 {
				omitted = omissions[bought/each%len(omissions)].kind
			}
			w.in(at, func() { w.buy(party, omitted) })
		}
	}
	w.every(lookTime, midnight.Add(selling), func() error { return w.sources.look(w.Context(), w.now) })
	w.every(sweepTime, midnight.Add(selling+time.Hour), w.sweep)
	end := midnight.Add(selling + 14*24*time.Hour)
	for _, u := range w.unheard {
		if u.told.within > 0 {
			w.every(u.told.between(), end, func() error { return u.told.look(w.Context(), w.now) })
		}
	}
	w.run(end)
}

// judge is what was found, by kind how many of how many in time, and the orders that were missed though nothing of them was left out.
func (w *world) judge() (found, seeded map[string]int, falsely []string) {
	found, seeded = map[string]int{}, map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(w.orders)) {
		l := w.orders[id]
		if l.omitted == "" && l.alarms != nil {
			falsely = append(falsely, fmt.Sprint(id, ": ", l.alarms))
		}
		if l.omitted == "" || l.due.IsZero() {
			continue
		}
		seeded[l.omitted]++
		if !l.found.IsZero() && !l.found.After(l.due.Add(foundWithin)) {
			found[l.omitted]++
		}
	}
	return found, seeded, falsely
}

// What is true is what was left out, not what was counted.
func TestWhatIsLeftOutOfAnOrdersLifeIsFoundAMinuteAfterItsTimeAndNothingElseIs(t *testing.T) {
	orders := 5000
	if wanted, err := strconv.Atoi(os.Getenv("WAYBILL_ORDERS")); err == nil {
		orders = wanted
	}
	w := newWorld(t, 8, usualWaits())
	w.play(time.Duration(float64(orders)/290*float64(time.Hour)), orders/200)
	found, seeded, falsely := w.judge()
	for _, o := range omissions {
		if seeded[o.kind] < 5 || found[o.kind] < seeded[o.kind] {
			t.Errorf("%s: %d of %d found", o.kind, found[o.kind], seeded[o.kind])
		}
	}
	last := midnight.Add(time.Duration(len(w.sold["corner"])) * time.Minute)
	isFound := false
	for _, s := range w.silences {
		if s.party == "corner" && s.at.After(last) && s.at.Sub(last) < 10*time.Minute {
			isFound = true
			continue
		}
		falsely = append(falsely, fmt.Sprintf("%s is silent at %s", s.party, s.at))
	}
	if !isFound {
		t.Errorf("the last order of one that falls silent came before %s, and found silent are %v", last, w.silences)
	}
	if len(w.orders) < orders || len(falsely)*1000 > len(w.orders) {
		t.Errorf("of %d orders, %d alarms are of what was not left out: %.10s", len(w.orders), len(falsely), falsely)
	}
	t.Logf("%d orders, %d kinds of omission and a silent source; %d false alarms: %s", len(w.orders), len(seeded), len(falsely), falsely)
}

// The test above fails if any expectation is gone: each kind is found by one of them alone.
func TestWithoutAnExpectationWhatItWaitsForIsNotFound(t *testing.T) {
	for name, c := range map[string]struct {
		without func(*waits)
		kinds   []string
	}{
		"ready":     {func(w *waits) { w.ready = 0 }, []string{"ready"}},
		"placed":    {func(w *waits) { w.placed = 0 }, []string{"customer", "order"}},
		"accepted":  {func(w *waits) { w.accepted = 0 }, []string{"accept"}},
		"scan":      {func(w *waits) { w.scan = 0 }, []string{"scan"}},
		"news":      {func(w *waits) { w.news = 0 }, []string{"news"}},
		"confirmed": {func(w *waits) { w.confirmed = 0 }, []string{"amend", "book", "cancel", "complete", "delivered", "print", "status", "tracking", "void"}},
		"shipped":   {func(w *waits) { w.shipped = 0 }, []string{"ship"}},
	} {
		t.Run(name, func(t *testing.T) {
			within := usualWaits()
			c.without(&within)
			w := newWorld(t, 3, within)
			w.play(2*time.Hour, 5)
			found, seeded, _ := w.judge()
			var not []string
			for kind := range seeded {
				if found[kind] == 0 {
					not = append(not, kind)
				}
			}
			if slices.Sort(not); len(seeded) != len(omissions) || !slices.Equal(not, c.kinds) {
				t.Errorf("not found are %q of %d kinds, want %q", not, len(seeded), c.kinds)
			}
		})
	}
}
