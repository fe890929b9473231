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

// do sends what an operator wants to be done with an entry; with a body it is mended first.
func (r *rig) do(does string, entry schemas.TrashEntry, body string, loose bool) {
	r.t.Helper()
	deed := Deed{Entry: &entry, Does: does, Key: entry.Key, By: "anna", Why: "a test", Job: "j", Loose: loose}
	if does != schemas.DidDismiss {
		deed.Value = entry.Value.Bytes
	}
	if body != "" {
		value, err := r.registry.Encode(r.t.Context(), nil, toyBack.Subject(), toyBack.Schema, toyMessage(toyBack, entry.Key, body).Value)
		if err != nil {
			r.t.Fatal(err)
		}
		deed.Value = value
	}
	if err := r.store.Send(r.t.Context(), toyBack, []Deed{deed}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) bodyOf(entry schemas.TrashEntry) string {
	r.t.Helper()
	var raw schemas.RawOrder
	if err := r.registry.Decode(r.t.Context(), schemas.RawOrderSchema, entry.Value.Bytes, &raw); err != nil {
		r.t.Fatal(err)
	}
	return string(raw.Body.Bytes)
}

func signed(e schemas.TrashEntry, does string) bool {
	return e.Did == does && e.By == "anna" && e.Why == "a test" && e.Job == "j"
}

func TestAMessageThatFailsAgainStaysOneEntryAndItsKeyWaitsOn(t *testing.T) {
	for _, snapshot := range []bool{false, true} {
		t.Run(fmt.Sprintf("snapshot %v", snapshot), func(t *testing.T) {
			r := newRig(t)
			step := (&toy{}).step()
			step.Snapshot = snapshot
			r.provision(step)
			r.put(toyMessage(toyIn, key(1), "dead", topics.Header{Key: topics.HeaderOrigin, Value: []byte("feed")}))
			r.start(step, "1")
			r.awaitRead(step)
			first := r.entry(schemas.TrashOpen)
			r.do(schemas.DidRetry, first, "", false)
			r.await("it is tried again", func() bool { return r.entry(schemas.TrashOpen).Attempts == 2 })
			again := r.entry(schemas.TrashOpen)
			if len(r.entries()) != 1 || again.TrashID != first.TrashID || again.FirstAt != first.FirstAt || again.Topic != toyBack.Name || !signed(again, schemas.DidRetry) {
				t.Errorf("entry is %+v", again)
			}
			if slices.ContainsFunc(again.Headers, func(h schemas.Header) bool { return strings.HasPrefix(h.Name, "trash-") }) ||
				!slices.Contains(again.Headers, schemas.Header{Name: topics.HeaderOrigin, Value: "feed"}) {
				t.Errorf("its headers are %v", again.Headers)
			}
			if first.ShipBy == nil || *first.ShipBy != 7 || again.ShipBy == nil || *again.ShipBy != 7 {
				t.Errorf("its order has to leave at %v, then at %v", first.ShipBy, again.ShipBy)
			}
			r.do(schemas.DidRetry, first, "of one who looked before", false)
			r.do(schemas.DidRetry, again, "good", false)
			r.do(schemas.DidRetry, again, "good, a second time", false)
			r.put(toyMessage(toyIn, key(1), "behind"))
			said := []string{"good", "good, a second time", "behind"} // to a step that takes all, what is closed comes like any other
			if snapshot {
				said = []string{"good", "behind"}
			}
			r.awaitSaid(key(1), said...)
			if closed := r.entry(schemas.TrashRepaired); closed.TrashID != first.TrashID || closed.Attempts != 2 || !signed(closed, schemas.DidRetry) {
				t.Errorf("closed entry is %+v", closed)
			}
		})
	}
}

func TestADismissedMessageIsGivenUpAndWhatWaitedBehindItGoesOn(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "behind"))
	r.start(step, "1")
	r.awaitRead(step)
	entry := r.entry(schemas.TrashOpen)
	r.do(schemas.DidDismiss, entry, "", false)
	r.awaitSaid(key(1), "behind")
	closed := r.entry(schemas.TrashDismissed)
	if closed.TrashID != entry.TrashID || closed.Resolution != "dismissed by anna: a test" || !signed(closed, schemas.DidDismiss) {
		t.Errorf("closed entry is %+v", closed)
	}
	r.do(schemas.DidDismiss, entry, "", false)
	r.put(toyMessage(toyIn, key(1), "later"))
	r.awaitSaid(key(1), "behind", "later")
}

