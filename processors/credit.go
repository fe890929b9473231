package processors

import (
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// What follows when a label that was paid for is taken back: its carrier gives the money back, weeks later and on an invoice, or never asks for
// it, or keeps it (item 102).

// awaitCredit begins to wait for that.
func (b booking) awaitCredit(k *schemas.ShipmentBooking) {
	carriage := b.sources.terms(k.Carrier).Carriage
	if carriage == nil {
		return
	}
	if owed := expect(schemas.MissingCredit, b.shipment.At, carriage.Credits); owed != nil {
		k.Credits = append(k.Credits, schemas.Credit{Carrier: k.Carrier, Generation: k.Generation, Part: b.shipment.Part, Expected: *owed})
	}
}

// settled ends the waiting for a part. That the money has come after all is said when nothing else of the order is missed of that carrier.
func (b booking) settled(known *schemas.OrderBooking, k *schemas.ShipmentBooking) []topics.Message {
	at := slices.IndexFunc(k.Credits, func(c schemas.Credit) bool {
		return c.Generation == b.shipment.Generation && c.Part == b.shipment.Part
	})
	if at < 0 {
		return nil
	}
	was := k.Credits[at]
	k.Credits = slices.Delete(k.Credits, at, at+1)
	for _, other := range known.Shipments {
		if slices.ContainsFunc(other.Credits, func(c schemas.Credit) bool { return c.Carrier == was.Carrier && c.Expected.Told == 100 }) {
			return nil
		}
	}
	return tellCame(b.event, was.Carrier, &was.Expected)
}

// owed says which carriers have not settled in time.
func (b booking) owed(known *schemas.OrderBooking) (said []topics.Message) {
	for i := range known.Shipments {
		k := &known.Shipments[i]
		for j := range k.Credits {
			c := &k.Credits[j]
			for _, word := range tellMissing(b.event, c.Carrier, &c.Expected, onceLate) {
				word.Value.(*schemas.Missing).Reason = "for the label of shipment " + k.Ref + " that was taken back"
				said = append(said, word)
			}
		}
	}
	return said
}

// untilCredited is when a carrier has to have settled next.
func untilCredited(known *schemas.OrderBooking) (wake *Wake) {
	for _, k := range known.Shipments {
		for _, c := range k.Credits {
			wake = sooner(wake, nextWake(&c.Expected, onceLate))
		}
	}
	return wake
}

// sooner is the earlier of two wakes.
func sooner(one, other *Wake) *Wake {
	if one == nil || other != nil && other.At < one.At {
		return other
	}
	return one
}
