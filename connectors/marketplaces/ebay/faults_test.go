package ebay

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrongs are ways to break a good order, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"orderId", gone}, "missing_id $.orderId"},
	{change{"orderId", "a\u0000b"}, "bad_id $.orderId"},
	{change{"orderId", true}, "wrong_type $.orderId"},
	{change{"notification", map[string]any{}}, "not_an_order $"},
	{change{"orderPaymentStatus", gone}, "missing_status $.orderPaymentStatus"},
	{change{"orderPaymentStatus", "MAYBE"}, "unknown_status $.orderPaymentStatus"},
	{change{"orderFulfillmentStatus", gone}, "missing_status $.orderFulfillmentStatus"},
	{change{"orderFulfillmentStatus", "PACKED"}, "unknown_status $.orderFulfillmentStatus"},
	{change{"cancelStatus.cancelState", "PERHAPS"}, "unknown_status $.cancelStatus.cancelState"},
	{change{"cancelStatus", "NONE"}, "wrong_type $.cancelStatus"},
	{change{"program", map[string]any{"fulfillmentProgram": map[string]any{"fulfilledBy": "HERMES"}}}, "unknown_fulfiller $.program.fulfillmentProgram.fulfilledBy"},
	{change{"creationDate", gone}, "missing_time $.creationDate"},
	{change{"creationDate", "2026-05-02T08:15:21"}, "bad_time $.creationDate"},
	{change{"lastModifiedDate", "1970-01-01T00:00:00Z"}, "bad_time $.lastModifiedDate"},
	{change{"pricingSummary.total", gone}, "missing_total $.pricingSummary.total"},
	{change{"pricingSummary.total.value", "-1.00"}, "negative_total $.pricingSummary.total.value"},
	{change{"pricingSummary.total.value", gone}, "missing_amount $.pricingSummary.total.value"},
	{change{"pricingSummary.total.value", "52,90"}, "bad_amount $.pricingSummary.total.value"},
	{change{"pricingSummary.total.value", "52.901"}, "too_precise $.pricingSummary.total.value"},
	{change{"pricingSummary.total.value", "99999999999999999"}, "amount_out_of_range $.pricingSummary.total.value"},
	{change{"pricingSummary.priceDiscount.value", "x"}, "bad_amount $.pricingSummary.priceDiscount.value"},
	{change{"pricingSummary.deliveryCost.value", "-1"}, "negative_price $.pricingSummary.deliveryCost.value"},
	{change{"pricingSummary.deliveryCost.currency", "USD"}, "mixed_currencies $.pricingSummary.deliveryCost.currency"},
	{change{"lineItems", []any{}}, "missing_lines $.lineItems"},
	{change{"lineItems", map[string]any{"0": 1}}, "wrong_type $.lineItems"},
	{change{"lineItems.1", nil}, "wrong_type $.lineItems[1]"},
	{change{"lineItems.1.lineItemId", "10012345678901"}, "duplicate_line $.lineItems[1].lineItemId"},
	{change{"lineItems.1.lineItemId", gone}, "missing_id $.lineItems[1].lineItemId"},
	{change{"lineItems.1.legacyItemId", gone}, "missing_offer $.lineItems[1].sku"},
	{change{"lineItems.0.quantity", gone}, "missing_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", 0}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", 1.5}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.1.lineItemCost", gone}, "missing_price $.lineItems[1].lineItemCost"},
	{change{"lineItems.1.lineItemCost.value", "-0.01"}, "negative_price $.lineItems[1].lineItemCost.value"},
	{change{"lineItems.0.discountedLineItemCost.value", "1e3"}, "bad_amount $.lineItems[0].discountedLineItemCost.value"},
	{change{"fulfillmentStartInstructions.0", "home"}, "wrong_type $.fulfillmentStartInstructions[0]"},
	{change{"fulfillmentStartInstructions.0.shippingStep.shipTo", gone}, "missing_address $.fulfillmentStartInstructions[0].shippingStep.shipTo"},
	{change{"fulfillmentStartInstructions.0.shippingStep.shipTo.contactAddress.city", ""}, "missing_city $.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.city"},
	{change{"fulfillmentStartInstructions.0.shippingStep.shipTo.contactAddress.postalCode", gone}, "missing_postal_code $.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.postalCode"},
	{change{"fulfillmentStartInstructions.0.shippingStep.shipTo.contactAddress.countryCode", ""}, "missing_country $.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.countryCode"},
	{change{"fulfillmentStartInstructions.0.shippingStep.shipTo.contactAddress.countryCode", "JQ"}, "unknown_country $.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.countryCode"},
	{change{"paymentSummary.payments", "paid"}, "wrong_type $.paymentSummary.payments"},
	{change{"buyerCheckoutNotes", 1}, "wrong_type $.buyerCheckoutNotes"},
}

func TestEachWrongHasItsOwnCodeAndPath(t *testing.T) {
	if got := faultsOf(t, changed(t)); got != nil {
		t.Fatalf("the good order is refused: %v", got)
	}
	for _, wrong := range wrongs {
		if diff := cmp.Diff([]string{wrong.want}, faultsOf(t, changed(t, wrong.change))); diff != "" {
			t.Errorf("%s = %v (-want +got):\n%s", wrong.path, wrong.value, diff)
		}
	}
}

func TestAllWrongsAreReportedAtOnce(t *testing.T) {
	got := faultsOf(t, changed(t, change{"pricingSummary.total", gone}, change{"orderPaymentStatus", "MAYBE"}, change{"lineItems.0.quantity", 0}, change{"lineItems.1.lineItemCost.value", "x"}))
	want := []string{
		"bad_quantity $.lineItems[0].quantity", "missing_total $.pricingSummary.total", "unknown_status $.orderPaymentStatus", "bad_amount $.lineItems[1].lineItemCost.value",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
