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
	messages []topics.Message // what follows from a done task
}

// taken is a task that was not known.
func taken(task *schemas.Task, offset int64, now time.Time) schemas.LedgerRow {
	return schemas.LedgerRow{Task: *task, Offset: offset, State: schemas.TaskOpen, At: schemas.At(now)}
}

// intended is written before a call that may not be repeated. Until when somebody may ask about it, is for people: who takes over does
// not trust the clock of who wrote it.
func intended(row schemas.LedgerRow, k Kind, now time.Time) schemas.LedgerRow {
	row.State, row.Attempts, row.At = schemas.TaskIntent, row.Attempts+1, schemas.At(now)
	row.NotBefore = new(schemas.At(now.Add(k.CallMax + k.SettleTime)))
	return row
}

// called is what an answer or a failure of a call makes of its task.
func (g *Gateway) called(row schemas.LedgerRow, k Kind, answer Answer, err error, now time.Time) step {
	if err == nil {
		return done(row, k, answer, now)
	}
	f := failureOf(err)
	if f.Perhaps && !k.Repeatable {
		return g.unknown(row, k, f, now)
	}
	return g.failed(row, k, f, now)
}

// asked is what the answer to a question makes of a task that may have been done.
func (g *Gateway) asked(row schemas.LedgerRow, k Kind, answer Answer, err error, now time.Time) step {
	switch {
	case err == nil:
		return done(row, k, answer, now)
	case errors.Is(err, ErrAbsent):
		row.State, row.NotBefore, row.At = schemas.TaskWaiting, nil, schemas.At(now)
		return step{row: row}
	}
	f := failureOf(err)
	row.Class, row.Code, row.Reason = f.Class, f.Code, f.Reason
	if f.Class == Permanent || f.Class == Business {
		row.State, row.NotBefore = schemas.TaskDoubt, nil
		row.At = schemas.At(now)
		return step{row: row}
	}
	row.NotBefore, row.At = new(schemas.At(now.Add(g.wait(row.Attempts, f)))), schemas.At(now) // the intent stands
	return step{row: row}
}

func done(row schemas.LedgerRow, k Kind, answer Answer, now time.Time) step {
	row.State, row.NotBefore, row.At = schemas.TaskDone, nil, schemas.At(now)
	row.Class, row.Code, row.Reason = "", "", ""
	row.TheirRef, row.Receipt = answer.TheirRef, &schemas.Body{Bytes: answer.Receipt}
	s := step{row: row}
	if k.Then == nil {
		return s
	}
	messages, err := k.Then(&row.Task, answer)
	if err != nil { // it was done, and what follows from it can not be said: never send it again
		s.row.State, s.row.Class, s.row.Code, s.row.Reason = schemas.TaskDoubt, Permanent, "then", err.Error()
		return s
	}
	s.messages = messages
	return s
}

// unknown is a call that may have been done and may not be repeated: it is asked about, or left to a person (nothing is ever bought
// twice to resolve a doubt).
func (g *Gateway) unknown(row schemas.LedgerRow, k Kind, f *Failure, now time.Time) step {
	row.Class, row.Code, row.Reason, row.At = f.Class, f.Code, f.Reason, schemas.At(now)
	if !k.Findable {
		row.State, row.NotBefore = schemas.TaskDoubt, nil
		return step{row: row}
	}
	row.State, row.NotBefore = schemas.TaskIntent, new(schemas.At(now.Add(k.CallMax+k.SettleTime)))
	return step{row: row}
}

// failed is a call of which nothing came, or that can be repeated.
func (g *Gateway) failed(row schemas.LedgerRow, k Kind, f *Failure, now time.Time) step {
	row.Class, row.Code, row.Reason, row.At = f.Class, f.Code, f.Reason, schemas.At(now)
	switch {
	case f.Class == Permanent, f.Class == Business, row.Attempts >= g.config.Limits.AttemptsMax:
		row.State, row.NotBefore = schemas.TaskTrashed, nil
	default:
		row.State, row.NotBefore = schemas.TaskWaiting, new(schemas.At(now.Add(g.wait(row.Attempts, f))))
	}
	return step{row: row}
}

// wait is how long to hold a task back: as the party asked for, or with full jitter.
func (g *Gateway) wait(attempts int64, f *Failure) time.Duration {
	return max(f.RetryAfter, g.jitter(int(max(0, attempts-1))))
}
