package runner

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// The topics of a toy step that is no snapshot: its keys wait.
var (
	toyIn    = &topics.Topic{Name: "toy.in", Schema: schemas.RawOrderSchema, MessageBytes: 6 << 20}
	toyPairs = &topics.Topic{Name: "toy.pairs", Schema: schemas.RawOrderSchema, MessageBytes: 6 << 20}
	toyOut   = &topics.Topic{Name: "toy.out", Schema: schemas.RawOrderSchema, MessageBytes: 1 << 20}
	toyBack  = topics.Step("toy", toyIn)
	toyTable = topics.Table("toy")
	toyOther = &topics.Topic{Name: "toy.other", Schema: schemas.RawOrderSchema, MessageBytes: 1 << 20}
)

// toy does what the body of its event says. before is called first, with the body, "wake" for a wake-up.
type toy struct {
	before func(key, body string)
	mended atomic.Bool // "fail" succeeds from now on
	drawer drawer      // what "park" looks for
}

// drawer is a view in memory.
type drawer struct {
	mu      sync.Mutex
	things  map[string]bool
	version int64
	closed  atomic.Bool // not ready
}

func (d *drawer) Ready() error {
	if d.closed.Load() {
		return errors.New("the drawer is closed")
	}
	return nil
}

func (d *drawer) Version() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.version
}

func (d *drawer) has(what string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.things[what], nil
}

func (d *drawer) put(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.things == nil {
		d.things = map[string]bool{}
	}
	d.things[what] = true
	d.version++
}

func (t *toy) step() processors.Processor {
	return processors.Step(processors.Processor{
		Name: "toy", Reads: []*topics.Topic{toyIn, toyPairs}, Back: toyBack, Table: toyTable, Writes: []*topics.Topic{toyOut},
		State: schemas.OrderVersionsSchema, Came: t.drawer.has,
	}, t.handle)
}

func (t *toy) handle(event *topics.Event, in *schemas.RawOrder, state *schemas.OrderVersions) (processors.Result, error) {
	body := "wake " + topics.Find(event.Headers, headerWake)
	if in != nil {
		body = string(in.Body.Bytes)
	}
	if t.before != nil {
		t.before(event.Key, body)
	}
	state.Events++
	verb, rest, _ := strings.Cut(body, ":")
	switch verb {
	case "dead":
		return processors.Result{}, processors.Promised(processors.Dead(schemas.ClassInvalid, errors.New("dead")), new(schemas.Millis(7)))
	case "panic":
		state.Status = "half done"
		panic("toy")
	case "fail":
		if !t.mended.Load() {
			state.Status = "half done"
			return processors.Result{}, errors.New("the toy fails")
		}
	case "pair":
		state.Revision = "paired"
	case "wait", "until":
		if until, _ := strconv.ParseInt(rest, 10, 64); state.Revision != "paired" {
			return processors.Result{}, processors.Wait("a pair", schemas.Millis(until))
		}
	case "park":
		if has, _ := t.drawer.has(rest); !has {
			return processors.Result{}, processors.Alike(processors.Park(rest, 0, schemas.ClassMissingPair, errors.New("there is no "+rest)), []byte(body))
		}
	case "partial":
		return processors.Result{Partial: true, Messages: []topics.Message{toyMessage(toyOut, event.Key, body)}}, nil
	case "wake":
		if at, err := strconv.ParseInt(rest, 10, 64); err == nil {
			return processors.Result{Wake: &processors.Wake{At: schemas.Millis(at), What: "the hour"}}, nil
		}
	case "undeclared":
		return processors.Result{Messages: []topics.Message{toyMessage(toyOut, event.Key, "never"), toyMessage(toyOther, event.Key, body)}}, nil
	case "huge":
		return processors.Result{Messages: []topics.Message{toyMessage(toyOut, event.Key, strings.Repeat("x", toyOut.MessageBytes))}}, nil
	}
	return processors.Result{Messages: []topics.Message{toyMessage(toyOut, event.Key, body)}}, nil
}

func toyMessage(topic *topics.Topic, key, body string, headers ...topics.Header) topics.Message {
	return topics.Message{Topic: topic, Key: key, Headers: headers, Value: &schemas.RawOrder{OrderID: key, Body: schemas.Body{Bytes: []byte(body)}}}
}

// startToy provisions the toy's topics.
func (r *rig) toyTopics(t *toy) processors.Processor {
	step := t.step()
	r.provision(step)
	return step
}

// said is what the toy wrote of each key, in order.
func (r *rig) said() map[string][]string {
	r.t.Helper()
	said := map[string][]string{}
	for _, l := range readAll[schemas.RawOrder](r, toyOut) {
		said[string(l.record.Key)] = append(said[string(l.record.Key)], string(l.value.Body.Bytes))
	}
	return said
}

// entries is the trash, the newest of each entry.
func (r *rig) entries() map[string]schemas.TrashEntry {
	r.t.Helper()
	entries := map[string]schemas.TrashEntry{}
	for _, l := range readAll[schemas.TrashEntry](r, topics.Trash) {
		entries[string(l.record.Key)] = l.value
	}
	return entries
}

// entry is the only entry in the trash in that state.
func (r *rig) entry(state string) (entry schemas.TrashEntry) {
	r.t.Helper()
	n := 0
	for _, e := range r.entries() {
		if e.State == state {
			entry = e
			n++
		}
	}
	if n != 1 {
		r.t.Fatalf("%d entries are %s, want 1: %+v", n, state, r.entries())
	}
	return entry
}

func key(i int) string { return fmt.Sprintf("toy/%d", i) }
