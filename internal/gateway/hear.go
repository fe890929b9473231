package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Hear is what a party tells its exchanges to while it makes a call: they are kept with what came of it (item 47).
func Hear(ctx context.Context) func(schemas.Exchange) {
	if h, is := ctx.Value(inHearing{}).(*hearing); is {
		return h.add
	}
	return func(schemas.Exchange) {}
}

// inHearing is where a call finds its hearing in its context.
type inHearing struct{}

// hearing are the exchanges of one call. A connector may still speak when the time of the call is over.
type hearing struct {
	mu  sync.Mutex
	all []schemas.Exchange
}

// exchangesMax is of how many exchanges of a call the bodies are kept, the first ones; bodiesMax how much of them together, in bytes.
const (
	exchangesMax = 64
	bodiesMax    = 512 << 10
)

func (h *hearing) add(x schemas.Exchange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.all) < exchangesMax {
		h.all = append(h.all, x)
	}
}

// heard are the exchanges so far, as they are kept.
func (h *hearing) heard() []schemas.Exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, room := slices.Clone(h.all), bodiesMax
	for i := range all {
		if room -= len(all[i].Sent.Bytes) + len(all[i].Said.Bytes); room < 0 {
			all[i].Sent.Bytes, all[i].Said.Bytes = nil, nil
		}
	}
	return all
}

// receipt is what is kept of a call about an order. What is asked again and again, and about none, says all in what follows from it.
func (t *tenure) receipt(n *turn, r *result, now time.Time) {
	row := &r.task.row
	if row.Task.OrderID == "" {
		return
	}
	kept := schemas.Receipt{
		TaskID: row.Task.TaskID, Party: t.config.Name, Kind: row.Task.Kind, OrderID: row.Task.OrderID, Attempt: row.Attempts, Asked: r.asked,
		Outcome: schemas.CallDone, TheirRef: r.answer.TheirRef, Release: t.config.Release,
		At: schemas.At(r.began), TookMS: now.Sub(r.began).Milliseconds(), Exchanges: r.heard, Parts: r.task.parts,
	}
	switch {
	case errors.Is(r.err, ErrAbsent):
		kept.Outcome = schemas.CallAbsent
	case r.err != nil:
		f := failureOf(r.err)
		kept.Outcome, kept.Class, kept.Code = schemas.CallFailed, f.Class, f.Code
	case r.answer.Needless:
		kept.Outcome = schemas.CallNeedless
	}
	n.receipts = append(n.receipts, receipt{kept, row.Offset})
}

// receipt is one on its way, and where its task stands on the outbox.
type receipt struct {
	schemas.Receipt
	cause int64
}

// receiptRecord is an observation, and no other is the same: the number of it in this process makes its id.
func (t *tenure) receiptRecord(ctx context.Context, kept *receipt) (*kgo.Record, error) {
	b, err := t.registry.Encode(ctx, nil, topics.Receipts.Subject(), topics.Receipts.Schema, &kept.Receipt)
	if err != nil {
		return nil, fmt.Errorf("encode the receipt of task %s: %w", kept.TaskID, err)
	}
	return &kgo.Record{Topic: topics.Receipts.Name, Key: []byte(kept.OrderID), Value: b, Headers: []kgo.RecordHeader{
		{Key: topics.HeaderCause, Value: []byte(schemas.Position(t.outbox.Name, 0, kept.cause))},
		{Key: topics.HeaderEventID, Value: fmt.Appendf(nil, "%s#call#%s#%d", kept.TaskID, t.runID, t.receipts.Add(1))},
		{Key: topics.HeaderRunID, Value: t.runID},
		{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)},
		{Key: topics.HeaderOrderID, Value: []byte(kept.OrderID)},
	}}, nil
}
