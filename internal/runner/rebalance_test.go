package runner

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"waybill/processors"
)

// feed puts n messages of each of so many keys, in order, and answers what each key is to say.
func (r *rig) feed(keys, from, n int) (want map[string][]string) {
	r.t.Helper()
	want = map[string][]string{}
	for i := from; i < from+n; i++ {
		for k := range keys {
			r.put(toyMessage(toyIn, key(k), fmt.Sprint(i)))
		}
	}
	for k := range keys {
		for i := range from + n {
			want[key(k)] = append(want[key(k)], fmt.Sprint(i))
		}
	}
	return want
}

// saidOnce checks that each key said exactly this, and that the table counts the same.
func (r *rig) saidOnce(step processors.Processor, want map[string][]string) {
	r.t.Helper()
	said := r.said()
	for key, all := range want {
		if !slices.Equal(said[key], all) {
			r.t.Errorf("%s says %d things, want %d: %q", key, len(said[key]), len(all), said[key])
		}
		if state := r.state(step, key); int(state.Events) != len(all) {
			r.t.Errorf("the table has counted %d events of %s, want %d", state.Events, key, len(all))
		}
	}
}

// gate lets a test hold the toy in the middle of a batch.
type gate struct {
	once    sync.Once
	reached chan struct{}
	open    chan struct{}
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) wait() {
	g.once.Do(func() { close(g.reached) })
	<-g.open
}

func TestNothingIsLostOrDoubledWhenAMemberJoinsInMidBatch(t *testing.T) {
	r := newRig(t)
	held := newGate()
	slow := &toy{before: func(_, body string) {
		if body == "7" {
			held.wait()
		}
	}}
	step := r.toyTopics(slow)
	r.feed(10, 0, 10)
	r.start(step, "1")
	<-held.reached
	second := r.start((&toy{}).step(), "2")
	r.await("the second has asked to join", func() bool { return len(r.members(step)) == 2 })
	close(held.open)
	r.feed(10, 10, 5)
	r.await("the second is ready", func() bool { return second.Ready() == nil })
	want := r.feed(10, 15, 5)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestNothingIsLostOrDoubledWhenMembersComeAndGoUnderLoad(t *testing.T) {
	r := newRig(t)
	r.limits.BatchRecordsMax = 20
	r.limits.SessionMax = time.Second
	step := r.toyTopics(&toy{})
	r.start(step, "1")
	stop := func() {}
	var want map[string][]string
	for round := range 6 {
		r.feed(15, 6*round, 3)
		stop()
		m := r.start(step, fmt.Sprint("other ", round))
		stop = m.stop
		want = r.feed(15, 6*round+3, 3)
	}
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestAMemberThatWasIdleThroughManyRebalancesKnowsWhatTheOthersWrote(t *testing.T) {
	r := newRig(t)
	r.limits.SessionMax = time.Second
	step := r.toyTopics(&toy{})
	first := r.start(step, "1")
	r.await("the first is ready", func() bool { return first.Ready() == nil })
	second := r.start(step, "2")
	r.await("both are members", func() bool { return len(r.members(step)) == 2 && second.Ready() == nil && first.Ready() == nil })
	third := r.start(step, "3")
	r.await("all are members", func() bool { return len(r.members(step)) == 3 && third.Ready() == nil && first.Ready() == nil })
	r.feed(10, 0, 4) // each partition has one owner now
	r.awaitRead(step)
	second.stop()
	third.stop()
	r.await("the first is alone", func() bool { return len(r.members(step)) == 1 && first.Ready() == nil })
	want := r.feed(10, 4, 4)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestAProcessThatTakesTheNameOfOneThatHangsGoesOnAtOnce(t *testing.T) {
	r := newRig(t)
	r.limits.SessionMax = 30 * time.Second
	held := newGate()
	hanging := &toy{before: func(_, body string) {
		if body == "3" {
			held.wait()
		}
	}}
	step := r.toyTopics(hanging)
	want := r.feed(5, 0, 6)
	r.start(step, "1")
	<-held.reached
	r.dir = t.TempDir()
	r.start((&toy{}).step(), "1")
	r.awaitRead(step)
	close(held.open)
	want2 := r.feed(5, 6, 2)
	r.awaitRead(step)
	_ = want
	r.saidOnce(step, want2)
}

func TestWhoeverStopsInGoodOrderIsNotWaitedFor(t *testing.T) {
	r := newRig(t)
	r.limits.SessionMax = 50 * time.Second
	step := r.toyTopics(&toy{})
	first := r.start(step, "1")
	second := r.start(step, "2")
	r.await("both are members", func() bool { return len(r.members(step)) == 2 && second.Ready() == nil && first.Ready() == nil })
	r.feed(10, 0, 3)
	second.stop()
	if members := r.members(step); len(members) != 1 {
		t.Errorf("%d members are left, not one: the first waits for the second's session to end", len(members))
	}
	want := r.feed(10, 3, 3)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestWhoeverWasReplacedDoesNotPutItsSuccessorOut(t *testing.T) {
	r := newRig(t)
	r.limits.SessionMax = 50 * time.Second
	held := newGate()
	step := r.toyTopics(&toy{before: func(_, body string) {
		if body == "3" {
			held.wait()
		}
	}})
	r.feed(5, 0, 6)
	former := r.start(step, "1")
	<-held.reached
	r.dir = t.TempDir()
	successor := r.start((&toy{}).step(), "1")
	r.await("the successor works", func() bool { return successor.Ready() == nil })
	members := r.members(step)
	former.cancel()
	close(held.open)
	former.stop()
	if now := r.members(step); !slices.Equal(now, members) {
		t.Errorf("the members were %v and are %v", members, now)
	}
}
