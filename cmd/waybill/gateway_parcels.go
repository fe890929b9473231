package main

import (
	"context"
	"errors"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// ready asks the ERP which shipments are ready behind the cursor.
func (p erpParty) ready(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	at, err := schemas.ParsePolling(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	readies, err := p.erp.Ready(ctx, at.Cursor)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "not_found", Reason: "the ERP has no such list: look at erp.url"}
	}
	if err != nil {
		return answered("", nil, err)
	}
	answer := gateway.Answer{At: time.Now(), More: readies.More}
	if answer.Document, err = readies.Body(); err == nil {
		answer.Next, err = schemas.Polling{Cursor: readies.Next}.Body()
	}
	return answer, err
}

func readyThen(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
	return processors.ReadyThen(task, answer.Document, schemas.At(answer.At))
}

// writeTracking writes to the order what is known of a parcel. Whoever does not know what the ERP calls it leaves that to be looked for.
func (p erpParty) writeTracking(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	t, err := schemas.ParseTracking(task.Payload)
	if err != nil {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: err.Error()}
	}
	if t.OrderRef == "" {
		t.OrderRef, _, err = p.erp.FindOrder(ctx, task.OrderID)
		if errors.Is(err, remote.ErrAbsent) {
			return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "not_found", Reason: "the ERP has no order " + task.OrderID}
		}
		if err != nil {
			return answered("", nil, asking(err))
		}
	}
	return answered(t.OrderRef, nil, p.erp.WriteTracking(ctx, t))
}
