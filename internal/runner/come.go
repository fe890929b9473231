package runner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// headerCame is of a wake-up because something has come that the key waits for: what that is.
const headerCame = "came"

// addCome adds the keys that wait for what has come in a view. All that waits is looked through when a view has changed, so nothing
// that came is ever missed: not while the process was down, nor between a look-up in vain and the row that says so.
func (o *owned) addCome(b *batch) error {
	if o.step.Came == nil {
		return nil
	}
	version := int64(1)
	for _, v := range o.config.Views {
		version += v.Version()
	}
	for _, h := range o.ready() {
		if h.seen == version {
			continue
		}
		all, err := o.come(b, h)
		if err != nil {
			return err
		}
		if all {
			h.seen = version
		}
	}
	return nil
}

// come looks through what waits in one partition; all is false if it has more than fits into one turn.
func (o *owned) come(b *batch, h *holding) (all bool, err error) {
	room := min(dueMax, wokenMax-len(h.woken))
	asked, has := "", false
	var failed error
	err = o.store.Waits(h.number, func(what string, key []byte) bool {
		if strings.HasPrefix(what, waitsForTrash) || h.woken[string(key)].what == what {
			return true
		}
		if what != asked {
			asked = what
			if has, failed = o.step.Came(what); failed != nil {
				return false
			}
		}
		if !has {
			return true
		}
		if room--; room < 0 {
			return false
		}
		p := b.part(h.number)
		p.due = append(p.due, due{key: slices.Clone(key), what: what})
		return true
	})
	return room >= 0, cmp.Or(err, failed)
}

// inOrder puts the keys that wait for the same into the order in which their messages came.
func (w *worker) inOrder() error {
	first := make(map[string]int64, len(w.part.due))
	for _, d := range w.part.due {
		if d.what == "" {
			continue
		}
		e, err := w.entry(d.key)
		if err != nil {
			return err
		}
		if len(e.row.Held) > 0 {
			first[e.key] = e.row.Held[0].Offset
		}
	}
	slices.SortStableFunc(w.part.due, func(a, b due) int { return cmp.Compare(first[string(a.key)], first[string(b.key)]) })
	return nil
}

// tell writes to step.<name> that what a key waits for has come, so that a replay sees it too. As with a wake-up, the row stays as
// it is until that has come back.
func (w *worker) tell(e *entry, d due) error {
	if e.row.WaitsFor != d.what {
		return nil
	}
	w.begin(&topics.Event{Topic: w.step.Table, Partition: w.part.number, Key: e.key})
	w.at = w.memory.used(append(append(append(w.memory.room(), w.step.Table.Name...), '/'), e.key...))
	w.tally.wakes++
	return w.sendOwn(&topics.Message{Topic: w.step.Back, Key: e.key, Headers: []topics.Header{{Key: headerCame, Value: []byte(d.what)}}})
}

// hear handles what has come. What the key no longer waits for is a repeat.
func (w *worker) hear(e *entry, r *kgo.Record, what string) error {
	w.came = append(w.came, due{key: e.raw, what: what})
	if e.row.WaitsFor != what {
		w.tally.repeats++
		return nil
	}
	return w.release(e, nil)
}

// closeWaiting ends the entry that told why the key waits.
func (w *worker) closeWaiting(e *entry) error {
	if e.row.Parked == nil {
		return nil
	}
	return w.closeEntry(e, &e.row.Parked, schemas.TrashRepaired, "what it waited for has come, or is needed no more")
}
