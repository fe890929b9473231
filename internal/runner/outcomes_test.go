package runner

import (
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

func TestABadEventGoesToTheTrashAndItsPartitionGoesOn(t *testing.T) {
	for name, bad := range map[string]struct {
		value []byte
		body  string
		class string
		says  string
	}{
		"malformed Avro":       {value: []byte{0, 0, 0, 0, 1, 0xff, 0xff}, class: schemas.ClassMalformed},
		"no framing":           {value: []byte("{}"), class: schemas.ClassMalformed},
		"a tombstone":          {value: nil, class: schemas.ClassMalformed},
		"an unknown schema id": {value: []byte{0, 0, 0, 0x30, 0x39, 1}, class: schemas.ClassUnknownSchema, says: "12345"},
		"dead":                 {body: "dead", class: schemas.ClassInvalid, says: "dead"},
		"a panic":              {body: "panic", class: schemas.ClassPanic, says: "a bug of ours"},
		"an error for ever":    {body: "fail", class: schemas.ClassExhausted, says: "the toy fails"},
		"an undeclared topic":  {body: "undeclared", class: schemas.ClassPanic, says: "may not write to toy.other"},
		"too long an output":   {body: "huge", class: schemas.ClassInvalid, says: "the topic takes"},
		"endless headers":      {value: []byte("{}"), class: schemas.ClassMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			step := r.toyTopics(&toy{})
			for i := range 20 {
				r.put(toyMessage(toyIn, key(i), "before"))
			}
			if bad.body != "" {
				r.put(toyMessage(toyIn, key(7), bad.body))
			} else {
				record := &kgo.Record{Topic: toyIn.Name, Key: []byte(key(7)), Value: bad.value}
				if name == "malformed Avro" { // behind an id that this registry gave
					good, err := r.registry.Encode(t.Context(), nil, toyIn.Subject(), toyIn.Schema, &schemas.RawOrder{})
					if err != nil {
						t.Fatal(err)
					}
					copy(record.Value, good[:5])
				}
				if name == "endless headers" {
					record.Headers = []kgo.RecordHeader{{Key: "x", Value: make([]byte, 900<<10)}}
				}
				if err := r.client().ProduceSync(t.Context(), record).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			for i := range 20 {
				r.put(toyMessage(toyIn, key(i), "after"))
			}
			r.start(step, "1")
			r.awaitRead(step)
			entry := r.entry(schemas.TrashOpen)
			if entry.Class != bad.class || !strings.Contains(entry.Reason, bad.says) || entry.Key != key(7) {
				t.Errorf("entry is %+v", entry)
			}
			said := r.said()
			for i := range 20 {
				want := []string{"before", "after"}
				if i == 7 {
					want = want[:1]
				}
				if !slices.Equal(said[key(i)], want) {
					t.Errorf("%s says %q, want %q", key(i), said[key(i)], want)
				}
			}
			row := r.rows(step)[key(7)]
			if len(row.Held) != 1 || row.WaitsFor != "trash "+entry.TrashID {
				t.Errorf("its key does not wait with one message held: %+v", row)
			}
		})
	}
}

func TestAnEventThatBrokeTheStepLeavesNoTraceInTheStateOfItsKey(t *testing.T) {
	for _, body := range []string{"panic", "fail", "undeclared"} {
		t.Run(body, func(t *testing.T) {
			r := newRig(t)
			step := r.toyTopics(&toy{})
			r.put(toyMessage(toyIn, key(1), "fine"), toyMessage(toyIn, key(1), body))
			r.start(step, "1")
			r.awaitRead(step)
			if state := r.state(step, key(1)); state.Events != 1 || state.Status != "" {
				t.Errorf("state is %+v", state)
			}
		})
	}
}

func TestAnEventThatFailsForAWhileIsTriedUntilItSucceedsAndOthersDoNotWaitForIt(t *testing.T) {
	r := newRig(t)
	r.limits.AttemptsMax = 1000
	toy := &toy{}
	step := r.toyTopics(toy)
	r.put(toyMessage(toyIn, key(0), "fail"), toyMessage(toyIn, key(0), "behind"))
	for i := 1; i < 50; i++ {
		r.put(toyMessage(toyIn, key(i), "fine"))
	}
	r.start(step, "1")
	r.await("other partitions go on", func() bool { return len(r.said()) > 20 })
	if r.said()[key(0)] != nil {
		t.Error("an event behind one that fails was handled")
	}
	toy.mended.Store(true)
	r.awaitRead(step)
	said := r.said()
	if len(said) != 50 || !slices.Equal(said[key(0)], []string{"fail", "behind"}) {
		t.Errorf("%d keys, and the first says %q", len(said), said[key(0)])
	}
	for i := range 50 {
		if i > 0 && len(said[key(i)]) != 1 {
			t.Errorf("%s says %q", key(i), said[key(i)])
		}
	}
}

func TestAMessageThatCameBackAndFailsForAWhileIsTriedBeforeWhatIsNew(t *testing.T) {
	r := newRig(t)
	r.limits.AttemptsMax = 1000
	toy := &toy{}
	step := r.toyTopics(toy)
	for i := range 30 {
		r.put(toyMessage(toyIn, key(i), "new"))
	}
	r.put(toyMessage(toyBack, key(0), "good"), toyMessage(toyBack, key(0), "fail"))
	r.start(step, "1")
	r.await("what comes before it is handled", func() bool { return len(r.said()[key(0)]) > 0 && len(r.said()) > 15 })
	toy.mended.Store(true)
	r.awaitRead(step)
	said := r.said()
	for i := range 30 {
		want := []string{"new"}
		if i == 0 {
			want = []string{"good", "fail", "new"}
		}
		if !slices.Equal(said[key(i)], want) {
			t.Errorf("%s says %q, want %q", key(i), said[key(i)], want)
		}
	}
}

func TestManyEventsOfOnePartitionThatFailEachGetTheirOwnTries(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	for i := range 6 {
		r.put(toyMessage(toyIn, key(i), "fail"), toyMessage(toyIn, key(100+i), "fine"))
	}
	r.start(step, "1")
	r.awaitRead(step)
	entries := r.entries()
	if len(entries) != 6 || len(r.said()) != 6 {
		t.Fatalf("%d entries, %d keys", len(entries), len(r.said()))
	}
	for id, e := range entries {
		if e.Class != schemas.ClassExhausted || e.Attempts != 3 {
			t.Errorf("%s: %s after %d attempts", id, e.Class, e.Attempts)
		}
	}
}

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestEveryMessageSaysWhereItComesFrom(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "one",
		topics.Header{Key: topics.HeaderOrigin, Value: []byte("webhook")}, topics.Header{Key: topics.HeaderTraceparent, Value: []byte(traceparent)}))
	r.start(step, "1")
	r.awaitRead(step)
	out := readAll[schemas.RawOrder](r, toyOut)[0].record
	in := readAll[schemas.RawOrder](r, toyIn)[0].record
	position := schemas.Position(in.Topic, in.Partition, in.Offset)
	for name, want := range map[string]string{
		"event-id": position + "#0", "cause": position, "order-id": key(1), "origin": "webhook", "mode": "live", "traceparent": traceparent,
	} {
		if got, _ := header(out, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if run, _ := header(out, "run-id"); !strings.HasPrefix(run, "toy-1-") {
		t.Errorf("run-id is %q", run)
	}
}

// Invariant 9: what follows from a repair is one, so that no gateway takes it for live.
func TestWhatFollowsFromARepairIsOne(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "one", topics.Header{Key: topics.HeaderMode, Value: []byte("repair")}), toyMessage(toyIn, key(1), "two"))
	r.start(step, "1")
	r.awaitRead(step)
	out := readAll[schemas.RawOrder](r, toyOut)
	for i, want := range []string{"repair", topics.ModeLive} {
		if got, _ := header(out[i].record, "mode"); got != want {
			t.Errorf("record %d: mode is %q, want %q", i, got, want)
		}
	}
}

