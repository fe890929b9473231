package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// mend sends a message back to the toy in place of the one in that entry.
func (r *rig) mend(entry schemas.TrashEntry, body string) {
	r.t.Helper()
	r.put(toyMessage(toyBack, entry.Key, body, topics.Header{Key: headerTrash, Value: []byte(entry.TrashID)}))
}

func (r *rig) awaitSaid(key string, want ...string) {
	r.t.Helper()
	var got []string
	defer func() {
		if r.t.Failed() {
			r.t.Logf("%s says %q, want %q", key, got, want)
		}
	}()
	r.await("the toy has said it", func() bool {
		got = r.said()[key]
		return slices.Equal(got, want)
	})
}

func TestARepairedMessageClosesItsEntryAndWhatWaitedBehindItGoesOnInOrder(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "one"), toyMessage(toyIn, key(1), "dead"))
	for i := range 5 {
		r.put(toyMessage(toyIn, key(1), fmt.Sprint("behind ", i)))
	}
	r.start(step, "1")
	r.awaitRead(step)
	r.awaitSaid(key(1), "one")
	entry := r.entry(schemas.TrashOpen)
	r.mend(entry, "two")
	r.awaitSaid(key(1), "one", "two", "behind 0", "behind 1", "behind 2", "behind 3", "behind 4")
	if closed := r.entry(schemas.TrashRepaired); closed.TrashID != entry.TrashID || !strings.HasPrefix(closed.Resolution, "repaired by step.toy/") {
		t.Errorf("closed entry is %+v", closed)
	}
	row := r.rows(step)[key(1)]
	if row.WaitsFor != "" || row.Trash != nil || len(row.Held) != 0 {
		t.Errorf("row is %+v", row)
	}
}

func TestAMessageThatDiesAmongThoseThatWaitedMakesTheRestWaitOn(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "one"), toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "two"))
	r.start(step, "1")
	r.awaitRead(step)
	r.mend(r.entry(schemas.TrashOpen), "zero")
	r.awaitSaid(key(1), "zero", "one")
	r.mend(r.entry(schemas.TrashOpen), "and")
	r.awaitSaid(key(1), "zero", "one", "and", "two")
}

func TestMoreThanMayWaitGoesToTheTrashWhole(t *testing.T) {
	for name, limit := range map[string]func(*Limits){
		"messages": func(l *Limits) { l.HeldMax = 3 },
		"bytes":    func(l *Limits) { l.HeldBytesMax = 3 * 1100 },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			limit(&r.limits)
			step := r.toyTopics(&toy{})
			r.put(toyMessage(toyIn, key(1), "dead"))
			for i := range 5 {
				r.put(toyMessage(toyIn, key(1), fmt.Sprintf("%d%s", i, strings.Repeat(".", 1000))))
			}
			r.put(toyMessage(toyIn, key(2), "other"))
			r.start(step, "1")
			r.awaitRead(step)
			if row := r.rows(step)[key(1)]; len(row.Held) != 3 {
				t.Errorf("%d are held", len(row.Held))
			}
			overflow := 0
			for _, e := range r.entries() {
				if e.Class == schemas.ClassExhausted && strings.Contains(e.Reason, "waits for trash toy/") && len(e.Value.Bytes) > 1000 {
					overflow++
				}
			}
			if overflow != 2 {
				t.Errorf("entries are %+v", r.entries())
			}
			r.awaitSaid(key(2), "other")
		})
	}
}

func TestAKeyThatWaitsForAPairGoesOnWhenThePairComes(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "wait"), toyMessage(toyIn, key(1), "behind"), toyMessage(toyIn, key(2), "other"))
	r.start(step, "1")
	r.awaitRead(step)
	r.awaitSaid(key(2), "other")
	if row := r.rows(step)[key(1)]; row.WaitsFor != "a pair" || len(row.Held) != 2 {
		t.Fatalf("row is %+v", row)
	}
	r.put(toyMessage(toyPairs, key(1), "pair"))
	r.awaitSaid(key(1), "pair", "wait", "behind")
}

