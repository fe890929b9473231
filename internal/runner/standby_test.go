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
	_, records, err := s.behind(r.t.Context(), kadm.NewClient(r.client()), nil, "range")
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

// One of several copies what would be its own if another were gone, and nothing else; beside those of an older version it copies all.
func TestAProcessCopiesOnlyWhatItWouldTakeOver(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.feed(60, 0, 3)
	for _, instance := range []string{"1", "2", "3"} {
		r.start(step, instance)
	}
	s := r.newcomer(step, "test", "4")
	r.await("all have their share", func() bool {
		members, shared := s.members(t.Context(), kadm.NewClient(r.client()))
		return len(members) == 3 && shared == protocol
	})
	r.awaitRead(step)
	if err := s.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	copied := heirlooms(partitions, []string{"1", "2", "3", "4"}, "4")
	for n := range int32(partitions) {
		if at, err := s.store.Checkpoint(n); err != nil || (at > 0) != copied[n] {
			t.Errorf("partition %d was read up to %d, %v; it is to be copied: %v", n, at, err, copied[n])
		}
	}
	if len(copied) == 0 || len(copied) == partitions {
		t.Errorf("of %d partitions %d are copied, which shows nothing", partitions, len(copied))
	}
	if left, _, err := s.behind(t.Context(), kadm.NewClient(r.client()), []string{"1", "2", "3", "4"}, "range"); err != nil || len(left) != partitions-len(copied) {
		t.Errorf("beside an older version it lacks %v, %v", left, err)
	}
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
