package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/remote"
	"waybill/internal/gateway"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// ownership counts who wanted to write what is another's (item 43).
type ownership struct{ refused *prometheus.CounterVec }

func newOwnership(registerer prometheus.Registerer) *ownership {
	o := &ownership{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "waybill_field_writes_refused_total",
		Help: "Changes of a group of an order's fields that were not written to the ERP, because somebody has changed it there, by the party that wanted them.",
	}, []string{"party", "field"})}
	registerer.MustRegister(o.refused)
	return o
}

// amend tells the ERP what an order is now. What somebody has changed there is theirs: it stays, and the rest is written.
func (p erpParty) amend(ctx context.Context, placing *schemas.Placing) (gateway.Answer, error) {
	ref, said, kept, err := p.erp.AmendOrder(ctx, placing)
	if errors.Is(err, remote.ErrAbsent) {
		return gateway.Answer{}, &gateway.Failure{Class: gateway.Business, Code: "not_found", Reason: "the ERP has no order " + placing.Order.OrderID + " any more"}
	}
	answer, err := answered(ref, said, err)
	if err != nil || len(kept) == 0 {
		return answer, err
	}
	for _, field := range kept {
		p.owners.refused.WithLabelValues(placing.Order.Party, field).Inc()
	}
	answer.Document, err = json.Marshal(kept)
	return answer, err
}

// amendThen is what follows once the ERP has an order as it is now; but for what it keeps.
func amendThen(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
	var kept []string
	if len(answer.Document) > 0 {
		if err := json.Unmarshal(answer.Document, &kept); err != nil {
			return nil, fmt.Errorf("read what the ERP keeps as it is: %w", err)
		}
	}
	return processors.AmendThen(task, answer.TheirRef, kept, schemas.At(answer.At))
}