func TestAMessageThatWaitsForAPairCanBeDismissed(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(1), "park:pot"))
	r.start(step, "1")
	r.awaitRead(step)
	r.do(schemas.DidDismiss, r.entry(schemas.TrashWaiting), "", false)
	r.await("it is dismissed", func() bool {
		return slices.ContainsFunc(r.allEntries(), func(e schemas.TrashEntry) bool { return signed(e, schemas.DidDismiss) })
	})
	toy.drawer.put("pot")
	toy.drawer.put("lid")
	r.put(toyMessage(toyIn, key(1), "later"))
	r.await("a later one is handled", func() bool { return slices.Contains(r.said()[key(1)], "later") })
	if said := r.said()[key(1)]; slices.Contains(said, "park:pot") {
		t.Errorf("what was dismissed was said: %q", said)
	}
}

func TestAnEditIsKeptInTheEntryWithWhatIsStillWrong(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "behind"))
	r.start(step, "1")
	r.awaitRead(step)
	first := r.entry(schemas.TrashOpen)
	r.do(schemas.DidEdit, first, "dead:but edited", false)
	r.await("the edit is kept", func() bool { return r.bodyOf(r.entry(schemas.TrashOpen)) == "dead:but edited" })
	if e := r.entry(schemas.TrashOpen); e.Attempts != 1 || e.TrashID != first.TrashID || e.Reason != "dead" || !signed(e, schemas.DidEdit) {
		t.Errorf("entry is %+v", e)
	}
	r.do(schemas.DidEdit, first, "good", false)
	r.await("the second edit is kept", func() bool { return r.bodyOf(r.entry(schemas.TrashOpen)) == "good" })
	edited := r.entry(schemas.TrashOpen)
	if edited.Fingerprint != first.Fingerprint || len(r.said()) != 0 {
		t.Errorf("entry is %+v, said is %v", edited, r.said())
	}
	r.do(schemas.DidRetry, edited, "", false)
	r.awaitSaid(key(1), "good", "behind")
}

