package processors

import (
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindProof is the call that asks a carrier what proves that a parcel was delivered.
const KindProof = "proof"

// prove asks the carrier, once, what proves a delivery, if it has such things (item 113).
func (t *tracking) prove(life *schemas.ParcelLife, stand *schemas.Scan) error {
	outbox := topics.Named(topics.OutboxName(t.party()))
	if stand == nil || stand.Status != schemas.ParcelDelivered || !t.terms().Proves || outbox == nil || life.ProofAt != 0 {
		return nil
	}
	payload, err := schemas.Asking{Numbers: []string{t.number()}}.Body()
	if err != nil {
		return fmt.Errorf("write down that the delivery of parcel %s is to be proven: %w", t.number(), err)
	}
	life.ProofAt = t.event.At
	task := &schemas.Task{TaskID: fmt.Sprintf("%s/%s:%s@%d", t.party(), KindProof, t.number(), t.event.At), Party: t.party(), Kind: KindProof, OrderID: life.OrderID, Payload: payload}
	t.said = append(t.said, topics.Message{Topic: outbox, Key: task.TaskID, Value: task})
	return nil
}

// ProofThen tells of what proves a delivery, once it is kept; nothing if there is nothing.
func ProofThen(task *schemas.Task, carrier string, kept []schemas.KeptProof, at schemas.Millis) ([]topics.Message, error) {
	asking, err := schemas.ParseAsking(task.Payload)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	body, err := schemas.Decision{Decision: schemas.DecisionProven, Proofs: kept}.Body()
	number := asking.Numbers[0]
	return []topics.Message{{Topic: topics.TrackingRaw, Key: schemas.LinkKey(task.Party, schemas.LinkTracking, number), Value: &schemas.RawTracking{
		Party: task.Party, Carrier: carrier, Number: number, Origin: schemas.OriginManual, ReceivedAt: at, Proven: true, ContentType: schemas.DecisionType, Body: body,
	}}}, err
}

// note tells what else was said of a parcel by who is no carrier, once: that proofs were kept, or who took them out.
func (t *tracking) note(life *schemas.ParcelLife, raw *schemas.RawTracking, d *schemas.Decision) {
	if raw.ReceivedAt <= life.NotedAt {
		return // it is read once more
	}
	life.NotedAt = raw.ReceivedAt
	said := ""
	if d.By != "" {
		said = "by " + d.By
	}
	e := t.tell(life, raw, &schemas.Scan{Status: schemas.ParcelIgnored, At: raw.ReceivedAt, Code: d.Decision, Known: true, Reason: d.Why, Description: said}, t.standOf(life))
	e.Proofs = d.Proofs
}