func TestAPartitionRestsBeforeASchemaThatThisVersionDoesNotKnowAndTheNextVersionGoesOn(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	for i := range 30 {
		r.put(toyMessage(toyIn, key(i), "before"))
	}
	r.putNewer(toyMessage(toyIn, key(0), "newer"))
	for i := range 30 {
		r.put(toyMessage(toyIn, key(i), "after"))
	}
	r.guard.answer(newerID, foreign)
	m := r.start(step, "1")
	behind := 0
	for i := range 30 {
		if r.partitionOf(key(i)) == r.partitionOf(key(0)) {
			behind++
		}
	}
	r.await("all but what is behind it is handled", func() bool { return r.count(toyOut) == 60-behind })
	if len(r.entries()) != 0 {
		t.Errorf("a record of a newer version went to the trash: %+v", r.entries())
	}
	m.stop()
	r.guard.answer(newerID, known)
	r.upgrade()
	r.start(step, "1")
	r.awaitRead(step)
	r.saidInOrder(30, []string{"before", "newer", "after"})
}

func TestAPartitionRestsWhileTheRegistryDoesNotAnswerAndGoesOnByItself(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	for i := range 30 {
		r.put(toyMessage(toyIn, key(i), "before"))
	}
	r.putNewer(toyMessage(toyIn, key(0), "newer"))
	for i := range 30 {
		r.put(toyMessage(toyIn, key(i), "after"))
	}
	r.guard.answer(newerID, broken)
	r.start(step, "1")
	r.guard.awaitAsked(r, newerID)
	r.guard.answer(newerID, known)
	r.awaitRead(step)
	if len(r.entries()) != 0 {
		t.Errorf("it went to the trash: %+v", r.entries())
	}
	r.saidInOrder(30, []string{"before", "newer", "after"})
}

// saidInOrder checks what the toy wrote of n keys: of the first one all, of the others all but "newer".
func (r *rig) saidInOrder(n int, all []string) {
	r.t.Helper()
	said := r.said()
	for i := range n {
		want := all
		if i > 0 {
			want = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "newer" })
		}
		if !slices.Equal(said[key(i)], want) {
			r.t.Errorf("%s says %q, want %q", key(i), said[key(i)], want)
		}
	}
}

// A key that a person took away says so where it means something; to a step it says nothing.
func TestATombstoneOfAPersonIsNoEvent(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	removable := *toyIn
	removable.Name, removable.Removed = "toy.removable", func(*topics.Event) any { return new(schemas.RawOrder) }
	step.Reads = append(step.Reads, &removable)
	r.makeTopics(&removable)
	gone := &kgo.Record{Topic: removable.Name, Key: []byte(key(1)), Headers: []kgo.RecordHeader{{Key: topics.HeaderBy, Value: []byte("dana")}}}
	if err := r.client().ProduceSync(t.Context(), gone).FirstErr(); err != nil {
		t.Fatal(err)
	}
	r.put(toyMessage(toyIn, key(1), "after"))
	r.start(step, "1")
	r.awaitRead(step)
	if said := r.said()[key(1)]; !slices.Equal(said, []string{"after"}) {
		t.Errorf("its key says %q", said)
	}
	if all := readAll[schemas.TrashEntry](r, topics.Trash); len(all) > 0 {
		t.Errorf("the trash has %+v", all[0])
	}
}
