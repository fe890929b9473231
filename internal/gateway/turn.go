package gateway

import (
	"context"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// finish is what came of a call or a question.
func (t *tenure) finish(ctx context.Context, n *turn, r result) error {
	now := t.now()
	hold := t.gate.end(&r, now)
	decide := t.called
	if r.asked {
		decide = t.asked
	}
	t.receipt(n, &r, now)
	row := &r.task.row
	if k := t.kinds[row.Task.Kind]; k.Every > 0 {
		return t.goOn(ctx, n, r, k, now)
	}
	return t.put(ctx, n, r.task, decide(*row, t.kinds[row.Task.Kind], r.answer, r.err, hold, now))
}

// put takes a step of a task into the turn, with what it means for the trash. What failed and was overtaken is not a person's business.
func (t *tenure) put(ctx context.Context, n *turn, entry *task, s step) error {
	if s.row.State == schemas.TaskTrashed {
		overtaken, err := t.isOvertaken(n, &s.row.Task)
		if err != nil {
			return err
		}
		if overtaken {
			s = dropped(s.row, t.now())
		}
	}
	id := s.row.Task.TaskID
	before := ""
	if t.desk.tasks[id] != nil {
		before = entry.row.State
	}
	if err := t.account(ctx, before, &s); err != nil {
		return err
	}
	if err := t.refused(before, &s); err != nil {
		return err
	}
	n.touched[id] = struct{}{}
	n.steps = append(n.steps, change{step: s, task: entry, key: id})
	return nil
}

// begin lets those go whose turn it is and whose kind may go: with its intent first where that is needed.
func (t *tenure) begin(ctx, holding context.Context, n *turn) error {
	if t.isPaused() {
		return nil
	}
	may := func(kind string, p limit.Priority) bool {
		at, ok := t.gate.opensAt(kind, p, n.began)
		return ok && !at.After(n.began)
	}
	t.letOn(n.began)
	for len(n.steps) < t.config.Limits.BatchMax {
		entry := t.desk.next(n.began, may)
		if entry == nil {
			return nil
		}
		if err := t.beginOne(ctx, holding, n, entry); err != nil {
			return err
		}
	}
	return nil
}

func (t *tenure) beginOne(ctx, holding context.Context, n *turn, entry *task) error {
	row := &entry.row
	k, is := t.kinds[row.Task.Kind]
	if !is {
		return t.put(ctx, n, entry, t.strange(*row, n.began))
	}
	ask := entry.ask && !k.Repeatable // what may be repeated is not asked about: it had the time to arrive
	overtaken, err := t.isOvertaken(n, &row.Task)
	switch {
	case err != nil:
		return err
	case overtaken && !ask:
		return t.put(ctx, n, entry, dropped(*row, n.began))
	case ask && !k.Findable:
		unknown := &Failure{Class: Transient, Code: "unanswered", Reason: "it was begun, and nobody knows what came of it"}
		return t.put(ctx, n, entry, t.unknown(*row, k, unknown, n.began))
	case !ask && t.isExhausted(row):
		return t.put(ctx, n, entry, t.again(*row, n.began))
	}
	if entry.parts = nil; !ask && k.Parts != nil {
		entry.parts = k.Parts(&row.Task)
	}
	if t.setAside(entry, n.began) {
		return nil
	}
	t.gate.begin(entry, n.began)
	if ask {
		t.start(holding, entry, n.began.Add(k.CallMax))
		return nil
	}
	entry.ask = false
	if !t.intends(&row.Task, k) {
		row.Attempts++
		t.start(holding, entry, n.began.Add(k.CallMax))
		return nil
	}
	n.touched[row.Task.TaskID] = struct{}{}
	n.intents = append(n.intents, entry)
	n.steps = append(n.steps, change{step: step{row: intended(*row, k, n.began)}, task: entry, key: row.Task.TaskID, begins: true})
	return nil
}

// refused adds what follows from a task that went to the trash. A person may still mend it.
func (t *tenure) refused(before string, s *step) error {
	row := &s.row
	k := t.kinds[row.Task.Kind]
	if row.State != schemas.TaskTrashed || before == row.State || k.Else == nil {
		return nil
	}
	messages, err := k.Else(&row.Task, row.Code, row.Reason, row.At.Time())
	s.messages = append(s.messages, messages...)
	return err
}
