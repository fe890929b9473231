package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// withDrawer is a toy whose step looks into its drawer.
func (r *rig) withDrawer(snapshot bool) (*toy, processors.Processor) {
	t := &toy{}
	r.views = []View{&t.drawer}
	step := t.step()
	step.Snapshot = snapshot
	r.provision(step)
	return t, step
}

func TestAKeyThatIsParkedSaysWhyAndGoesOnWhenWhatItMissesComes(t *testing.T) {
	for _, snapshot := range []bool{false, true} {
		t.Run(fmt.Sprintf("snapshot %v", snapshot), func(t *testing.T) {
			r := newRig(t)
			toy, step := r.withDrawer(snapshot)
			r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(2), "other"))
			r.start(step, "1")
			r.awaitRead(step)
			r.awaitSaid(key(2), "other")
			waiting := r.entry(schemas.TrashWaiting)
			if waiting.Class != schemas.ClassMissingPair || waiting.Reason != "there is no lid" || waiting.Key != key(1) {
				t.Errorf("entry is %+v", waiting)
			}
			toy.drawer.put("pot")
			toy.drawer.put("lid")
			r.awaitSaid(key(1), "park:lid")
			if closed := r.entry(schemas.TrashRepaired); closed.TrashID != waiting.TrashID {
				t.Errorf("closed is %+v", closed)
			}
			if row := r.rows(step)[key(1)]; row.WaitsFor != "" || row.Trash != nil || len(row.Held) != 0 {
				t.Errorf("row is %+v", row)
			}
		})
	}
}

// Seen: its cause was a mix of the row and the bytes that were written next.
func TestTheWordThatSomethingCameNamesTheRowThatWaitedForIt(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	for i := range 20 {
		r.put(toyMessage(toyIn, key(i), "park:lid"))
	}
	r.start(step, "1")
	r.awaitRead(step)
	toy.drawer.put("lid")
	r.await("all have gone on", func() bool { return len(r.said()) == 20 })
	for _, l := range readAll[schemas.RawOrder](r, toyBack) {
		row := toyTable.Name + "/" + string(l.record.Key)
		cause, _ := header(l.record, topics.HeaderCause)
		id, _ := header(l.record, topics.HeaderEventID)
		if cause != row || id != row+"#0" {
			t.Errorf("the word to %s has the cause %q and the id %q", l.record.Key, cause, id)
		}
	}
}

func TestAllThatWaitForOneThingGoOnInTheOrderInWhichTheyCame(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	const keys = 60
	for _, i := range []int{7, 3, 50, 1, 44} { // names in no order
		r.put(toyMessage(toyIn, key(i), "park:lid"))
	}
	for i := range keys {
		r.put(toyMessage(toyIn, key(100+i), "park:lid"))
	}
	r.start(step, "1")
	r.awaitRead(step)
	toy.drawer.put("lid")
	r.await("all have gone on", func() bool { return len(r.said()) == keys+5 })
	asked, told := map[int32][]string{}, map[int32][]string{}
	for _, l := range readAll[schemas.RawOrder](r, toyIn) {
		asked[l.record.Partition] = append(asked[l.record.Partition], string(l.record.Key))
	}
	for _, l := range readAll[schemas.RawOrder](r, toyOut) {
		n := r.partitionOf(string(l.record.Key))
		told[n] = append(told[n], string(l.record.Key))
	}
	for n := range asked {
		if !slices.Equal(asked[n], told[n]) {
			t.Errorf("partition %d: came %q, went on %q", n, asked[n], told[n])
		}
	}
}

func TestWhatCameWhileTheProcessWasDownIsNotMissed(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"))
	first := r.start(step, "1")
	r.awaitRead(step)
	first.stop()
	toy.drawer.put("lid")
	r.start(step, "2")
	r.awaitSaid(key(1), "park:lid")
}

func TestNothingIsReadBeforeTheViewsAreReady(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	toy.drawer.closed.Store(true)
	toy.before = func(string, string) {
		if toy.drawer.closed.Load() {
			t.Error("an event was handled before its view was ready")
		}
	}
	r.put(toyMessage(toyIn, key(1), "one"))
	m := r.start(step, "1")
	r.await("the step says what it lacks", func() bool {
		err := m.Ready()
		return err != nil && strings.Contains(err.Error(), "the drawer is closed")
	})
	toy.drawer.closed.Store(false)
	r.awaitSaid(key(1), "one")
}

