package amazon

import (
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
)

func TestWhatIsOddIsTakenWithAWarning(t *testing.T) {
	for _, odd := range []struct {
		file string
		change
		want string
	}{
		{good2026, change{"fulfillment.fulfilledBy", gone}, "unknown_fulfillment_provider $.fulfillment.fulfilledBy"},
		{good2026, change{"orderItems.1.product.title", gone}, "no_title $.orderItems[1].product.title"},
		{good2026, change{"payment.paymentExecutions.0.paymentMethod", "Shells"}, "unknown_payment_type $.payment.paymentExecutions[0]"},
		{good2026, change{"payment.paymentExecutions.0.paymentAmount.currencyCode", "EUR"}, "payment_in_another_currency $.payment.paymentExecutions[0]"},
		{good2026, change{"proceeds.grandTotal.amount", "68.51"}, "total_disagrees $.proceeds.grandTotal"},
		{good2026, change{"orderItems.1.product.price.unitPrice.amount", "15.00"}, "line_total_disagrees $.orderItems[1].product.price.unitPrice"},
		{good2026, change{"fulfillment.shipByWindow.latestDateTime", "2026-04-01T00:00:00Z"}, "ship_by_before_purchase $.fulfillment.shipByWindow.latestDateTime"},
		{
			good2026,
			change{"orderItems.0.fulfillment.shipping.scheduledDeliveryWindow.latestDateTime", "2026-05-06T15:00:00Z"},
			"delivery_window_reversed $.orderItems[0].fulfillment.shipping.scheduledDeliveryWindow",
		},
		{good2026, change{"recipient.deliveryAddress.districtOrCounty", "Multnomah"}, "dropped $.recipient.deliveryAddress.districtOrCounty"},
		{good2026, change{"recipient.deliveryAddress.municipality", "Portland East"}, "dropped $.recipient.deliveryAddress.municipality"},
		{good2026, change{"orderItems.0.measurement.unit", "PINTS"}, "dropped $.orderItems[0].measurement"},
		{good2026, change{"programs.0", "INVOICE_BY_AMAZON"}, "dropped $.programs[0]"},
		{good2026, change{"fulfillment.labelPrintingWindow", map[string]any{"earliestDateTime": "2026-05-02T00:00:00Z"}}, "dropped $.fulfillment.labelPrintingWindow.earliestDateTime"},
		{goodV0, change{"BuyerInfo", gone}, "no_buyer $.BuyerInfo"},
		{goodV0, change{"HasRegulatedItems", true}, "regulated_items $.HasRegulatedItems"},
		{goodV0, change{"IsIBA", "true"}, "dropped $.IsIBA"},
		{goodV0, change{"PromiseResponseDueDate", "2026-05-02T00:00:00Z"}, "dropped $.PromiseResponseDueDate"},
		{goodV0, change{"ShippingAddress.Name", ""}, "no_recipient $.ShippingAddress"},
		{goodV0, change{"OrderItems.0.SubstitutionPreferences.SubstitutionType", "AMAZON_RECOMMENDED"}, "dropped $.OrderItems[0].SubstitutionPreferences.SubstitutionType"},
		{goodParts, change{"parts.regulated.RegulatedOrderVerificationStatus.Status", "Rejected"}, "regulated_items $.parts.regulated.RegulatedOrderVerificationStatus.Status"},
	} {
		order := normalized(t, changed(t, odd.file, odd.change))
		if got := warnings(order); !slices.Contains(got, odd.want) {
			t.Errorf("%s = %v: warned of %q, want %q", odd.path, odd.value, got, odd.want)
		}
		if order.Status != schemas.StatusReady {
			t.Errorf("%s = %v: %s", odd.path, odd.value, order.Status)
		}
	}
}

func TestWhatMayBeAbsentMayBeAbsent(t *testing.T) {
	for file, paths := range map[string][]string{
		good2026: {
			"orderAliases", "lastUpdatedTime", "programs", "associatedOrders", "salesChannel", "buyer", "payment", "tax", "proceeds.breakdowns",
			"recipient.deliveryPreference", "recipient.deliveryAddress.name", "recipient.deliveryAddress.stateOrRegion", "recipient.deliveryAddress.phone",
			"fulfillment.fulfilledBy", "fulfillment.fulfillmentServiceLevel", "fulfillment.shipByWindow", "fulfillment.deliverByWindow",
			"orderItems.0.measurement", "orderItems.0.programs", "orderItems.0.proceeds", "orderItems.0.promotion",
			"orderItems.0.cancellation", "orderItems.0.fulfillment", "orderItems.0.fulfillment.quantityUnfulfilled", "orderItems.0.tax",
			"orderItems.0.product.asin", "orderItems.0.product.sellerSku", "orderItems.0.product.condition", "orderItems.0.product.price",
		},
		goodV0: {
			"SellerOrderId", "LastUpdateDate", "FulfillmentChannel", "SalesChannel", "ShipServiceLevel", "NumberOfItemsShipped", "NumberOfItemsUnshipped",
			"PaymentMethod", "PaymentMethodDetails", "PaymentExecutionDetail", "MarketplaceId", "LatestShipDate", "LatestDeliveryDate", "BuyerInfo",
			"OrderItems.0.SellerSKU", "OrderItems.0.Title", "OrderItems.0.QuantityShipped", "OrderItems.0.ItemTax", "OrderItems.0.PromotionIds",
			"OrderItems.0.BuyerInfo", "OrderItems.0.BuyerRequestedCancel", "OrderItems.0.IsGift", "ShippingAddress.Phone", "DeliveryPreferences",
		},
		goodParts: {"parts.buyer", "parts.items_buyer", "parts.regulated", "parts.items.NextToken", "parts.address.DeliveryPreferences"},
	} {
		for _, path := range paths {
			for _, value := range []any{gone, nil} {
				if got := faultsOf(t, changed(t, file, change{path, value})); got != nil {
					t.Errorf("%s = %v: %q", path, value, got)
				}
			}
		}
	}
}

