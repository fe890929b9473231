package ebay

import (
	"slices"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

func normalized(t testing.TB, changes ...change) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Origin: schemas.OriginPoll, Body: schemas.Body{Bytes: changed(t, changes...)}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func warned(order *schemas.Order, code string) bool {
	return slices.ContainsFunc(order.Warnings, func(f schemas.Fault) bool { return f.Code == code })
}

func TestStatusFollowsMoneyGoodsAndCancellation(t *testing.T) {
	for _, c := range []struct{ money, goods, cancel, want string }{
		{"PENDING", "NOT_STARTED", "NONE_REQUESTED", schemas.StatusPending},
		{"FAILED", "NOT_STARTED", "NONE_REQUESTED", schemas.StatusPending},
		{"PAID", "NOT_STARTED", "NONE_REQUESTED", schemas.StatusReady},
		{"PAID", "IN_PROGRESS", "NONE_REQUESTED", schemas.StatusReady},
		{"PARTIALLY_REFUNDED", "NOT_STARTED", "NONE_REQUESTED", schemas.StatusReady},
		{"FULLY_REFUNDED", "NOT_STARTED", "NONE_REQUESTED", schemas.StatusCancelled},
		{"FULLY_REFUNDED", "FULFILLED", "NONE_REQUESTED", schemas.StatusShipped},
		{"PAID", "FULFILLED", "NONE_REQUESTED", schemas.StatusShipped},
		{"PAID", "NOT_STARTED", "IN_PROGRESS", schemas.StatusReady},
		{"PAID", "NOT_STARTED", "CANCELED", schemas.StatusCancelled},
	} {
		got := normalized(t, change{"orderPaymentStatus", c.money}, change{"orderFulfillmentStatus", c.goods}, change{"cancelStatus.cancelState", c.cancel})
		if got.Status != c.want || got.Lines[0].CancelRequested != (c.cancel == "IN_PROGRESS") || warned(got, reading.CancelRequested) != (c.cancel == "IN_PROGRESS") {
			t.Errorf("%+v: %s, %v", c, got.Status, got.Warnings)
		}
	}
}

func TestWhoShipsIsToldByProgramAndInstruction(t *testing.T) {
	program := func(name, field, value string) change {
		return change{"program", map[string]any{name: map[string]any{field: value}}}
	}
	kind := func(kind string) change {
		return change{"fulfillmentStartInstructions.0.fulfillmentInstructionsType", kind}
	}
	for _, c := range []struct {
		change
		want string
	}{
		{kind("SHIP_TO"), schemas.FulfilledBySeller},
		{kind("SELLER_DEFINED"), schemas.FulfilledBySeller},
		{kind("PREPARE_FOR_PICKUP"), schemas.FulfilledByPickup},
		{kind("DIGITAL"), schemas.FulfilledByDownload},
		{program("fulfillmentProgram", "fulfilledBy", "EBAY"), schemas.FulfilledByChannel},
		{program("ebayVault", "fulfillmentType", "SELLER_TO_VAULT"), schemas.FulfilledBySeller},
		{program("ebayVault", "fulfillmentType", "VAULT_TO_BUYER"), schemas.FulfilledByChannel},
	} {
		if got := normalized(t, c.change); got.FulfilledBy != c.want || got.Lines[1].FulfilledBy != c.want {
			t.Errorf("%v: %s", c.value, got.FulfilledBy)
		}
	}
}

// The label goes to the hub, with the number by which it tells parcels, and never to the buyer's own address.
func TestAParcelForTheHubGoesToTheHub(t *testing.T) {
	order := normalized(t,
		change{"fulfillmentStartInstructions.0.ebaySupportedFulfillment", true}, change{"fulfillmentStartInstructions.0.shippingStep.shipToReferenceId", "1000987"},
		change{"fulfillmentStartInstructions.0.finalDestinationAddress", map[string]any{"addressLine1": "1 Main St", "countryCode": "US"}})
	if order.ShipTo.Street != "Kirchgasse 4, Hinterhaus, Reference #1000987" || order.ShipTo.Country != "DE" || !warned(order, reading.AnotherCarries) {
		t.Errorf("%+v, %v", order.ShipTo, order.Warnings)
	}
	order = normalized(t, change{"fulfillmentStartInstructions.0.shippingStep.shipToReferenceId", "Hinterhaus"})
	if order.ShipTo.Street != "Kirchgasse 4, Hinterhaus" {
		t.Errorf("said twice: %s", order.ShipTo.Street)
	}
}

func TestWhatTheBuyerWroteReachesTheOrderWordForWord(t *testing.T) {
	order := normalized(t)
	if string(order.BuyerNote.Bytes) != "Bitte zweimal klingeln 🎁" || string(order.Lines[0].LineNote.Bytes) != "Farbe: blau" || order.SellerRef != "1207" {
		t.Errorf("%s, %s, %s", order.BuyerNote.Bytes, order.Lines[0].LineNote.Bytes, order.SellerRef)
	}
	if order.Buyer.Email != "4f2a@members.example" || order.BuyerRef != "ida_h" {
		t.Errorf("%+v", order.Buyer)
	}
}
