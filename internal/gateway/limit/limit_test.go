package limit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// calls are when calls of a kind went, by a limiter that is asked again at once, for so long.
func calls(l *Limiter, kind string, lasts time.Duration) (at []time.Time) {
	for end := time.Now().Add(lasts); ; {
		free := l.FreeAt(kind, time.Now())
		if free.After(end) {
			return at
		}
		time.Sleep(time.Until(free))
		l.Take(kind, time.Now())
		at = append(at, time.Now())
	}
}

// mostIn is how many calls lie in any window of that length.
func mostIn(at []time.Time, window time.Duration) (most int) {
	for i, j := 0, 0; j < len(at); j++ {
		for at[j].Sub(at[i]) > window {
			i++
		}
		most = max(most, j-i+1)
	}
	return most
}

func TestNoWindowHasMoreCallsThanAreAllowedAndFewAreWasted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Settings{Party: Rate{PerSecond: 10, Burst: 5}, Kinds: map[string]Rate{"slow": {PerSecond: 0.5, Burst: 1}}}, time.Now())
		at := calls(l, "any", 24*time.Hour)
		for _, window := range []time.Duration{time.Second, time.Minute, time.Hour} {
			if most, allowed := mostIn(at, window), int(10*window.Seconds())+5; most > allowed {
				t.Errorf("%d calls in %v, %d are allowed", most, window, allowed)
			}
		}
		if n := len(at); n < 24*3600*10*95/100 {
			t.Errorf("%d calls in a day: the limit is not used", n)
		}
		if n := len(calls(l, "slow", time.Hour)); n > 1801 || n < 1710 {
			t.Errorf("%d calls of the slow kind in an hour", n)
		}
	})
}

// A process has the party for a while, and then another: together they are one.
func TestATakeoverSpendsNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		for range 50 {
			l := New(Settings{Kinds: map[string]Rate{"a": {PerSecond: 2, Burst: 20}}}, time.Now())
			at = append(at, calls(l, "a", time.Duration(rand.Int64N(int64(30*time.Second))))...)
		}
		if most := mostIn(at, time.Minute); most > 2*60+20 {
			t.Errorf("%d calls in a minute", most)
		}
	})
}

func TestTheLimiterLearnsWhatThePartySays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Settings{Kinds: map[string]Rate{"a": {PerSecond: 10, Burst: 10}}}, time.Now())
		time.Sleep(time.Minute)
		l.Learn("a", Report{Rate: Rate{PerSecond: 1, Burst: 1}}, time.Now())
		if n := len(calls(l, "a", time.Minute)); n > 62 {
			t.Errorf("%d calls in a minute, and the party said one a second", n)
		}
		if v := l.View("a", time.Now()); v.Set.PerSecond != 10 || v.Seen.PerSecond != 1 {
			t.Errorf("it shows %+v", v)
		}
		time.Sleep(seenFor)
		if n := len(calls(l, "a", time.Minute)); n < 590 {
			t.Errorf("%d calls in a minute: what was said long ago counts still", n)
		}
		time.Sleep(time.Minute)
		l.Learn("a", Report{Remaining: new(0)}, time.Now())
		if wait := time.Until(l.FreeAt("a", time.Now())); wait < 90*time.Millisecond {
			t.Errorf("nothing was left, and the next goes in %v", wait)
		}
		time.Sleep(time.Minute)
		l.Learn("a", Report{Cost: 11}, time.Now())
		if wait := time.Until(l.FreeAt("a", time.Now())); wait < 90*time.Millisecond {
			t.Errorf("a call cost all there was, and the next goes in %v", wait)
		}
	})
}

func TestARefusalHoldsTheKindAndSlowsItForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Settings{Kinds: map[string]Rate{"a": {PerSecond: 10, Burst: 1}, "b": {PerSecond: 10, Burst: 1}}}, time.Now())
		time.Sleep(time.Second)
		for range 20 { // that were under way together
			l.Refused("a", time.Minute, time.Now())
		}
		if wait := time.Until(l.FreeAt("a", time.Now())); wait < time.Minute {
			t.Errorf("the next goes in %v", wait)
		}
		if l.FreeAt("b", time.Now()).After(time.Now()) {
			t.Error("another kind is held too")
		}
		time.Sleep(time.Minute)
		if n := len(calls(l, "a", 10*time.Second)); n < 45 || n > 65 {
			t.Errorf("%d calls in the ten seconds after it, want half of 100", n)
		}
		time.Sleep(2 * time.Minute)
		if n := len(calls(l, "a", 10*time.Second)); n < 99 {
			t.Errorf("%d calls in ten seconds: it never heals", n)
		}
	})
}