func TestStatusFollowsTheTable(t *testing.T) {
	for _, c := range []struct{ v2026, v0, want string }{
		{"PENDING_AVAILABILITY", "PendingAvailability", schemas.StatusPending},
		{"PENDING", "Pending", schemas.StatusPending},
		{"UNSHIPPED", "Unshipped", schemas.StatusReady},
		{"PARTIALLY_SHIPPED", "PartiallyShipped", schemas.StatusReady},
		{"SHIPPED", "Shipped", schemas.StatusShipped},
		{"SHIPPED", "InvoiceUnconfirmed", schemas.StatusShipped},
		{"CANCELLED", "Canceled", schemas.StatusCancelled},
		{"UNFULFILLABLE", "Unfulfillable", schemas.StatusCancelled},
	} {
		for file, at := range map[string]change{good2026: {"fulfillment.fulfillmentStatus", c.v2026}, goodV0: {"OrderStatus", c.v0}} {
			order := normalized(t, changed(t, file, at))
			if order.Status != c.want || order.ChannelStatus != at.value {
				t.Errorf("%s: %s of %s, want %s", at.value, order.Status, order.ChannelStatus, c.want)
			}
			warned := slices.ContainsFunc(order.Warnings, func(f schemas.Fault) bool { return f.Code == "unfulfillable" })
			if warned != strings.EqualFold(c.v0, "Unfulfillable") {
				t.Errorf("%s: warned %v", at.value, warnings(order))
			}
		}
	}
}

func TestWhoShipsFollowsTheTable(t *testing.T) {
	for _, c := range []struct {
		file    string
		changes []change
		want    string
	}{
		{good2026, nil, schemas.FulfilledBySeller},
		{good2026, []change{{"fulfillment.fulfilledBy", "AMAZON"}}, schemas.FulfilledByChannel},
		{good2026, []change{{"programs.0", "IN_STORE_PICK_UP"}}, schemas.FulfilledByPickup},
		{good2026, []change{{"programs.0", "IN_STORE_PICK_UP"}, {"fulfillment.fulfilledBy", "AMAZON"}}, schemas.FulfilledByChannel},
		{goodV0, nil, schemas.FulfilledBySeller},
		{goodV0, []change{{"FulfillmentChannel", "AFN"}}, schemas.FulfilledByChannel},
		{goodV0, []change{{"IsISPU", "true"}}, schemas.FulfilledByPickup},
	} {
		order := normalized(t, changed(t, c.file, c.changes...))
		for _, l := range order.Lines {
			if l.FulfilledBy != c.want {
				t.Errorf("%v: line %s by %s, want %s", c.changes, l.LineRef, l.FulfilledBy, c.want)
			}
		}
		if order.FulfilledBy != c.want {
			t.Errorf("%v: %s, want %s", c.changes, order.FulfilledBy, c.want)
		}
	}
}

// An order that is not ready, or that somebody else ships, needs no address here.
func TestOnlyWhatTheSellerShipsNeedsAnAddress(t *testing.T) {
	for _, recipient := range []change{{"recipient", gone}, {"recipient.deliveryAddress", nil}, {"recipient.deliveryAddress.city", ""}} {
		for _, other := range []change{
			{"fulfillment.fulfillmentStatus", "PENDING"},
			{"fulfillment.fulfillmentStatus", "CANCELLED"},
			{"fulfillment.fulfillmentStatus", "SHIPPED"},
			{"fulfillment.fulfilledBy", "AMAZON"},
			{"programs.0", "IN_STORE_PICK_UP"},
		} {
			if got := faultsOf(t, changed(t, good2026, recipient, other)); got != nil {
				t.Errorf("%s = %v, %s: %q", other.path, other.value, recipient.path, got)
			}
		}
	}
}

func TestWhatPeopleWroteReachesTheOrderWordForWord(t *testing.T) {
	order := normalized(t, changed(t, good2026))
	line := order.Lines[0]
	for _, c := range []struct{ what, got, want string }{
		{"gift note", string(line.GiftNote.Bytes), "All the best 🎁\nAda"},
		{"line note", string(line.LineNote.Bytes), "condition: One small scratch\ncustomized: https://amazon.com/custom/view/1\nreason to cancel: Ordered by mistake"},
		{"delivery note", string(order.DeliveryNote.Bytes), "Back door\nRing twice\nPALLET_ENABLED\nMON 09:00-12:30\n2026-05-25 closed"},
		{"of v0", string(normalized(t, changed(t, goodV0)).DeliveryNote.Bytes), "Hintertür\nZweimal klingeln\nHAS_ACCESS_POINT\nTUE 08:30-12:00\n2026-05-14 closed"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

// A label with <city> on it would go nowhere.
func TestNoPlaceholderIsTakenForWhatItHides(t *testing.T) {
	order := normalized(t, changed(t, "testdata/edge.v0-parts-redacted.json"))
	if *order.ShipTo != (schemas.Person{Country: "BR"}) || order.Buyer != nil {
		t.Errorf("ship to %+v, buyer %+v", order.ShipTo, order.Buyer)
	}
}
