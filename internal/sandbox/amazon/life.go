package amazon

import (
	"strconv"
	"time"

	"waybill/internal/sandbox/wire"
)

// confirm makes the order ready: payment is authorized, amounts and people are told from now on.
func (s *sale) confirm() {
	s.wait(30*time.Second, 30*time.Minute)
	s.order.Fulfillment.FulfillmentStatus = unshipped
	s.confirmed = true
}

// placeElsewhere makes it an order of another shop for Amazon's warehouse, which cannot be fulfilled:
// the only orders with that status.
func (s *sale) placeElsewhere() {
	s.confirm()
	s.order.SalesChannel = salesChannel{ChannelName: "NON_AMAZON", MarketplaceID: s.site.id}
	s.order.Programs = nil
	s.order.Fulfillment.FulfilledBy = "AMAZON"
	s.order.Fulfillment.FulfillmentStatus = unfulfillable
	s.byAmazon = true
}

// shipSome sends one piece, if that is not all.
func (s *sale) shipSome() {
	first := &s.order.OrderItems[0]
	if len(s.order.OrderItems) == 1 && first.QuantityOrdered == 1 {
		s.shipAll()
		return
	}
	s.wait(time.Hour, 30*time.Hour)
	s.order.Fulfillment.FulfillmentStatus = partlyShipped
	s.pack([]packageItem{{first.OrderItemID, 1}})
	first.Fulfillment.QuantityFulfilled++
	first.Fulfillment.QuantityUnfulfilled--
}

// shipAll sends what is left.
func (s *sale) shipAll() {
	s.wait(time.Hour, 30*time.Hour)
	s.order.Fulfillment.FulfillmentStatus = shipped
	var parcel []packageItem
	for i := range s.order.OrderItems {
		item := &s.order.OrderItems[i]
		if left := item.Fulfillment.QuantityUnfulfilled; left > 0 {
			parcel = append(parcel, packageItem{item.OrderItemID, left})
		}
		item.Fulfillment.QuantityFulfilled, item.Fulfillment.QuantityUnfulfilled = item.QuantityOrdered, 0
	}
	s.pack(parcel)
}

// pack adds a parcel; of those from its own warehouse Amazon says nothing.
func (s *sale) pack(content []packageItem) {
	if s.byAmazon {
		return
	}
	by := wire.Pick(s.dice, s.site.carriers)
	s.order.Packages = append(s.order.Packages, orderPackage{
		PackageReferenceID: strconv.Itoa(len(s.order.Packages) + 1),
		CreatedTime:        wire.Instant(s.updated.Add(-10 * time.Minute)),
		Status:             "IN_TRANSIT",
		Carrier:            by.name,
		ShipTime:           wire.Instant(s.updated),
		ShippingService:    by.service,
		TrackingNumber:     by.number + s.dice.Digits(12),
		PackageItems:       content,
	})
}

// follow is what Amazon hears of the parcels; nothing else changes any more.
func (s *sale) follow() {
	s.wait(time.Hour, 48*time.Hour)
	stages := [][2]string{{"IN_TRANSIT", "OUT_FOR_DELIVERY"}, {"DELIVERED", "DELIVERED"}, {"DELIVERED", ""}, {"UNDELIVERABLE", "RETURNING_TO_SELLER"}}
	stage := stages[s.dice.Weighted(30, 40, 20, 10)]
	s.order.Packages = append([]orderPackage(nil), s.order.Packages...)
	for i := range s.order.Packages {
		s.order.Packages[i].Status, s.order.Packages[i].DetailedStatus = stage[0], stage[1]
	}
}

// askToCancel is the buyer's wish; the seller decides.
func (s *sale) askToCancel() {
	s.wait(time.Minute, 6*time.Hour)
	for i := range s.order.OrderItems {
		s.order.OrderItems[i].Cancellation = &cancellation{Requester: "BUYER", AskedFor: wire.Pick(s.dice, reasons)}
	}
}

// cancel takes the order back. Of some, Amazon then says no more than of a pending one, and quantities
// of zero.
func (s *sale) cancel() bool {
	s.wait(time.Minute, 6*time.Hour)
	s.order.Fulfillment.FulfillmentStatus = cancelled
	by := wire.Pick(s.dice, []string{"BUYER", "MERCHANT", "AMAZON"})
	for i := range s.order.OrderItems {
		item := &s.order.OrderItems[i]
		if item.Cancellation == nil {
			item.Cancellation = &cancellation{}
		}
		item.Cancellation.CancelledBy, item.Cancellation.Reason = by, wire.Pick(s.dice, reasons)
	}
	s.emptied = s.dice.Chance(300)
	return true
}

// move changes where the goods go.
func (s *sale) move() {
	s.wait(time.Minute, 6*time.Hour)
	s.deliverTo(wire.Someone(s.dice, s.site.home, 50))
}