func TestABurstIsDoneWhenItWasSaidToBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Settings{Kinds: map[string]Rate{"a": {PerSecond: 50, Burst: 10}}}, time.Now())
		held := make([]Held, 10_000)
		for i := range held {
			held[i] = Held{Kind: "a", Deadline: math.MaxInt64}
		}
		said := l.Forecast(held, 64, 200*time.Millisecond, func(string) time.Time { return time.Time{} }, time.Now())["a"].Drained
		for range held {
			time.Sleep(time.Until(l.FreeAt("a", time.Now())))
			l.Take("a", time.Now())
		}
		took := 200 * time.Millisecond // of the last
		off := said.Sub(time.Now().Add(took))
		t.Logf("10,000 calls at 50 a second: off by %v of 200 s", off)
		if off.Abs() > 40*time.Second {
			t.Errorf("off by %v", off)
		}
	})
}

// At 95 % load, in the same trace: one in five has to be done within half a minute.
func TestByDeadlineNoneIsMissedWhereByArrivalMany(t *testing.T) {
	run := func(deadlineOf func(Item[time.Time]) int64) (missed int) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			l := New(Settings{Kinds: map[string]Rate{"a": {PerSecond: 10, Burst: 1}}}, time.Now())
			var q Queue[time.Time]
			next, came := time.Now(), int64(0)
			for came < 20_000 || q.Len() > 0 {
				for ; came < 20_000 && !next.After(time.Now()); came++ {
					patience := 30 * time.Second
					if random.IntN(5) > 0 {
						patience = 10 * time.Minute
					}
					i := Item[time.Time]{Kind: "a", Came: came, Value: next.Add(patience), Deadline: next.Add(patience).UnixMilli()}
					i.Deadline = deadlineOf(i)
					q.Push(i)
					if came%4000 > 600 { // those before come in a rush, all at once
						next = next.Add(time.Duration(random.ExpFloat64() / 8 * float64(time.Second)))
					}
				}
				if q.Len() == 0 {
					time.Sleep(time.Until(next))
					continue
				}
				time.Sleep(time.Until(l.FreeAt("a", time.Now())))
				if due, ok := q.Pop(func(string, Priority) bool { return true }); ok {
					l.Take("a", time.Now())
					if time.Now().After(due) {
						missed++
					}
				}
			}
		})
		return missed
	}
	byDeadline, byArrival := run(func(i Item[time.Time]) int64 { return i.Deadline }), run(func(i Item[time.Time]) int64 { return i.Came })
	t.Logf("of 20,000: %d missed by deadline, %d by arrival", byDeadline, byArrival)
	if byDeadline > 0 || byArrival < 20_000*5/100 {
		t.Errorf("%d missed by deadline, %d by arrival", byDeadline, byArrival)
	}
}

func TestAcceptsGoBeforeStockAndStockIsNotStarved(t *testing.T) {
	var q Queue[string]
	for i := range 1000 {
		q.Push(Item[string]{Kind: "stock", Priority: Bulk, Came: int64(i), Value: "stock"})
		q.Push(Item[string]{Kind: "accept", Priority: Interactive, Came: int64(i), Value: "accept"})
	}
	got := map[string]int{}
	for range 1000 {
		v, _ := q.Pop(func(string, Priority) bool { return true })
		got[v]++
	}
	if got["stock"] != 100 || got["accept"] != 900 {
		t.Errorf("%v", got)
	}
	if v, _ := q.Pop(func(kind string, _ Priority) bool { return kind == "stock" }); v != "stock" {
		t.Errorf("a kind that may not go went: %v", v)
	}
	if Bulk.Share(64) >= Normal.Share(64) || Interactive.Share(64) != 64 || Bulk.Share(1) != 1 {
		t.Error("nothing is kept for the higher")
	}
}

func TestWhatWillBeLateIsSaidBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Settings{Party: Rate{PerSecond: 1, Burst: 1}}, time.Now())
		soon, later := time.Now().Add(10*time.Second).UnixMilli(), time.Now().Add(time.Hour).UnixMilli()
		var held []Held
		for i := range 20 {
			held = append(held, Held{Kind: fmt.Sprint("kind ", i%2), Deadline: soon}, Held{Kind: "bulk", Priority: Bulk, Deadline: later})
		}
		f := l.Forecast(held, 8, 0, func(string) time.Time { return time.Time{} }, time.Now())
		if all := f[""]; all.Missed < 9 || all.Missed > 11 || all.FirstMiss != soon {
			t.Errorf("it says %+v", all)
		}
		if f["bulk"].Missed != 0 || time.Until(f["bulk"].Drained) < 39*time.Second {
			t.Errorf("of the bulk it says %+v", f["bulk"])
		}
	})
}
