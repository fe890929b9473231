package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// A repair works on what was, and may do outside only what a person approved: each effect that its plan predicted has a token, a row of the
// ledger with the hash of the plan and the task as it was predicted. A task of a repair spends its token in the transaction that takes it in,
// so it is sent once, however often it is asked for; without one, or if it is not what was predicted, it is never sent.

// tokenKey is where the ledger keeps the token of a task.
func tokenKey(taskID string) string { return "token " + taskID }

// permit issues the token of a task, as an approved plan predicted it. One that is spent stays so, and a task that the ledger knows needs none.
func (t *tenure) permit(n *turn, r *kgo.Record, d deed.Deed, now time.Time) error {
	id := string(r.Key)
	key := tokenKey(id)
	predicted := &schemas.Task{}
	if err := t.registry.Decode(context.Background(), schemas.TaskSchema, r.Value, predicted); err != nil {
		if errors.Is(err, schemas.ErrForeignSchema) || errors.Is(err, schemas.ErrRegistry) {
			return fmt.Errorf("read %s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		t.log.Warn("a token can not be issued, because its task can not be read", "task", id, "offset", r.Offset, "error", err)
		return nil
	}
	known, err := t.knows(n, id)
	if err != nil || known || d.Plan == "" || predicted.TaskID != id {
		return err
	}
	if token, is, err := t.token(n, id); err != nil || is && token.State == schemas.TaskSpent {
		return err
	}
	row := schemas.LedgerRow{Task: *predicted, State: schemas.TaskPermitted, Offset: r.Offset, Plan: d.Plan, By: d.By, Why: d.Why, At: schemas.At(now)}
	n.tokens[key] = row
	n.steps = append(n.steps, change{step: step{row: row}, key: key})
	return nil
}

// token is what the ledger, or this turn, has as the token of a task.
func (t *tenure) token(n *turn, id string) (schemas.LedgerRow, bool, error) {
	if row, is := n.tokens[tokenKey(id)]; is {
		return row, true, nil
	}
	return t.row([]byte(tokenKey(id)))
}

// redeem takes in a task that is not live, if it is a repair's and has a token; else it is left alone.
func (t *tenure) redeem(ctx context.Context, n *turn, r *kgo.Record, now time.Time) error {
	if !isRepair(r) {
		t.refuse(r)
		return nil
	}
	asked := &schemas.Task{}
	err := t.registry.Decode(context.Background(), schemas.TaskSchema, r.Value, asked)
	if errors.Is(err, schemas.ErrForeignSchema) || errors.Is(err, schemas.ErrRegistry) {
		return fmt.Errorf("read %s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
	}
	token, is, failed := t.token(n, string(r.Key))
	if failed != nil {
		return failed
	}
	if !is {
		token = schemas.LedgerRow{}
	}
	if err != nil || asked.TaskID != string(r.Key) || !t.redeems(&token, asked) {
		t.refuse(r)
		return nil
	}
	known, err := t.knows(n, asked.TaskID)
	if err != nil || known {
		return err
	}
	if is {
		token.State, token.At = schemas.TaskSpent, schemas.At(now)
		n.tokens[tokenKey(asked.TaskID)] = token
		n.steps = append(n.steps, change{step: step{row: token}, key: tokenKey(asked.TaskID)})
	}
	return t.take(ctx, n, r, token.Plan, now)
}

// mayRedeem tells whether a task is what its token was issued for. When it is due is no part of that: it may have been planned long ago.
func mayRedeem(token *schemas.LedgerRow, asked *schemas.Task) bool {
	p := &token.Task
	return token.State == schemas.TaskPermitted && p.TaskID == asked.TaskID && p.Kind == asked.Kind && p.OrderID == asked.OrderID &&
		p.Lane == asked.Lane && p.Sequence == asked.Sequence && string(p.Payload.Bytes) == string(asked.Payload.Bytes)
}

func isRepair(r *kgo.Record) bool {
	for _, h := range r.Headers {
		if h.Key == topics.HeaderMode {
			return string(h.Value) == topics.ModeRepair
		}
	}
	return false
}
