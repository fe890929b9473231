package processors

import (
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Statuses that the ERP hears of a parcel before its carrier has seen it.
const (
	statusLabelled = "labelled"
	statusVoided   = "voided" // the number is good for nothing any more
)

// Dispatch tells everybody who has to know of a parcel as soon as it has its label, each by a task of its own, so that nobody waits for
// another, and has it printed; and tells that a number is good no more.
func Dispatch(s Sources) Processor {
	return Step(Processor{
		Name:   "dispatch",
		Reads:  []*topics.Topic{topics.Shipments},
		Back:   topics.StepDispatch,
		Table:  topics.TableDispatch,
		Writes: slices.Concat([]*topics.Topic{topics.OutboxERP}, outboxes(), outboxesOf(topics.Printers())),
		State:  schemas.OrderDispatchSchema,
	}, func(_ *topics.Event, shipment *schemas.Shipment, told *schemas.OrderDispatch) (result Result, err error) {
		if shipment == nil {
			return Result{Repeat: true}, nil
		}
		switch shipment.State {
		case schemas.ShipmentLabelled:
			result.Messages, err = s.labelled(shipment, told)
		case schemas.ShipmentVoided:
			result.Messages, err = s.voided(shipment, told)
		case schemas.ShipmentPrinted:
			result.Messages, err = s.printedByHand(shipment, told)
		}
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		result.Repeat = result.Messages == nil
		return result, nil
	})
}

// labelled tells of the parcels of a part, once a generation. The numbers that they replace are good no more.
func (s *Sources) labelled(shipment *schemas.Shipment, told *schemas.OrderDispatch) (calls []topics.Message, err error) {
	part := partTold(shipment, told)
	if part.Generation >= shipment.Generation {
		return nil, nil
	}
	if calls, err = replaced(shipment, part); err != nil {
		return nil, err
	}
	part.Generation, part.Carrier, part.Numbers, part.Voided = shipment.Generation, shipment.Carrier, nil, false
	link := ""
	if c := s.terms(shipment.Carrier).Carriage; c != nil {
		link = c.LabelLink
	}
	for _, p := range shipment.Parcels {
		t := schemas.Tracking{OrderRef: shipment.OrderRef, Carrier: shipment.Carrier, Number: p.Number, Status: statusLabelled, At: shipment.At}
		if link != "" && p.LabelSHA256 != "" {
			t.LabelURL = link + p.LabelSHA256
		}
		call, err := TrackingCall(shipment.OrderID, t)
		if err != nil {
			return nil, err
		}
		calls, part.Numbers = append(calls, call), append(part.Numbers, p.Number)
	}
	prints, err := s.printCalls(shipment)
	if err != nil {
		return nil, err
	}
	ships, err := s.shipCalls(shipment, part.Parcel)
	return slices.Concat(prints, calls, ships), err
}

// voided tells that numbers that were told are good no more. What a printer has not printed of them, it never does.
func (s *Sources) voided(shipment *schemas.Shipment, told *schemas.OrderDispatch) ([]topics.Message, error) {
	part := partTold(shipment, told)
	if part.Generation != shipment.Generation {
		return nil, nil
	}
	calls, err := replaced(shipment, part)
	if err != nil {
		return nil, err
	}
	part.Voided = true
	withdrawn, err := s.withdrawn(shipment, part, part.Numbers)
	return append(calls, withdrawn...), err
}

// replaced tells the ERP of each number of a part that it is good no more.
func replaced(shipment *schemas.Shipment, part *schemas.DispatchedPart) (calls []topics.Message, err error) {
	if part.Voided {
		return nil, nil
	}
	for _, number := range part.Numbers {
		call, err := TrackingCall(shipment.OrderID, schemas.Tracking{OrderRef: shipment.OrderRef, Carrier: part.Carrier, Number: number, Status: statusVoided, At: shipment.At})
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// partTold is what was told of a part before.
func partTold(s *schemas.Shipment, told *schemas.OrderDispatch) *schemas.DispatchedPart {
	at := slices.IndexFunc(told.Parts, func(p schemas.DispatchedPart) bool { return p.Ref == s.Ref && p.Part == s.Part })
	if at >= 0 {
		return &told.Parts[at]
	}
	next := int64(1)
	for _, p := range told.Parts {
		next = max(next, p.Parcel+int64(len(p.Numbers)))
	}
	told.Parts = append(told.Parts, schemas.DispatchedPart{Ref: s.Ref, Part: s.Part, Parcel: next})
	return &told.Parts[len(told.Parts)-1]
}