func TestAnImportedEntryIsTriedAndClosedThoughNoRowKnowsIt(t *testing.T) {
	r := newRig(t)
	step := (&toy{}).step()
	step.Snapshot = true
	r.provision(step)
	r.put(toyMessage(toyIn, key(2), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	foreign := r.entry(schemas.TrashOpen)
	foreign.TrashID, foreign.Key, foreign.OrderID = "toy/toy.in/0/999", key(1), key(1)
	r.do(schemas.DidRetry, foreign, "dead", true)
	r.await("it failed here too", func() bool { return r.entries()[foreign.TrashID].Attempts == 2 })
	foreign.Attempts = 2
	r.do(schemas.DidRetry, foreign, "good", true)
	r.awaitSaid(key(1), "good")
	if e := r.entries()[foreign.TrashID]; e.State != schemas.TrashRepaired {
		t.Errorf("entry is %+v", e)
	}
}

func TestAnEarlierOneThatWaitedDoesNotOvertakeOneThatFailedTwice(t *testing.T) {
	r := newRig(t)
	toy, step := r.withDrawer(true)
	r.put(toyMessage(toyIn, key(1), "park:lid"), toyMessage(toyIn, key(1), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	r.do(schemas.DidRetry, r.entry(schemas.TrashOpen), "", false)
	r.await("it failed twice", func() bool { return r.entry(schemas.TrashOpen).Attempts == 2 })
	toy.drawer.put("lid")
	r.awaitSaid(key(1), "park:lid")
	if e := r.entry(schemas.TrashOpen); e.Attempts != 2 {
		t.Errorf("entry is %+v", e)
	}
}

func TestFailuresOfOneCauseShareAFingerprintWhateverVaries(t *testing.T) {
	of := func(class, reason string, faults ...schemas.Fault) string {
		var err error = errorText(reason)
		if len(faults) > 0 {
			err = schemas.Faults(faults)
		}
		return fingerprint("toy", &processors.DeadError{Class: class, Err: err}, faults)
	}
	for _, same := range [][2]string{
		{of("exhausted", "dial tcp 127.0.0.1:4711: refused"), of("exhausted", "dial tcp 10.0.0.7:80: refused")},
		{of("exhausted", "it waited for offer allegro/1 until 2026-01-01T00:00:00Z"), of("exhausted", "it waited for offer allegro/77 until 2026-02-03T04:05:06Z")},
		{of("unknown_party", `no party "a b" is configured here`), of("unknown_party", `no party "c" is configured here`)},
		{of("invalid", "", schemas.Fault{Code: "a", Path: "$.x[1]"}, schemas.Fault{Code: "b"}), of("invalid", "", schemas.Fault{Code: "b"}, schemas.Fault{Code: "a", Path: "$.x[7]"}, schemas.Fault{Code: "a"})},
	} {
		if same[0] != same[1] {
			t.Errorf("%q and %q are one cause", same[0], same[1])
		}
	}
	if of("exhausted", "dial tcp 127.0.0.1:4711: refused") == of("exhausted", "dial tcp 127.0.0.1:4711: timeout") {
		t.Error("two causes are one")
	}
	if of("exhausted", "it waited") == of("panic", "it waited") {
		t.Error("two classes are one")
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }

// allEntries is every record of the trash.
func (r *rig) allEntries() (all []schemas.TrashEntry) {
	r.t.Helper()
	for _, l := range readAll[schemas.TrashEntry](r, topics.Trash) {
		all = append(all, l.value)
	}
	return all
}

// becomes waits until an entry is in that state.
func (r *rig) becomes(id, state string) schemas.TrashEntry {
	r.t.Helper()
	r.await("entry "+id+" is "+state, func() bool { return r.entries()[id].State == state })
	return r.entries()[id]
}

func TestADismissedMessageThatIsOpenedAgainIsClosedByALaterGoodOne(t *testing.T) {
	r := newRig(t)
	step := (&toy{}).step()
	step.Snapshot = true
	r.provision(step)
	r.put(toyMessage(toyIn, key(1), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	first := r.entry(schemas.TrashOpen)
	r.do(schemas.DidDismiss, first, "", false)
	closed := r.becomes(first.TrashID, schemas.TrashDismissed)
	closed.Value = first.Value
	r.do(schemas.DidReopen, closed, "", true)
	again := r.becomes(first.TrashID, schemas.TrashOpen)
	if again.TrashID != first.TrashID || again.Attempts != 1 || again.FirstAt != first.FirstAt || r.bodyOf(again) != "dead" || !signed(again, schemas.DidReopen) {
		t.Errorf("entry is %+v", again)
	}
	r.do(schemas.DidReopen, closed, "", true) // a repeat
	r.put(toyMessage(toyIn, key(1), "good"))
	r.awaitSaid(key(1), "good")
	if last := r.becomes(first.TrashID, schemas.TrashDismissed); !strings.HasPrefix(last.Resolution, "overtaken by toy.in/") {
		t.Errorf("closed entry is %+v", last)
	}
}

func TestAMessageThatIsOpenedAgainStaysBesideOneThatFailedMeanwhile(t *testing.T) {
	r := newRig(t)
	step := (&toy{}).step()
	step.Snapshot = true
	r.provision(step)
	r.put(toyMessage(toyIn, key(1), "dead"))
	r.start(step, "1")
	r.awaitRead(step)
	first := r.entry(schemas.TrashOpen)
	r.do(schemas.DidDismiss, first, "", false)
	closed := r.becomes(first.TrashID, schemas.TrashDismissed)
	closed.Value = first.Value
	r.put(toyMessage(toyIn, key(1), "dead:later"))
	r.await("the later one failed", func() bool { return len(r.entries()) == 2 })
	later := r.entry(schemas.TrashOpen)
	r.do(schemas.DidReopen, closed, "", true)
	r.await("both are open", func() bool {
		now := r.entries()
		return now[first.TrashID].State == schemas.TrashOpen && now[later.TrashID].State == schemas.TrashOpen
	})
	r.do(schemas.DidRetry, r.entries()[first.TrashID], "good", true)
	r.awaitSaid(key(1), "good")
	r.becomes(first.TrashID, schemas.TrashRepaired)
}
