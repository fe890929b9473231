package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"waybill/connectors/carriers"
	"waybill/internal/gateway"
	"waybill/internal/labels"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// prove keeps what a carrier has to prove a delivery, before anybody hears of it (invariant 2).
func (p carrierParty) prove(ctx context.Context, number string) (gateway.Answer, error) {
	prover := carriers.ProverOf(p.asker)
	if prover == nil {
		return gateway.Answer{Needless: true}, nil
	}
	proofs, err := prover.Prove(ctx, number)
	if err != nil {
		return answered("", nil, asking(err))
	}
	kept := []schemas.KeptProof{}
	for _, one := range proofs {
		sha, err := p.labels.Put(ctx, labels.Proof, one.Content)
		if err != nil {
			return gateway.Answer{}, &gateway.Failure{Class: gateway.Transient, Code: "not_kept", Reason: "what proves the delivery could not be kept: " + err.Error()}
		}
		kept = append(kept, schemas.KeptProof{Kind: one.Kind, Type: http.DetectContentType(one.Content), SHA256: sha, Bytes: int64(len(one.Content))})
	}
	document, err := json.Marshal(kept)
	return gateway.Answer{Document: document, Receipt: document, At: time.Now()}, err
}

// proven is what follows from that.
func (p carrierParty) proven(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
	if len(answer.Document) == 0 {
		return nil, nil // nobody was asked
	}
	var kept []schemas.KeptProof
	if err := json.Unmarshal(answer.Document, &kept); err != nil {
		return nil, err
	}
	return processors.ProofThen(task, p.carrier, kept, schemas.At(answer.At))
}