func TestALaterSnapshotOvertakesOneThatWaits(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(1), "park:pot"), toyMessage(toyIn, key(1), "partial"), toyMessage(toyIn, key(1), "cancelled"))
	r.put(toyMessage(toyIn, key(2), "park:lid"), toyMessage(toyIn, key(2), "partial"), toyMessage(toyIn, key(2), "park:pot"))
	r.start(step, "1")
	r.awaitRead(step)
	r.awaitSaid(key(1), "partial", "cancelled")
	r.awaitSaid(key(2), "partial")
	toy.drawer.put("pot")
	r.awaitSaid(key(2), "partial", "park:pot")
	toy.drawer.put("lid")
	r.put(toyMessage(toyIn, key(1), "later"), toyMessage(toyIn, key(2), "later"))
	r.awaitSaid(key(1), "partial", "cancelled", "later")
	r.awaitSaid(key(2), "partial", "park:pot", "later")
	for id, e := range r.entries() {
		if e.State == schemas.TrashOpen || e.State == schemas.TrashWaiting {
			t.Errorf("entry %s is %s", id, e.State)
		}
	}
}

func TestAMendedMessageTakesThePlaceOfTheOneThatWaits(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"))
	r.start(step, "1")
	r.awaitRead(step)
	r.mend(r.entry(schemas.TrashWaiting), "mended")
	r.awaitSaid(key(1), "mended")
	toy.drawer.put("lid")
	r.put(toyMessage(toyIn, key(1), "later"))
	r.awaitSaid(key(1), "mended", "later")
}

// far is a time that is not over, soon one that is.
const far, soon = 4102444800000, 1

func TestWhatWasOvertakenIsNotWokenAnyMore(t *testing.T) {
	r := newRig(t)
	_, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), fmt.Sprint("until:", far)), toyMessage(toyIn, key(1), "whole"))
	r.put(toyMessage(toyIn, key(2), fmt.Sprint("until:", soon)), toyMessage(toyIn, key(2), "whole"))
	r.start(step, "1")
	r.awaitSaid(key(1), "whole")
	r.awaitSaid(key(2), "whole")
	r.awaitRead(step)
	for k, row := range r.rows(step) {
		if row.WakeAt != nil || row.WaitsFor != "" || len(row.Held) != 0 {
			t.Errorf("%s is to be woken for %q at %v, waits for %q with %d", k, row.WakeWhat, row.WakeAt, row.WaitsFor, len(row.Held))
		}
	}
}

func TestAGoodMendedSnapshotOvertakesWhatWaitsBesideIt(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(1), "park:pot"))
	r.start(step, "1")
	r.awaitRead(step)
	r.mend(r.entry(schemas.TrashWaiting), "mended")
	r.awaitSaid(key(1), "mended")
	if row := r.rows(step)[key(1)]; row.WaitsFor != "" || len(row.Held) != 0 {
		t.Errorf("it still waits for %q with %d messages, and no entry says so", row.WaitsFor, len(row.Held))
	}
	toy.drawer.put("lid")
	toy.drawer.put("pot")
	r.put(toyMessage(toyIn, key(1), "later"))
	r.awaitSaid(key(1), "mended", "later")
}

func TestWhatSaysTheSameAsTheLastThatWaitsDoesNotWaitToo(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	for range 5 {
		r.put(toyMessage(toyIn, key(1), "park:lid"))
	}
	r.put(toyMessage(toyIn, key(1), "park:pot"), toyMessage(toyIn, key(1), "park:lid"))
	r.start(step, "1")
	r.awaitRead(step)
	if row := r.rows(step)[key(1)]; len(row.Held) != 3 {
		t.Errorf("%d messages wait, want lid, pot and lid", len(row.Held))
	}
	if waiting := r.entry(schemas.TrashWaiting); waiting.Reason != "there is no lid" {
		t.Errorf("entry is %+v", waiting)
	}
	toy.drawer.put("lid")
	toy.drawer.put("pot")
	r.awaitSaid(key(1), "park:lid", "park:pot", "park:lid")
}

func TestABadMessageBehindOneThatWaitsHidesNothing(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(1), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	waiting, open := r.entry(schemas.TrashWaiting), r.entry(schemas.TrashOpen)
	toy.drawer.put("lid")
	r.awaitSaid(key(1), "park:lid")
	if closed := r.entry(schemas.TrashRepaired); closed.TrashID != waiting.TrashID {
		t.Errorf("closed is %+v", closed)
	}
	if still := r.entry(schemas.TrashOpen); still.TrashID != open.TrashID {
		t.Errorf("what failed later was closed by what came before: %+v", still)
	}
	r.mend(open, "mended")
	r.awaitSaid(key(1), "park:lid", "mended")
	if row := r.rows(step)[key(1)]; row.Trash != nil || row.Parked != nil || row.WaitsFor != "" {
		t.Errorf("row is %+v", row)
	}
}
