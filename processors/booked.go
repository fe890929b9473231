package processors

import (
	"cmp"

	"waybill/schemas"
	"waybill/topics"
)

// What follows from the calls at a carrier.

// BookThen is what follows once a carrier has booked a part of a shipment: its numbers and labels, or the question for them. Without a document
// it is known by its name alone, as by the word of a person: the rest is asked for.
func BookThen(task *schemas.Task, theirRef string, document []byte, at schemas.Millis) ([]topics.Message, error) {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil, err
	}
	made := schemas.Bought{Ref: theirRef, Pending: task.Kind == KindBook}
	if document != nil {
		if made, err = schemas.ParseBought(document); err != nil {
			return nil, err
		}
	}
	s := partOf(task, c, schemas.ShipmentLabelled, at)
	s.BookingRef, s.Cost, s.Warnings, s.Quotes = made.Ref, made.Cost, made.Warnings, c.Shipment.Quotes
	said := []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: s}}
	if made.Ref != "" && task.Kind == KindBook {
		said = append(said, linked(task, schemas.LinkShipment, made.Ref, s.ShipmentID, at))
	}
	if made.Pending {
		s.State = schemas.ShipmentBooked
		c.Ref = made.Ref
		call, err := carrierCall(KindComplete, c, task.Sequence)
		return append(said, call), err
	}
	for i, p := range made.Parcels {
		if i < len(s.Parcels) {
			of := &s.Parcels[i]
			of.Number, of.LabelSHA256, of.LabelFormat, of.LabelBytes = p.Number, p.SHA256, p.Format, p.Bytes
		}
		said = append(said, linked(task, schemas.LinkTracking, p.Number, s.ShipmentID, at))
	}
	return said, nil
}

// VoidThen is what follows once a carrier has taken a booking back, or has nothing of it.
func VoidThen(task *schemas.Task, at schemas.Millis) ([]topics.Message, error) {
	return ended(task, schemas.ShipmentVoided, at)
}

// WithdrawThen is what follows once nothing more can come of a booking that was not begun.
func WithdrawThen(task *schemas.Task, at schemas.Millis) ([]topics.Message, error) {
	return ended(task, schemas.ShipmentWithdrawn, at)
}

func ended(task *schemas.Task, state string, at schemas.Millis) ([]topics.Message, error) {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil, err
	}
	s := partOf(task, c, state, at)
	s.Reason, s.BookingRef = c.Shipment.Reason, c.Ref
	return []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: s}}, nil
}

// RefusedThen is what follows when a booking waits for a person, who may still mend it.
func RefusedThen(task *schemas.Task, code, reason string, at schemas.Millis) ([]topics.Message, error) {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil, nil // it waits because of that
	}
	s := partOf(task, c, schemas.ShipmentRefused, at)
	s.Reason, s.Text = cmp.Or(code, schemas.ShipmentRefused), reason
	return []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: s}}, nil
}

// partOf is a part of a shipment as it is known when something has become of it.
func partOf(task *schemas.Task, c *schemas.Carriage, state string, at schemas.Millis) *schemas.Shipment {
	s := c.Shipment
	s.State, s.Reason, s.Text, s.At, s.By = state, "", "", at, task.Party
	s.To = nil
	return &s
}
