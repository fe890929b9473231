package parcel

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestALifeIsTheSameForTheSameSeed(t *testing.T) {
	different := 0
	for n := range 200 {
		number := fmt.Sprint("P", n)
		one := lifeOf(7, number, false)
		if !slices.Equal(one, lifeOf(7, number, false)) {
			t.Fatalf("%s lives twice", number)
		}
		if !slices.Equal(one, lifeOf(8, number, false)) {
			different++
		}
	}
	if different < 190 {
		t.Errorf("another seed changes %d of 200 lives", different)
	}
}

func TestALifeGoesOnMinuteByMinuteAndEndsWithinEightDays(t *testing.T) {
	for n := range 5000 {
		steps := lifeOf(1, fmt.Sprint(n), n%4 == 0)
		for i, s := range steps[1:] {
			if s.after < steps[i].after+60 {
				t.Fatalf("%d: %+v", n, steps)
			}
		}
		last := steps[len(steps)-1]
		if steps[0] != (step{Announced, 0, origin}) || !statuses[last.kind].Ended() || last.after > 8*24*60 || len(steps) > 15 {
			t.Fatalf("%d: %+v", n, steps)
		}
		for _, s := range steps[:len(steps)-1] {
			if statuses[s.kind].Ended() {
				t.Fatalf("%d goes on after its end: %+v", n, steps)
			}
		}
	}
}

func TestMostParcelsArriveAtOnceAndAFewNever(t *testing.T) {
	const all = 20_000
	ends, with := map[Status]int{}, map[Kind]int{}
	for n := range all {
		steps := lifeOf(3, fmt.Sprint(n), false)
		ends[statuses[steps[len(steps)-1].kind]]++
		seen := map[Kind]bool{}
		for _, s := range steps {
			seen[s.kind] = true
		}
		for kind := range seen {
			with[kind]++
		}
	}
	for what, is := range map[string][3]int{ // found, per mille from, to
		"delivered":     {ends[StatusDelivered], 940, 960},
		"returned":      {ends[StatusReturned], 34, 46},
		"lost":          {ends[StatusLost], 7, 13},
		"failed":        {with[Failed], 88, 112}, // first attempts, and half of the returned
		"collected":     {with[Collected], 43, 57},
		"not collected": {with[NotCollected], 15, 25},
		"troubled":      {with[Damaged] + with[Held], 15, 25},
		"neighbour":     {with[Neighbour], 50, 90},
	} {
		if perMille := is[0] * 1000 / all; perMille < is[1] || perMille > is[2] {
			t.Errorf("%s: %d of a thousand", what, perMille)
		}
	}
}

func TestWhatIsSentToALockerIsCollectedThereOrComesBack(t *testing.T) {
	for n := range 2000 {
		for _, s := range lifeOf(5, fmt.Sprint(n), true) {
			if slices.Contains([]Kind{Delivered, Neighbour, Failed}, s.kind) {
				t.Fatalf("%d: %s", n, s.kind)
			}
		}
	}
}

func TestTheCalendarRunsAsFastAsItIsToldAndNeverGoesBack(t *testing.T) {
	clock := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c := NewCalendar(func() time.Time { return clock })
	clock = clock.Add(time.Hour)
	if !c.Now().Equal(clock) || c.Takes(time.Hour) != time.Hour {
		t.Errorf("at its own pace: %v", c.Now())
	}
	if err := c.Pace(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	before := c.Now()
	clock = clock.Add(3 * time.Second)
	if got := c.Now().Sub(before); got != 36*time.Hour {
		t.Errorf("three seconds were %v", got)
	}
	if c.Takes(48*time.Hour) != 4*time.Second {
		t.Errorf("48 hours take %v", c.Takes(48*time.Hour))
	}
	before = c.Now()
	if err := c.Pace(Day); err != nil || !c.Now().Equal(before) {
		t.Errorf("%v: went from %v to %v", err, before, c.Now())
	}
	for _, wrong := range []time.Duration{0, -time.Second, time.Millisecond, 25 * time.Hour} {
		if c.Pace(wrong) == nil {
			t.Errorf("a day of %v", wrong)
		}
	}
}
