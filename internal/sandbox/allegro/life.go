package allegro

import (
	"fmt"
	"time"

	"waybill/internal/sandbox/wire"
)

// nextStages are the fulfilment statuses that follow one.
var nextStages = map[string][]string{
	"NEW":                {"PROCESSING", "PROCESSING", "SENT", "SUSPENDED"},
	"PROCESSING":         {"READY_FOR_SHIPMENT", "SENT", "READY_FOR_PICKUP"},
	"READY_FOR_SHIPMENT": {"SENT"},
	"READY_FOR_PICKUP":   {"PICKED_UP"},
	"SUSPENDED":          {"PROCESSING"},
	"SENT":               {"PICKED_UP", "PICKED_UP", "RETURNED"},
}

// provider says who sends the goods; answers of older orders do not.
func (s *sale) provider() *id {
	switch s.dice.Weighted(25, 72, 3) {
	case 0:
		return nil
	case 1:
		return &id{"SELLER"}
	}
	return &id{"ALLEGRO"} // One Fulfillment: from Allegro's warehouse
}

// fulfil lets the seller have begun before the order is first read.
func (s *sale) fulfil() {
	stages := []string{"NEW", "PROCESSING", "READY_FOR_SHIPMENT", "READY_FOR_PICKUP", "SENT", "PICKED_UP", "SUSPENDED", "RETURNED"}
	if stage := stages[s.dice.Weighted(640, 140, 60, 15, 100, 30, 10, 5)]; stage != "NEW" {
		s.stage(stage)
	}
	if s.dice.Chance(60) {
		s.form.Note = &note{wire.Pick(s.dice, notes)}
	}
}

// stage moves the fulfilment on: that is a new revision, but updatedAt stands still.
func (s *sale) stage(to string) {
	f := &s.form.Fulfillment
	f.Status = to
	switch to {
	case "SENT":
		f.ShipmentSummary.LineItemsSent = []string{"ALL", "SOME"}[s.dice.Weighted(9, 1)]
		if p := s.form.Payment; p.Type == "CASH_ON_DELIVERY" && s.dice.Chance(500) {
			s.form.CodBookedPayments = []codPayment{{PaymentID: p.ID, ShipmentID: "RFBEOg" + s.dice.Digits(14)}}
		}
	case "PICKED_UP", "RETURNED":
		f.ShipmentSummary.LineItemsSent = "ALL"
	}
}

func (s *sale) sent() bool { return s.form.Fulfillment.ShipmentSummary.LineItemsSent != "NONE" }

// move changes where the goods go.
func (s *sale) move() {
	s.wait(time.Minute, 6*time.Hour)
	s.ship = s.someone()
	s.form.Delivery.Address = s.address()
	s.form.Delivery.Address.ModifiedAt = text(wire.Instant(s.updated))
}

// remark is the seller's own note; no two of an order are the same.
func (s *sale) remark() {
	s.wait(time.Minute, 6*time.Hour)
	s.form.Note = &note{fmt.Sprintf("%s (%s)", wire.Pick(s.dice, notes), wire.Instant(s.updated))}
}

// cancel takes the order back. What is left of the delivery and the payment differs in real answers:
// nothing, no address, or all of it with the time of the cancellation.
func (s *sale) cancel() bool {
	s.wait(time.Minute, 6*time.Hour)
	s.form.Status = canceled
	if s.dice.Chance(500) {
		s.form.Fulfillment.Status = "CANCELLED"
	}
	s.form.Payment = nil
	switch d := s.form.Delivery; {
	case d == nil:
	case s.dice.Chance(400):
		s.form.Delivery = nil
	case s.dice.Chance(500):
		d.Address = nil
	default:
		d.Cancellation = &cancellation{Date: wire.Instant(s.updated)}
	}
	return true
}
