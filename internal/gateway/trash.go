package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"waybill/internal/deed"
	"waybill/internal/failure"
	"waybill/schemas"
	"waybill/topics"
)

// What waits for a person lies in the trash too, where people look: an entry a task, opened and closed in the transaction that changes
// the task.

func (g *Gateway) stepName() string { return "gateway." + g.config.Name }

// account adds to a step what it means for the task's entry.
func (t *tenure) account(ctx context.Context, before string, s *step) error {
	row := &s.row
	switch row.State {
	case schemas.TaskTrashed, schemas.TaskDoubt:
		if before == row.State && !s.told {
			return nil
		}
		entry, err := t.opened(ctx, row)
		if err != nil {
			return err
		}
		row.Trash = &schemas.OpenTrash{
			TrashID: entry.TrashID, Class: entry.Class, Reason: entry.Reason, Fingerprint: entry.Fingerprint, Topic: entry.Topic,
			Partition: entry.Partition, Offset: entry.Offset, FirstAt: entry.FirstAt, Attempts: entry.Attempts,
		}
		s.messages = append(s.messages, topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry})
	case schemas.TaskDone, schemas.TaskDropped:
		if row.Trash != nil {
			entry := t.closed(row)
			row.Trash = nil
			s.messages = append(s.messages, topics.Message{Topic: topics.Trash, Key: entry.TrashID, Value: entry})
		}
	}
	return nil
}

// opened is the entry of a task that waits for a person: the same one, however often it comes to that.
func (t *tenure) opened(ctx context.Context, row *schemas.LedgerRow) (*schemas.TrashEntry, error) {
	entry := t.entry(row)
	entry.State, entry.Class, entry.Reason, entry.FirstAt, entry.Attempts = schemas.TrashOpen, classOf(row), failure.Clip(row.Reason, failure.ReasonMax), row.At, row.Attempts
	entry.ShipBy = row.Task.Deadline
	if row.Trash != nil {
		entry.FirstAt, entry.Attempts = row.Trash.FirstAt, max(row.Attempts, row.Trash.Attempts+1)
	}
	if row.Code != "" && row.Code != unknownCode {
		code := failure.Clip(row.Code, deed.TextMax)
		entry.Faults = []schemas.Fault{{Code: code, Path: "$", Text: failure.Clip(row.Reason, deed.TextMax)}}
		entry.Fingerprint = failure.Fingerprint(entry.Step, entry.Class, []string{code}, "")
	} else {
		entry.Fingerprint = failure.Fingerprint(entry.Step, entry.Class, nil, entry.Reason)
	}
	entry.Headers = []schemas.Header{{Name: "task-kind", Value: row.Task.Kind}, {Name: "task-holds", Value: strings.Join(row.Task.Holds, ", ")}}
	value := row.Task.Payload.Bytes
	if row.Class != schemas.ClassMalformed {
		b, err := t.registry.Encode(ctx, nil, t.outbox.Subject(), schemas.TaskSchema, &row.Task)
		if err != nil {
			return nil, fmt.Errorf("encode task %s for the trash: %w", row.Task.TaskID, err)
		}
		value = b
	}
	sum := sha256.Sum256(value)
	if entry.ValueSHA256 = hex.EncodeToString(sum[:]); len(value) <= schemas.TrashValueBytesMax {
		entry.Value = &schemas.Body{Bytes: slices.Clone(value)}
	}
	return entry, nil
}

// classOf is what an entry says of a task that waits for a person.
func classOf(row *schemas.LedgerRow) string {
	switch {
	case row.State == schemas.TaskDoubt:
		return schemas.ClassInDoubt
	case isFinal(row.Class), row.Class == schemas.ClassMalformed:
		return row.Class
	}
	return schemas.ClassExhausted
}

// closed is how the entry of a task ended.
func (t *tenure) closed(row *schemas.LedgerRow) *schemas.TrashEntry {
	entry, open := t.entry(row), row.Trash
	entry.Class, entry.Reason, entry.Fingerprint, entry.FirstAt, entry.Attempts = open.Class, open.Reason, open.Fingerprint, open.FirstAt, open.Attempts
	entry.State, entry.Resolution = schemas.TrashRepaired, "done at "+t.config.Name
	switch {
	case row.State == schemas.TaskDropped && row.Did == schemas.DidDismiss:
		entry.State, entry.Resolution = schemas.TrashDismissed, fmt.Sprintf("dismissed by %s: %s", row.By, row.Why)
	case row.State == schemas.TaskDropped:
		entry.State, entry.Resolution = schemas.TrashDismissed, "a later task of "+row.Task.Lane+" came"
	case row.Did == schemas.DidDone:
		entry.Resolution = fmt.Sprintf("done after all, by the word of %s: %s", row.By, row.Why)
	}
	if row.TheirRef != "" {
		entry.Resolution += " (" + row.TheirRef + ")"
	}
	return entry
}

func (t *tenure) entry(row *schemas.LedgerRow) *schemas.TrashEntry {
	return &schemas.TrashEntry{
		TrashID: schemas.TrashID(t.stepName(), t.outbox.Name, 0, row.Offset), Step: t.stepName(), OrderID: failure.Clip(row.Task.OrderID, deed.TextMax),
		Party: t.config.Name, Topic: t.outbox.Name, Offset: row.Offset, Key: failure.Clip(row.Task.TaskID, deed.TextMax),
		Did: row.Did, By: row.By, Why: row.Why, Job: row.Job,
	}
}
