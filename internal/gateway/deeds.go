package gateway

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
)

// heed carries out what an operator wants to be done about a task that waits for a person. What has changed since they looked is left
// alone, so that a deed that is read twice is done once (invariant 4).
func (t *tenure) heed(ctx context.Context, n *turn, r *kgo.Record, d deed.Deed) error {
	entry := t.desk.tasks[string(r.Key)]
	if entry == nil || entry.row.Trash == nil || works(entry.row.State) {
		return nil
	}
	open := entry.row.Trash
	if open.TrashID != d.TrashID || d.Attempts >= 0 && d.Attempts != open.Attempts {
		return nil
	}
	now := t.now()
	row := entry.row
	row.Did, row.By, row.Why, row.Job, row.At = d.Does, d.By, d.Why, d.Job, schemas.At(now)
	s := refused(row, "this version of Waybill does not know what "+d.Does+" is")
	switch d.Does {
	case schemas.DidRetry, schemas.DidEdit:
		edited, err := t.edited(row, r.Value)
		if err != nil {
			s = refused(row, err.Error())
		} else if d.Does == schemas.DidEdit {
			s = step{row: edited, told: true}
		} else {
			s = t.retried(edited)
		}
	case schemas.DidDismiss:
		s = dropped(row, now)
	case schemas.DidDone, schemas.DidNotDone:
		s = t.settled(row, d, now)
	}
	if err := t.noteLane(ctx, n, &s.row); err != nil { // of a task that could not be read before
		return err
	}
	return t.put(ctx, n, entry, s)
}

// refused leaves a task as it is, and says why in its entry.
func refused(row schemas.LedgerRow, why string) step {
	row.Reason = why
	return step{row: row, told: true}
}

// edited is the task as the operator has it: what it is to do and by when, but the same task, at the same place. nil is the task as it is.
func (t *tenure) edited(row schemas.LedgerRow, value []byte) (schemas.LedgerRow, error) {
	if len(value) == 0 {
		return row, nil
	}
	var task schemas.Task
	if err := t.registry.Decode(context.Background(), schemas.TaskSchema, value, &task); err != nil {
		return row, fmt.Errorf("the mended task can not be read: %w", err)
	}
	if task.TaskID != row.Task.TaskID {
		return row, fmt.Errorf("the mended task has another id: %s", task.TaskID)
	}
	if row.Class == schemas.ClassMalformed {
		row.Task, row.Class, row.Code = task, Permanent, "mended"
		return row, nil
	}
	row.Task.Kind, row.Task.Deadline, row.Task.Payload = task.Kind, task.Deadline, task.Payload
	return row, nil
}

// retried lets a task go again. What may have been done is asked about, or sent again if that does no harm; if neither can be, only a
// person's word settles it.
func (t *tenure) retried(row schemas.LedgerRow) step {
	k := t.kinds[row.Task.Kind]
	switch {
	case row.Class == schemas.ClassMalformed:
		return refused(row, "it can not be read as it is: mend it, or give it up")
	case row.State == schemas.TaskTrashed, k.Repeatable:
		row.State, row.Granted = schemas.TaskWaiting, row.Attempts
	case k.Findable:
		row.State = schemas.TaskIntent
	default:
		return refused(row, "it may have been done, and "+t.config.Name+" can not be asked: look there, and settle it as done or as not done")
	}
	row.NotBefore = nil
	return step{row: row}
}

// settled takes an operator's word about a task in doubt.
func (t *tenure) settled(row schemas.LedgerRow, d deed.Deed, now time.Time) step {
	if row.State != schemas.TaskDoubt {
		return refused(row, "it is not in doubt: nothing of it was done")
	}
	if d.Does == schemas.DidNotDone {
		row.State, row.Granted, row.NotBefore = schemas.TaskWaiting, row.Attempts, nil
		return step{row: row}
	}
	s := done(row, t.kinds[row.Task.Kind], Answer{TheirRef: d.TheirRef}, now)
	s.told = true // also if what follows can not be said
	return s
}
