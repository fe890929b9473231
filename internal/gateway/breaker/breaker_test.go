package breaker

import (
	"fmt"
	"testing"
	"time"
)

var settings = Settings{AlikeMax: 3, RefusedMax: 6, Base: 10 * time.Second, Max: time.Minute}

func TestFailuresOfOneCauseOpenTheirSliceOnly(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	for i := range 3 {
		if open := b.Failed("book", nil, Passing, "timed out", "r", now); open != (i == 2) {
			t.Errorf("after %d it is open: %v", i+1, open)
		}
	}
	if at, ok := b.OpensAt("book"); !ok || at.Before(now.Add(5*time.Second)) || at.After(now.Add(10*time.Second)) {
		t.Errorf("the probe goes at %v", at)
	}
	if at, ok := b.OpensAt("track"); !ok || !at.IsZero() {
		t.Error("another kind waits too")
	}
}

func TestOtherCausesOrOneThatWorkedDoNotOpenIt(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	for i := range 20 {
		if b.Failed("book", nil, Passing, fmt.Sprint("cause ", i%2), "r", now) {
			t.Fatal("two causes in turn are one")
		}
	}
	for range 20 {
		b.Failed("book", nil, Passing, "a", "r", now)
		if b.Worked("book", nil); b.Of("book").State != Closed {
			t.Fatal("one that worked does not count")
		}
	}
}

func TestAProbeClosesItAndOneThatFailsOpensItForLonger(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	for range 3 {
		b.Failed("book", nil, Passing, "a", "r", now)
	}
	var waits []time.Duration
	for range 4 {
		at, _ := b.OpensAt("book")
		waits = append(waits, at.Sub(now))
		now = at
		b.Begin("book", nil)
		if _, ok := b.OpensAt("book"); ok {
			t.Fatal("two probes at a time")
		}
		b.Failed("book", nil, Passing, "a", "r", now)
	}
	if waits[3] < 30*time.Second || waits[3] > time.Minute {
		t.Errorf("it waited %v", waits)
	}
	b.Begin("book", nil)
	if b.Worked("book", nil); b.Of("book").State != Closed {
		t.Error("a probe that worked leaves it open")
	}
}

func TestRefusedCredentialsStopTheWholePartyAtOnce(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	b.Failed("book", nil, Password, "401", "who are you", now)
	if at, ok := b.OpensAt("track"); !ok || !at.After(now) || b.Party().Reason != "who are you" {
		t.Error("another kind goes on")
	}
	b.Begin("track", nil)
	b.Failed("track", nil, Password, "401", "who are you", now)
	if at, ok := b.OpensAt("track"); !ok || !at.After(now) {
		t.Error("a probe that is refused again leaves it open for the next")
	}
	b.Begin("track", nil)
	b.Failed("track", nil, Passing, "a", "r", now)
	if b.Party().State != Closed {
		t.Error("the probe's credentials were good, and it is open")
	}
}

func TestACallThatSaysNothingLeavesTheProbeToTheNext(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	for range 3 {
		b.Failed("book", nil, Passing, "a", "r", now)
	}
	b.Begin("book", nil)
	b.Skipped("book", nil, now)
	if at, ok := b.OpensAt("book"); !ok || at.After(now) {
		t.Error("nobody may try any more")
	}
}

func TestManyCallsThatAreWrongAlikeAreOneCauseUntilAnotherIsWrongOtherwise(t *testing.T) {
	b, now := New(settings), time.Unix(1000, 0)
	for i := range 6 {
		if open := b.Failed("book", nil, Refusal, "bad zip", "r", now); open != (i == 5) {
			t.Errorf("after %d it is open: %v", i+1, open)
		}
	}
	b.Begin("book", nil)
	if b.Failed("book", nil, Refusal, "no such article", "r", now) || b.Of("book").State != Closed {
		t.Error("the party deals with calls again, and nobody may send one")
	}
}
