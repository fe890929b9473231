package gateway

import (
	"bytes"
	"context"
	"time"

	"waybill/schemas"
)

// stand puts the tasks of standing kinds on the desk, of which the ledger knows nothing yet.
func (t *tenure) stand() {
	for name, k := range t.kinds {
		id := t.config.Name + "/" + name
		if k.Every == 0 || t.desk.tasks[id] != nil {
			continue
		}
		row := schemas.LedgerRow{Task: schemas.Task{TaskID: id, Party: t.config.Name, Kind: name}, State: schemas.TaskStanding}
		t.desk.add(&task{row: row})
	}
}

// goOn takes the step of a standing task. The time of its next call is nobody's business but this process's.
func (t *tenure) goOn(ctx context.Context, n *turn, r result, k Kind, now time.Time) error {
	s, pause := t.stood(r.task.row, k, r.answer, r.err)
	if r.task.again {
		r.task.again, pause = false, 0
	}
	if pause > 0 {
		s.row.NotBefore = new(schemas.At(now.Add(pause)))
	} else {
		s.row.NotBefore = nil
	}
	if s.isToKeep(&r.task.row, now) {
		s.row.At = schemas.At(now)
		return t.put(ctx, n, r.task, s)
	}
	t.desk.settle(r.task, s.row)
	return nil
}

// askNow lets the party be asked what is new, at once. A question that is under way may have been answered before it was new: it is asked
// once more. Nothing of this is written down: who takes over asks at once by himself.
func (t *tenure) askNow() {
	for name, k := range t.kinds {
		standing := t.desk.tasks[t.config.Name+"/"+name]
		if k.Every == 0 || standing == nil {
			continue
		}
		if standing.again = standing.busy; !standing.busy {
			t.desk.hurry(standing)
		}
	}
}

// stood is what an answer or a failure makes of a standing task: it goes on where the answer says, in the transaction of what follows.
// What fails is tried again, for ever.
func (g *Gateway) stood(row schemas.LedgerRow, k Kind, answer Answer, err error) (s step, pause time.Duration) {
	s.row = row
	if err != nil {
		f := failureOf(err)
		g.log.Warn("a standing call failed and is made again", "kind", k.Name, "attempt", row.Attempts, "class", f.Class, "code", f.Code, "reason", f.Reason)
		return s, max(g.wait(row.Attempts, f), min(k.Every, g.config.Limits.BackoffMax))
	}
	if s.messages, err = k.Then(&row.Task, answer); err != nil {
		g.log.Error("what a standing call was answered can not be taken further, and it is made again", "kind", k.Name, "error", err)
		s.messages = nil
		return s, k.Every
	}
	s.row.Attempts, s.row.Task.Payload = 0, answer.Next
	if answer.More {
		return s, 0
	}
	return s, k.Every
}

// keepTime is how long it is kept nowhere that a standing task has gone on and nothing came of it: who takes over asks for that time again.
const keepTime = 10 * time.Minute

// isToKeep tells whether a step of a standing task has to be committed: most say that nothing is new.
func (s step) isToKeep(was *schemas.LedgerRow, now time.Time) bool {
	moved := !bytes.Equal(s.row.Task.Payload.Bytes, was.Task.Payload.Bytes)
	return len(s.messages) > 0 || moved && now.Sub(was.At.Time()) >= keepTime
}
