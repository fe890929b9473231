package runner

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/schemas"
)

// entry is one key's row while the turn works on it.
type entry struct {
	key     string
	raw     []byte // the key as bytes
	row     schemas.Row
	state   any
	was     table.Note // as the store has it
	changed bool
}

// entry is the row of a key, read from the table at its first touch.
func (w *worker) entry(key []byte) (*entry, error) {
	if e := w.entries[string(key)]; e != nil {
		return e, nil
	}
	e := w.memory.entry()
	e.key, e.raw, e.state = string(key), key, w.step.State.New()
	row, ok, err := w.store.Get(w.memory.row[:0], w.part.number, key)
	if err != nil {
		return nil, err
	}
	w.memory.row = row
	if ok {
		if err := w.registry.Decode(w.ctx, schemas.RowSchema, row, &e.row); err != nil {
			return nil, w.stopAt(fmt.Errorf("row of %q in %s: %w", key, w.step.Table.Name, err))
		}
		if err := w.registry.Decode(w.ctx, w.step.State, e.row.State, e.state); err != nil {
			return nil, w.stopAt(fmt.Errorf("state of %q in %s: %w", key, w.step.Table.Name, err))
		}
		e.was = noteOf(&e.row)
	}
	w.entries[e.key] = e
	w.order = append(w.order, e)
	return e, nil
}

// stopAt ends the work before the record that is worked on, whose row can not be read. Nothing but a newer version of Waybill, or
// a broken table, leaves such a row, so the partition rests.
func (w *worker) stopAt(err error) error {
	if w.now == nil {
		return err
	}
	position := schemas.Position(w.now.Topic, w.now.Partition, w.now.Offset)
	return &stopError{record: w.now, position: position, err: fmt.Errorf("%w: %w", errStuck, err)}
}

// writeRows writes the row of every key that was touched to the step's table.
func (w *worker) writeRows() error {
	w.rowsFrom = len(w.out)
	for _, e := range w.order {
		if !e.changed {
			continue
		}
		state, err := w.encode(w.roads[stateRoad], e.state)
		if err != nil {
			return err
		}
		e.row.State = state
		value, err := w.encode(w.roads[tableRoad], &e.row)
		if err != nil {
			return err
		}
		w.out = append(w.out, kgo.Record{Topic: w.step.Table.Name, Key: e.raw, Value: value, Partition: w.part.number})
	}
	return nil
}

// keep moves the table on to where the topic is, once the transaction has committed.
func (w *worker) keep() error {
	rows := w.out[w.rowsFrom:]
	if len(rows) == 0 {
		return nil
	}
	changes := make([]table.Change, 0, len(rows))
	var last int64
	for _, e := range w.order {
		if !e.changed {
			continue
		}
		r := &rows[len(changes)]
		changes = append(changes, table.Change{Key: r.Key, Value: r.Value, Now: noteOf(&e.row), Was: e.was})
		last = max(last, r.Offset)
	}
	return w.store.Apply(w.part.number, last+1, changes)
}

func noteOf(row *schemas.Row) table.Note {
	note := table.Note{Waits: row.WaitsFor}
	if row.WakeAt != nil {
		note.Wake = int64(*row.WakeAt)
	}
	return note
}