func TestAWaitThatIsOverGoesToTheTrashAndSaysWhatItWaitedFor(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), fmt.Sprint("until:", time.Now().Add(300*time.Millisecond).UnixMilli())), toyMessage(toyIn, key(1), "behind"))
	r.start(step, "1")
	r.await("it is in the trash", func() bool { return len(r.entries()) == 1 })
	if entry := r.entry(schemas.TrashOpen); entry.Class != schemas.ClassExhausted || !strings.Contains(entry.Reason, "it waited for a pair until ") {
		t.Errorf("entry is %+v", entry)
	}
	if row := r.rows(step)[key(1)]; len(row.Held) != 1 || !strings.HasPrefix(row.WaitsFor, "trash ") {
		t.Errorf("row is %+v", row)
	}
}

func TestAKeyIsWokenOnceAlsoByANewOwner(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	soon := time.Now().Add(2 * time.Second).UnixMilli()
	for i := range 20 {
		r.put(toyMessage(toyIn, key(i), fmt.Sprint("wake:", soon)))
	}
	first := r.start(step, "1")
	r.awaitRead(step)
	first.stop()
	r.start(step, "2")
	r.await("all are woken", func() bool { return len(r.said()) == 20 })
	for i := range 20 {
		r.awaitSaid(key(i), "wake the hour")
	}
	if row := r.rows(step)[key(1)]; row.WakeAt != nil {
		t.Errorf("row is %+v", row)
	}
}

func TestAWakeUpThatTheRowDoesNotAskForIsARepeat(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	later := time.Now().Add(time.Hour).UnixMilli()
	r.put(toyMessage(toyIn, key(1), fmt.Sprint("wake:", later)))
	for _, at := range []int64{later - 1, 7} {
		came := wakeUp{what: "the hour", at: schemas.Millis(at)}
		if err := r.client().ProduceSync(t.Context(), &kgo.Record{Topic: toyBack.Name, Key: []byte(key(1)), Headers: came.headers()}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	r.put(toyMessage(toyBack, key(1), "again"))
	r.start(step, "1")
	r.awaitSaid(key(1), "again")
	r.awaitRead(step)
	if row := r.rows(step)[key(1)]; row.WakeAt == nil || int64(*row.WakeAt) != later {
		t.Errorf("row is %+v", row)
	}
}

func TestAWakeUpOfAKeyThatWaitsForARepairIsHeldInOrder(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), fmt.Sprint("wake:", time.Now().Add(400*time.Millisecond).UnixMilli())), toyMessage(toyIn, key(1), "dead"))
	r.start(step, "1")
	r.await("the wake-up is held", func() bool { return len(r.rows(step)[key(1)].Held) == 1 })
	r.put(toyMessage(toyIn, key(1), "behind"))
	r.awaitRead(step)
	r.mend(r.entry(schemas.TrashOpen), "mended")
	r.awaitSaid(key(1), "mended", "wake the hour", "behind")
}

func TestWhatWaitsSurvivesALossOfTheLocalTable(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "behind"))
	first := r.start(step, "1")
	r.awaitRead(step)
	first.stop()
	r.dir = t.TempDir()
	r.start(step, "1")
	r.mend(r.entry(schemas.TrashOpen), "mended")
	r.awaitSaid(key(1), "mended", "behind")
}

func TestALaterSnapshotOvertakesAFailedOneAndNothingWaits(t *testing.T) {
	r := newRig(t)
	toy := &toy{}
	step := toy.step()
	step.Snapshot = true
	r.provision(step)
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "good"))
	r.put(toyMessage(toyIn, key(2), "dead"), toyMessage(toyIn, key(2), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	r.awaitSaid(key(1), "good")
	open := r.entry(schemas.TrashOpen)
	if open.Key != key(2) {
		t.Errorf("open is %+v", open)
	}
	dismissed := 0
	for _, e := range r.entries() {
		if e.State == schemas.TrashDismissed && strings.HasPrefix(e.Resolution, "overtaken by toy.in/") {
			dismissed++
		}
	}
	if dismissed != 3 {
		t.Errorf("entries are %+v", r.entries())
	}
	r.mend(open, "mended")
	r.awaitSaid(key(2), "mended")
	if closed := r.entry(schemas.TrashRepaired); closed.TrashID != open.TrashID {
		t.Errorf("closed is %+v", closed)
	}
	r.mend(open, "mended once more")
	r.put(toyMessage(toyIn, key(2), "later"))
	r.awaitSaid(key(2), "mended", "later")
}
