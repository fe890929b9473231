package processors

import (
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// ready is a channel that has only one order to tell, so that what is measured is the step around it.
type ready struct{ order schemas.Order }

func (ready) Mapping() string { return "ready/1" }

func (r ready) Normalize(*schemas.RawOrder) (*schemas.Order, error) {
	order := r.order
	return &order, nil
}

func BenchmarkNormalizeStep(b *testing.B) {
	at := schemas.Millis(1_747_171_695_404)
	zloty := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "PLN"} }
	buyer := &schemas.Person{
		Name: "Kamil Nowak", Street: "Ulica Jakaś 1/12", PostalCode: "12-345", City: "Miasto", Country: "PL", Phone: "+48123456789",
	}
	step := Normalize(Sources{Channels: Parties{"ready": ready{schemas.Order{
		Revision: "bd4d65cd", Status: schemas.StatusReady, ChannelStatus: "READY_FOR_PROCESSING/NEW",
		FulfilledBy: schemas.FulfilledBySeller, PlacedAt: at, UpdatedAt: &at, ShipBy: &at, DeliverBy: &at, Total: zloty(3099),
		Lines: []schemas.Line{{
			LineRef: "d3fc9710-303d-11f0-9468-6d34c41cf924", OfferRef: "7777917953", SKU: "7777917953", Title: "Backs for a telephone, colourless",
			Quantity: 1, UnitPrice: zloty(2000), ListPrice: zloty(2000), LineTotal: zloty(2000), FulfilledBy: schemas.FulfilledBySeller,
		}},
		Charges:  []schemas.Charge{{Kind: schemas.ChargeShipping, Title: "One Box", Quantity: 1, Amount: zloty(1099)}},
		Payments: []schemas.Payment{{Kind: schemas.PaymentOrder, Method: schemas.MethodOnline, Provider: "PAYU", PaidAt: &at}},
		Buyer:    buyer, ShipTo: buyer,
	}}}})
	raw := &schemas.RawOrder{OrderID: "d4096850-303d-11f0-9468-6d34c41cf924", Party: "ready", Ref: "d4096850-303d-11f0-9468-6d34c41cf924"}
	event := &topics.Event{Value: raw}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := step.Handle(event, new(schemas.OrderVersions)); err != nil {
			b.Fatal(err)
		}
	}
}
