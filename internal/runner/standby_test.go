package runner

import (
	"path/filepath"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/internal/table"
	"waybill/processors"
)

// newcomer is a process that is about to ask for its share, and its table.
func (r *rig) newcomer(step processors.Processor, deployment, instance string) *session {
	r.t.Helper()
	store, err := table.Open(filepath.Join(r.t.TempDir(), "table"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = store.Close() })
	run := New(Config{Kafka: r.kafka, Deployment: deployment, Instance: instance, Log: quiet(), Limits: r.limits, Views: r.views}, step, r.registry)
	s := &session{Runner: run, store: store}
	s.owned = newOwned(r.t.Context(), s)
	return s
}

// lacks is how many records of the table a process has not read.
func (r *rig) lacks(s *session) int64 {
	r.t.Helper()
	_, records, err := s.behind(r.t.Context(), kadm.NewClient(r.client()))
	if err != nil {
		r.t.Fatal(err)
	}
	return records
}

func TestAProcessReadsItsTableBeforeItTakesAShareIfOthersDoTheWork(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.feed(20, 0, 3)
	r.start(step, "1")
	r.awaitRead(step)
	for _, c := range []struct {
		name, deployment, instance string
		reads                      bool
	}{
		{"others work", "test", "2", true},
		{"nobody works", "alone", "2", false},
		{"it comes back", "test", "1", false},
	} {
		s := r.newcomer(step, c.deployment, c.instance)
		all := r.lacks(s)
		if err := s.warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := r.lacks(s); all == 0 || (left == 0) != c.reads || !c.reads && left != all {
			t.Errorf("%s: of %d records it lacks %d", c.name, all, left)
		}
	}
}

func TestACopyOfWhatOthersOwnFollowsThemAndTakesOverWithoutALoss(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	first := r.start(step, "1")
	r.await("the first is ready", func() bool { return first.Ready() == nil })
	second := r.start(step, "2")
	r.await("both are members", func() bool { return len(r.members(step)) == 2 && second.Ready() == nil && first.Ready() == nil })
	r.feed(30, 0, 10)
	r.awaitRead(step)
	r.await("the copies have followed", func() bool {
		return valueOf(first.metrics.standby) > 0 && valueOf(second.metrics.standby) > 0
	})
	first.stop()
	want := r.feed(30, 10, 3)
	r.awaitRead(step)
	r.saidOnce(step, want)
}

func TestAProcessTakesNoShareBeforeItsViewsAreReady(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(false)
	first := r.start(step, "1")
	r.await("the first is ready", func() bool { return first.Ready() == nil })
	var late drawer
	late.closed.Store(true)
	r.views = []View{&late}
	second := r.start(step, "2")
	want := r.feed(10, 0, 5)
	r.awaitRead(step) // by the first, though the second is there
	if members := r.members(step); len(members) != 1 || second.Ready() == nil {
		t.Errorf("members are %v, and the second is ready", members)
	}
	late.closed.Store(false)
	r.await("the second has a share", func() bool { return len(r.members(step)) == 2 && second.Ready() == nil })
	r.saidOnce(step, want)
	_ = toy
}
