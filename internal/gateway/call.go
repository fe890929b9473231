package gateway

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"waybill/schemas"
)

// result is what came of a call or of a question.
type result struct {
	task   *task
	asked  bool
	began  time.Time
	answer Answer
	err    error
	heard  []schemas.Exchange
}

// start makes a call, or asks. Neither lasts longer than until its deadline, which is counted from before its intent was committed.
func (t *tenure) start(ctx context.Context, entry *task, deadline time.Time) {
	asked := entry.ask
	go func() {
		ctx, end := context.WithTimeout(ctx, deadline.Sub(t.now()))
		defer end()
		r, heard := result{task: entry, asked: asked, began: t.now()}, &hearing{}
		r.answer, r.err = t.speak(context.WithValue(ctx, inHearing{}, heard), entry, asked)
		r.heard = heard.heard()
		t.results <- r
	}()
}

// speak is a call or a question, of which a panic is an outcome too: that nobody knows what came of it.
func (t *tenure) speak(ctx context.Context, entry *task, asked bool) (answer Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.log.Error("a connector panicked", "task", entry.row.Task.TaskID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("the connector broke (a bug of ours): %v", p)
		}
	}()
	if asked {
		return t.party.Find(ctx, &entry.row.Task)
	}
	if ctx.Err() != nil { // this process stood still after the intent: another may be asking about it by now
		return Answer{}, &Failure{Class: Transient, Code: "too_late", Reason: "the call's time was over before it was sent"}
	}
	return t.party.Call(ctx, &entry.row.Task)
}
