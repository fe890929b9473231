package processors

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Request asks for a label as soon as the ERP says that a shipment is packed and nothing speaks against it, once; and for it to be taken
// back when something does. What is held is let go by whatever changes that.
func Request(s Sources) Processor {
	return Processor{
		Name:   "request",
		Reads:  []*topics.Topic{topics.ERPRaw, topics.OrdersNormalized, topics.OrdersPlaced, topics.Shipments},
		Back:   topics.StepRequest,
		Looks:  []*topics.Topic{topics.IDCatalogue}, // for the numbers on the goods
		Table:  topics.TableRequest,
		Writes: append([]*topics.Topic{topics.Shipments, topics.Missing, topics.Receipts}, outboxes()...),
		State:  schemas.OrderShippingSchema,
		Handle: func(event *topics.Event, state any) (Result, error) {
			r := requesting{event: event, known: state.(*schemas.OrderShipping), sources: &s}
			return r.run()
		},
	}
}

// requesting is one event on its way.
type requesting struct {
	event   *topics.Event
	known   *schemas.OrderShipping
	sources *Sources
	order   *schemas.Order // nil if nothing was heard of it
	said    []topics.Message
}

func (r *requesting) run() (Result, error) {
	isNews, err := r.note()
	isDue := r.event.Value == nil // a part of the time is over
	if err != nil || !isNews && !isDue {
		return Result{Repeat: true}, err
	}
	if kept := r.known.Order; kept != nil {
		r.order = new(schemas.Order)
		if err := json.Unmarshal(kept.Bytes, r.order); err != nil {
			return Result{}, fmt.Errorf("read what is known of order %s: %w", r.event.Key, err)
		}
		if err := errors.Join(r.redirect(), r.tellEnded()); err != nil {
			return Result{}, err
		}
	}
	for i := range r.known.Shipments {
		if !isNews {
			break
		}
		if err := r.settle(&r.known.Shipments[i]); err != nil {
			return Result{}, err
		}
	}
	wake := r.expectToLeave()
	return Result{Messages: r.said, Repeat: r.said == nil, Wake: wake}, nil
}

// note takes down what an event says, and tells whether it says anything.
func (r *requesting) note() (isNews bool, err error) {
	switch value := r.event.Value.(type) {
	case *schemas.ERPRaw:
		return r.told(value)
	case *schemas.Order:
		return r.changed(value)
	case *schemas.Shipment:
		return r.heard(value), nil
	case nil:
		return false, nil
	default:
		return false, Dead(schemas.ClassMalformed, fmt.Errorf("request got a %T", value))
	}
}

// told is how a shipment stands in the ERP. One of an order that is not ours is nobody's business here.
func (r *requesting) told(raw *schemas.ERPRaw) (isNews bool, err error) {
	switch raw.OrderID {
	case r.event.Key:
	case "":
		return false, nil
	default:
		return false, Dead(schemas.ClassInvalid, fmt.Errorf("the ERP said this of order %s, and it was kept under %s", raw.OrderID, r.event.Key))
	}
	said, err := r.sources.Packed(raw)
	if err != nil {
		return false, Dead(schemas.ClassMalformed, fmt.Errorf("read how shipment %s was packed: %w", raw.Ref, err))
	}
	if isNews, err = r.goesTo(said.To); r.ended(said.Cancelled) {
		isNews = true
	}
	if err != nil || raw.Kind == schemas.ERPEdited {
		return isNews, err
	}
	sh := r.standing(raw.Ref)
	if sh.Told == raw.Kind && sh.Revision == raw.Revision {
		return isNews, nil
	}
	if raw.Kind == schemas.ERPReady {
		sh.Packed, sh.Articles, sh.Location = parcelsIn(said), said.Articles, said.Location
	}
	sh.Told, sh.Revision = raw.Kind, raw.Revision
	return true, nil
}

// parcelsIn are those of a shipment. One that has no parcels of its own is one; a single one weighs what the shipment does, if nobody
// weighed it.
func parcelsIn(p schemas.Readied) []schemas.PackedParcel {
	if len(p.Parcels) == 0 {
		return []schemas.PackedParcel{{Grams: p.Grams}}
	}
	var packed []schemas.PackedParcel
	for _, one := range p.Parcels {
		packed = append(packed, schemas.PackedParcel(one))
	}
	if len(packed) == 1 && packed[0].Grams == 0 {
		packed[0].Grams = p.Grams
	}
	return packed
}

// changed is the order as its channel says it is, or where it stands in the ERP: of that, an earlier version may speak.
func (r *requesting) changed(order *schemas.Order) (isNews bool, err error) {
	if err := r.noteDestination(order); err != nil {
		return false, err
	}
	if order.Placement != nil {
		isNews = r.known.OrderRef != order.Placement.OrderRef
		r.known.OrderRef = order.Placement.OrderRef
		if r.known.Order != nil {
			return isNews, nil
		}
	}
	b, err := json.Marshal(order)
	if err != nil {
		return false, fmt.Errorf("write down order %s: %w", order.OrderID, err)
	}
	r.known.Order = &schemas.Body{Bytes: b}
	return true, nil
}

// heard is what became of a part of a shipment, or a person's wish. What was bought and not taken back stays bought, whatever else is said.
func (r *requesting) heard(s *schemas.Shipment) (isNews bool) {
	if s.State == schemas.ShipmentScanned {
		r.scanned(s)
		return true
	}
	at := slices.IndexFunc(r.known.Shipments, func(sh schemas.ShipmentStanding) bool { return sh.Ref == s.Ref })
	if at < 0 || s.Generation != r.known.Shipments[at].Generation {
		return false
	}
	sh := &r.known.Shipments[at]
	switch s.State {
	case schemas.ShipmentAgain:
		sh.Again = sh.Generation > 0
		return sh.Again
	case schemas.ShipmentHandedOver: // a driver has it, whatever the ERP says of that, or was going to
		if sh.State != schemas.ShipmentRequested {
			return false
		}
		sh.State, sh.Reason = schemas.ShipmentHandedOver, ""
		return true
	case schemas.ShipmentBooked, schemas.ShipmentLabelled, schemas.ShipmentWithdrawn, schemas.ShipmentVoided, schemas.ShipmentRefused:
	default:
		return false // our own word
	}
	if isBought(s.State) {
		sh.Carrier = s.Carrier // of several, that one was chosen
	}
	if len(sh.Parts) == 0 {
		sh.Parts = make([]string, s.Parts)
	}
	part := &sh.Parts[s.Part-1]
	if s.State == schemas.ShipmentWithdrawn && isBought(*part) || *part == s.State {
		return false
	}
	*part = s.State
	return true
}

// isBought tells whether a part costs money as it stands.
func isBought(part string) bool {
	return part == schemas.ShipmentBooked || part == schemas.ShipmentLabelled
}

func (r *requesting) standing(ref string) *schemas.ShipmentStanding {
	at := slices.IndexFunc(r.known.Shipments, func(sh schemas.ShipmentStanding) bool { return sh.Ref == ref })
	if at < 0 {
		r.known.Shipments = append(r.known.Shipments, schemas.ShipmentStanding{Ref: ref})
		at = len(r.known.Shipments) - 1
	}
	return &r.known.Shipments[at]
}
