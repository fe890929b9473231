package gateway

import (
	"errors"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// The protocol: what each thing that happens makes of a row. Nothing here has an effect; what it decides is committed before anything
// follows from it.

// step is what one happening leads to, all in one transaction.
type step struct {
	row      schemas.LedgerRow
	messages []topics.Message // what follows from a done task, and what the trash is told
	told     bool             // the trash is told though the state is the same
}

// taken is a task that was not known.
func taken(task *schemas.Task, offset int64, now time.Time) schemas.LedgerRow {
	return schemas.LedgerRow{Task: *task, Offset: offset, State: schemas.TaskOpen, At: schemas.At(now), AskedAt: schemas.At(now)}
}

// rehearsedRef is what stands for a party's name of what nobody asked it for.
const rehearsedRef = "rehearsed"

// rehearsed is a task that goes through everything and is not sent.
func rehearsed(row schemas.LedgerRow, k Kind, now time.Time) step {
	s := done(row, k, Answer{TheirRef: rehearsedRef}, now)
	if s.row.State != schemas.TaskDone { // nobody is to be asked about it
		s.row.State = schemas.TaskDropped
	}
	return s
}

// intendsFirst tells whether a call's intent is committed before it: whoever comes next must know that it may have been sent, because
// sent again it would be done again, or because it could arrive behind a later one of its lane.
func intendsFirst(task *schemas.Task, k Kind) bool { return !k.Repeatable || task.Lane != "" }

// intended is written before a call. Until when somebody may ask about it, is for people: who takes over does not trust the clock of
// who wrote it.
func intended(row schemas.LedgerRow, k Kind, now time.Time) schemas.LedgerRow {
	row.State, row.Attempts, row.At = schemas.TaskIntent, row.Attempts+1, schemas.At(now)
	row.NotBefore = new(schemas.At(now.Add(k.CallMax + k.SettleTime)))
	return row
}

// called is what an answer or a failure of a call makes of its task.
func (g *Gateway) called(row schemas.LedgerRow, k Kind, answer Answer, err error, hold bool, now time.Time) step {
	if err == nil {
		return done(row, k, answer, now)
	}
	f := failureOf(err)
	if f.Perhaps && g.intends(&row.Task, k) {
		return g.unknown(row, k, f, now)
	}
	return g.failed(row, f, hold, now)
}

// asked is what the answer to a question makes of a task that may have been done.
func (g *Gateway) asked(row schemas.LedgerRow, k Kind, answer Answer, err error, _ bool, now time.Time) step {
	switch {
	case err == nil:
		return done(row, k, answer, now)
	case errors.Is(err, ErrAbsent):
		return g.again(row, now)
	}
	f := failureOf(err)
	row.Class, row.Code, row.Reason, row.At = f.Class, f.Code, f.Reason, schemas.At(now)
	if isFinal(f.Class) {
		row.State, row.NotBefore = schemas.TaskDoubt, nil
		return step{row: row}
	}
	row.NotBefore = new(schemas.At(now.Add(g.wait(row.Attempts, f)))) // the intent stands
	return step{row: row}
}

// again is a task that may be sent again, because nothing came of it; or not, if it was sent too often.
func (g *Gateway) again(row schemas.LedgerRow, now time.Time) step {
	row.State, row.NotBefore, row.At = schemas.TaskWaiting, nil, schemas.At(now)
	if g.isExhausted(&row) {
		row.State = schemas.TaskTrashed
	}
	return step{row: row}
}

// isExhausted tells whether a person has to look at a task before it is sent once more.
func (g *Gateway) isExhausted(row *schemas.LedgerRow) bool {
	return row.State != schemas.TaskStanding && row.Attempts-row.Granted >= g.config.Limits.AttemptsMax
}

func done(row schemas.LedgerRow, k Kind, answer Answer, now time.Time) step {
	row.State, row.NotBefore, row.At = schemas.TaskDone, nil, schemas.At(now)
	row.Class, row.Code, row.Reason = "", "", ""
	row.TheirRef, row.Receipt = answer.TheirRef, &schemas.Body{Bytes: answer.Receipt}
	if answer.Needless {
		row.State = schemas.TaskDropped
	}
	s := step{row: row}
	if k.Then == nil {
		return s
	}
	if answer.At.IsZero() {
		answer.At = now
	}
	messages, err := k.Then(&row.Task, answer)
	if err != nil { // it was done, and what follows from it can not be said: never send it again
		s.row.State, s.row.Class, s.row.Code, s.row.Reason = schemas.TaskDoubt, Permanent, "then", err.Error()
		return s
	}
	s.messages = messages
	return s
}

// unknown is a call that may have been done. What may not be repeated is asked about, or left to a person (nothing is ever bought twice
// to resolve a doubt); what may is left alone until it can no longer arrive.
func (g *Gateway) unknown(row schemas.LedgerRow, k Kind, f *Failure, now time.Time) step {
	row.Class, row.Code, row.Reason, row.At = f.Class, f.Code, f.Reason, schemas.At(now)
	if !k.Findable && !k.Repeatable {
		row.State, row.NotBefore = schemas.TaskDoubt, nil
		return step{row: row}
	}
	row.State, row.NotBefore = schemas.TaskIntent, new(schemas.At(now.Add(k.CallMax+k.SettleTime)))
	return step{row: row}
}

// failed is a call of which nothing came, or that can be repeated. hold says that the failure is not this call's own: it counts as if it
// had not been made.
func (g *Gateway) failed(row schemas.LedgerRow, f *Failure, hold bool, now time.Time) step {
	row.Class, row.Code, row.Reason, row.At = f.Class, f.Code, f.Reason, schemas.At(now)
	if hold {
		row.Attempts--
		row.State, row.NotBefore = schemas.TaskWaiting, nil
		if f.RetryAfter > 0 {
			row.NotBefore = new(schemas.At(now.Add(f.RetryAfter)))
		}
		return step{row: row}
	}
	if isFinal(f.Class) || g.isExhausted(&row) {
		row.State, row.NotBefore = schemas.TaskTrashed, nil
		return step{row: row}
	}
	row.State, row.NotBefore = schemas.TaskWaiting, new(schemas.At(now.Add(g.wait(row.Attempts, f))))
	return step{row: row}
}

// dropped is a task that is needless.
func dropped(row schemas.LedgerRow, now time.Time) step {
	row.State, row.NotBefore, row.At = schemas.TaskDropped, nil, schemas.At(now)
	return step{row: row}
}

// strange is a task of a kind that nobody here does: it was put on the outbox by a mistake, or by a version that knew it.
func (g *Gateway) strange(row schemas.LedgerRow, now time.Time) step {
	mayBeSent := row.State == schemas.TaskIntent
	row.State, row.NotBefore, row.At = schemas.TaskTrashed, nil, schemas.At(now)
	row.Class, row.Code = Permanent, "unknown_kind"
	row.Reason = "no connector of " + g.config.Name + " does " + row.Task.Kind + " in this version of Waybill"
	if mayBeSent {
		row.State, row.Reason = schemas.TaskDoubt, row.Reason+", and it was begun"
	}
	return step{row: row}
}

// wait is how long to hold a task back: as the party asked for, or with full jitter.
func (g *Gateway) wait(attempts int64, f *Failure) time.Duration {
	return max(f.RetryAfter, g.jitter(int(max(0, attempts-1))))
}
