package amazon

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
)

type wrong struct {
	change
	want string
}

// wrongs2026 are ways to break a good order of 2026-01-01, and the one fault that each leads to.
var wrongs2026 = []wrong{
	{change{"orderId", gone}, "missing_id $.orderId"},
	{change{"orderId", "  "}, "missing_id $.orderId"},
	{change{"orderId", strings.Repeat("7", 201)}, "bad_id $.orderId"},
	{change{"orderId", "a\u0000b"}, "bad_id $.orderId"},
	{change{"orderId", true}, "wrong_type $.orderId"},
	{change{"orderAliases", "SHOP-77"}, "wrong_type $.orderAliases"},
	{change{"createdTime", gone}, "missing_time $.createdTime"},
	{change{"createdTime", nil}, "missing_time $.createdTime"},
	{change{"createdTime", "2026-02-30T10:15:30Z"}, "bad_time $.createdTime"},
	{change{"createdTime", "2026-05-01T08:00:00"}, "bad_time $.createdTime"},
	{change{"lastUpdatedTime", "1970-01-19T03:58:32Z"}, "bad_time $.lastUpdatedTime"},
	{change{"lastUpdatedTime", 1777709721}, "wrong_type $.lastUpdatedTime"},
	{change{"fulfillment.shipByWindow.latestDateTime", "soon"}, "bad_time $.fulfillment.shipByWindow.latestDateTime"},
	{change{"fulfillment.deliverByWindow.earliestDateTime", "soon"}, "bad_time $.fulfillment.deliverByWindow.earliestDateTime"},
	{change{"orderItems.0.fulfillment.shipping.scheduledDeliveryWindow.latestDateTime", "soon"}, "bad_time $.orderItems[0].fulfillment.shipping.scheduledDeliveryWindow.latestDateTime"},
	{change{"recipient.deliveryPreference.deliveryTime.businessHours.0.timeWindows.0.startTime.hour", 25}, "bad_time $.recipient.deliveryPreference.deliveryTime.businessHours[0].timeWindows[0].startTime.hour"},
	{change{"fulfillment", gone}, "missing_status $.fulfillment.fulfillmentStatus"},
	{change{"fulfillment.fulfillmentStatus", nil}, "missing_status $.fulfillment.fulfillmentStatus"},
	{change{"fulfillment.fulfillmentStatus", "Unshiped"}, "unknown_status $.fulfillment.fulfillmentStatus"},
	{change{"fulfillment.fulfillmentStatus", 7}, "wrong_type $.fulfillment.fulfillmentStatus"},
	{change{"fulfillment.fulfilledBy", "DRONE"}, "unknown_fulfiller $.fulfillment.fulfilledBy"},
	{change{"fulfillment", "UNSHIPPED"}, "wrong_type $.fulfillment"},
	{change{"salesChannel", "AMAZON"}, "wrong_type $.salesChannel"},
	{change{"programs", "PRIME"}, "wrong_type $.programs"},
	{change{"programs.0", map[string]any{}}, "wrong_type $.programs[0]"},
	{change{"orderItems", gone}, "missing_lines $.orderItems"},
	{change{"orderItems", []any{}}, "missing_lines $.orderItems"},
	{change{"orderItems", map[string]any{"0": 1}}, "wrong_type $.orderItems"},
	{change{"orderItems.1", nil}, "wrong_type $.orderItems[1]"},
	{change{"orderItems.1.orderItemId", "70000000000001"}, "duplicate_line $.orderItems[1].orderItemId"},
	{change{"orderItems.1.orderItemId", gone}, "missing_id $.orderItems[1].orderItemId"},
	{change{"orderItems.0.product", gone}, "missing_offer $.orderItems[0].product"},
	{change{"orderItems.0.product", []any{}}, "wrong_type $.orderItems[0].product"},
	{change{"orderItems.0.quantityOrdered", gone}, "missing_quantity $.orderItems[0].quantityOrdered"},
	{change{"orderItems.1.quantityOrdered", 0}, "bad_quantity $.orderItems[1].quantityOrdered"},
	{change{"orderItems.0.quantityOrdered", -2}, "bad_quantity $.orderItems[0].quantityOrdered"},
	{change{"orderItems.0.quantityOrdered", 1.5}, "bad_quantity $.orderItems[0].quantityOrdered"},
	{change{"orderItems.0.quantityOrdered", 1_000_001}, "bad_quantity $.orderItems[0].quantityOrdered"},
	{change{"orderItems.0.quantityOrdered", "2"}, "wrong_type $.orderItems[0].quantityOrdered"},
	{change{"orderItems.0.fulfillment.quantityFulfilled", 1}, "bad_quantity $.orderItems[0].fulfillment.quantityFulfilled"},
	{change{"orderItems.0.fulfillment.quantityUnfulfilled", -1}, "bad_quantity $.orderItems[0].fulfillment.quantityUnfulfilled"},
	{change{"orderItems.0.measurement.unit", "STONES"}, "unknown_unit $.orderItems[0].measurement.unit"},
	{change{"orderItems.0.measurement.value", -1}, "bad_quantity $.orderItems[0].measurement.value"},
	{change{"orderItems.0.measurement.value", "much"}, "bad_quantity $.orderItems[0].measurement.value"},
	{change{"orderItems.0.product.price.unitPrice", "20.00"}, "wrong_type $.orderItems[0].product.price.unitPrice"},
	{change{"orderItems.0.product.price.unitPrice.amount", "-5.00"}, "negative_price $.orderItems[0].product.price.unitPrice.amount"},
	{change{"orderItems.0.product.price.unitPrice.currencyCode", "EUR"}, "mixed_currencies $.orderItems[0].product.price.unitPrice.currencyCode"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.amount", gone}, "missing_amount $.orderItems[0].proceeds.breakdowns[0].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.amount", "12,50"}, "bad_amount $.orderItems[0].proceeds.breakdowns[0].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.amount", "1e3"}, "bad_amount $.orderItems[0].proceeds.breakdowns[0].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.amount", "19.999"}, "too_precise $.orderItems[0].proceeds.breakdowns[0].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.amount", "99999999999999999"}, "amount_out_of_range $.orderItems[0].proceeds.breakdowns[0].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.currencyCode", nil}, "missing_currency $.orderItems[0].proceeds.breakdowns[0].subtotal.currencyCode"},
	{change{"orderItems.0.proceeds.breakdowns.0.subtotal.currencyCode", "ZLX"}, "unknown_currency $.orderItems[0].proceeds.breakdowns[0].subtotal.currencyCode"},
	{change{"orderItems.0.proceeds.breakdowns.1.subtotal.currencyCode", "EUR"}, "mixed_currencies $.orderItems[0].proceeds.breakdowns[1].subtotal.currencyCode"},
	{change{"orderItems.0.proceeds.breakdowns.1.subtotal.amount", "-5.00"}, "negative_price $.orderItems[0].proceeds.breakdowns[1].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns.6.subtotal.amount", "-0.01"}, "negative_price $.orderItems[0].proceeds.breakdowns[6].subtotal.amount"},
	{change{"orderItems.0.proceeds.breakdowns", "none"}, "wrong_type $.orderItems[0].proceeds.breakdowns"},
	{change{"proceeds.breakdowns.3.subtotal.amount", "-2.00"}, "negative_price $.proceeds.breakdowns[3].subtotal.amount"},
	{change{"proceeds.grandTotal", gone}, "missing_total $.proceeds.grandTotal"},
	{change{"proceeds", nil}, "missing_total $.proceeds.grandTotal"},
	{change{"proceeds.grandTotal.amount", "-1.00"}, "negative_total $.proceeds.grandTotal.amount"},
	{change{"payment.paymentExecutions.0.paymentAmount.amount", "all"}, "bad_amount $.payment.paymentExecutions[0].paymentAmount.amount"},
	{change{"payment.paymentExecutions", map[string]any{}}, "wrong_type $.payment.paymentExecutions"},
	{change{"recipient", gone}, "missing_address $.recipient.deliveryAddress"},
	{change{"recipient.deliveryAddress", nil}, "missing_address $.recipient.deliveryAddress"},
	{change{"recipient.deliveryAddress", "12 Engine Street"}, "wrong_type $.recipient.deliveryAddress"},
	{change{"recipient.deliveryAddress.addressLine1", ""}, "missing_street $.recipient.deliveryAddress.addressLine1"},
	{change{"recipient.deliveryAddress.city", gone}, "missing_city $.recipient.deliveryAddress.city"},
	{change{"recipient.deliveryAddress.postalCode", nil}, "missing_postal_code $.recipient.deliveryAddress.postalCode"},
	{change{"recipient.deliveryAddress.countryCode", nil}, "missing_country $.recipient.deliveryAddress.countryCode"},
	{change{"recipient.deliveryAddress.countryCode", "JQ"}, "unknown_country $.recipient.deliveryAddress.countryCode"},
	{change{"recipient.deliveryPreference", []any{}}, "wrong_type $.recipient.deliveryPreference"},
	{change{"buyer", "Ada"}, "wrong_type $.buyer"},
	{change{"tax.taxRegistrations.1.legalName", 1}, "wrong_type $.tax.taxRegistrations[1].legalName"},
}

// wrongsV0 are ways to break a good order of v0.
var wrongsV0 = []wrong{
	{change{"AmazonOrderId", nil}, "missing_id $.AmazonOrderId"},
	{change{"AmazonOrderId", strings.Repeat("7", 201)}, "bad_id $.AmazonOrderId"},
	{change{"PurchaseDate", gone}, "missing_time $.PurchaseDate"},
	{change{"LastUpdateDate", "yesterday"}, "bad_time $.LastUpdateDate"},
	{change{"LatestShipDate", "soon"}, "bad_time $.LatestShipDate"},
	{change{"OrderStatus", gone}, "missing_status $.OrderStatus"},
	{change{"OrderStatus", "Paused"}, "unknown_status $.OrderStatus"},
	{change{"FulfillmentChannel", "DRONE"}, "unknown_fulfiller $.FulfillmentChannel"},
	{change{"IsPrime", "perhaps"}, "wrong_type $.IsPrime"},
	{change{"IsISPU", 1}, "wrong_type $.IsISPU"},
	{change{"NumberOfItemsUnshipped", -1}, "bad_quantity $.NumberOfItemsUnshipped"},
	{change{"OrderTotal", gone}, "missing_total $.OrderTotal"},
	{change{"OrderTotal.Amount", "-1.00"}, "negative_total $.OrderTotal.Amount"},
	{change{"OrderTotal.CurrencyCode", "EURO"}, "unknown_currency $.OrderTotal.CurrencyCode"},
	{change{"PaymentMethodDetails", "Standard"}, "wrong_type $.PaymentMethodDetails"},
	{change{"PaymentExecutionDetail.0.Payment.Amount", "all"}, "bad_amount $.PaymentExecutionDetail[0].Payment.Amount"},
	{change{"OrderItems", []any{}}, "missing_lines $.OrderItems"},
	{change{"OrderItems.1", "a spoon"}, "wrong_type $.OrderItems[1]"},
	{change{"OrderItems.1.OrderItemId", "60000000000001"}, "duplicate_line $.OrderItems[1].OrderItemId"},
	{change{"OrderItems.0.OrderItemId", nil}, "missing_id $.OrderItems[0].OrderItemId"},
	{change{"OrderItems.0.QuantityOrdered", gone}, "missing_quantity $.OrderItems[0].QuantityOrdered"},
	{change{"OrderItems.0.QuantityOrdered", 0}, "bad_quantity $.OrderItems[0].QuantityOrdered"},
	{change{"OrderItems.0.QuantityOrdered", "3"}, "wrong_type $.OrderItems[0].QuantityOrdered"},
	{change{"OrderItems.0.QuantityShipped", 4}, "bad_quantity $.OrderItems[0].QuantityShipped"},
	{change{"OrderItems.1.ItemPrice", gone}, "missing_price $.OrderItems[1].ItemPrice"},
	{change{"OrderItems.0.ItemPrice.Amount", "-1"}, "negative_price $.OrderItems[0].ItemPrice.Amount"},
	{change{"OrderItems.0.ItemPrice.Amount", "9.995"}, "too_precise $.OrderItems[0].ItemPrice.Amount"},
	{change{"OrderItems.0.ItemPrice.Amount", nil}, "missing_amount $.OrderItems[0].ItemPrice.Amount"},
	{change{"OrderItems.0.ShippingPrice.CurrencyCode", "CHF"}, "mixed_currencies $.OrderItems[0].ShippingPrice.CurrencyCode"},
	{change{"OrderItems.0.ItemTax.CurrencyCode", gone}, "missing_currency $.OrderItems[0].ItemTax.CurrencyCode"},
	{change{"OrderItems.0.BuyerInfo.GiftWrapPrice.CurrencyCode", "GBP"}, "mixed_currencies $.OrderItems[0].BuyerInfo.GiftWrapPrice.CurrencyCode"},
	{change{"OrderItems.0.CODFee.Amount", "-2"}, "negative_price $.OrderItems[0].CODFee.Amount"},
	{change{"OrderItems.0.IsGift", "yes"}, "wrong_type $.OrderItems[0].IsGift"},
	{change{"OrderItems.0.BuyerRequestedCancel.IsBuyerRequestedCancel", "no"}, "wrong_type $.OrderItems[0].BuyerRequestedCancel.IsBuyerRequestedCancel"},
	{change{"OrderItems.0.Measurement.Unit", "GRAM"}, "unknown_unit $.OrderItems[0].Measurement.Unit"},
	{change{"OrderItems.0.ScheduledDeliveryEndDate", "noon"}, "bad_time $.OrderItems[0].ScheduledDeliveryEndDate"},
	{change{"ShippingAddress", gone}, "missing_address $.ShippingAddress"},
	{change{"ShippingAddress.AddressLine1", gone}, "missing_street $.ShippingAddress.AddressLine1"},
	{change{"ShippingAddress.City", ""}, "missing_city $.ShippingAddress.City"},
	{change{"ShippingAddress.PostalCode", ""}, "missing_postal_code $.ShippingAddress.PostalCode"},
	{change{"ShippingAddress.CountryCode", gone}, "missing_country $.ShippingAddress.CountryCode"},
	{change{"ShippingAddress.CountryCode", "Deutschland"}, "unknown_country $.ShippingAddress.CountryCode"},
	{change{"BuyerInfo", []any{}}, "wrong_type $.BuyerInfo"},
}

func TestEachWrongHasItsOwnCodeAndPath(t *testing.T) {
	classes := map[string]bool{}
	for file, wrongs := range map[string][]wrong{good2026: wrongs2026, goodV0: wrongsV0} {
		if got := faultsOf(t, changed(t, file)); got != nil {
			t.Fatalf("the good order of %s is refused: %v", file, got)
		}
		for _, wrong := range wrongs {
			if diff := cmp.Diff([]string{wrong.want}, faultsOf(t, changed(t, file, wrong.change))); diff != "" {
				t.Errorf("%s = %v (-want +got):\n%s", wrong.path, wrong.value, diff)
			}
			classes[wrong.want] = true
		}
	}
	if len(classes) < 80 {
		t.Errorf("only %d classes of wrongs", len(classes))
	}
}

// A quarter of all pairs is tried: together they still meet every wrong many times.
func TestTwoWrongsAreBothReported(t *testing.T) {
	for file, wrongs := range map[string][]wrong{good2026: wrongs2026, goodV0: wrongsV0} {
		for i, a := range wrongs {
			for j, b := range wrongs[i+1:] {
				if j%4 != 0 || inside(a.path, b.path) || hides(a.change, b.want) || hides(b.change, a.want) {
					continue
				}
				got := faultsOf(t, changed(t, file, a.change, b.change))
				if !slices.Contains(got, a.want) || !slices.Contains(got, b.want) {
					t.Errorf("%s = %v and %s = %v: got %q", a.path, a.value, b.path, b.value, got)
				}
			}
		}
	}
}

// inside is true of two changes at one place, or one within what the other replaces.
func inside(a, b string) bool {
	return strings.HasPrefix(a+".", b+".") || strings.HasPrefix(b+".", a+".")
}

// hides is true of a change that takes away what the other fault is measured by: the status, by which prices and addresses are asked
// for, the currency of the total, or the line of the same reference.
func hides(c change, fault string) bool {
	name := c.path[strings.LastIndex(c.path, ".")+1:]
	code, _, _ := strings.Cut(fault, " ")
	switch {
	case name == "fulfillmentStatus", name == "OrderStatus", name == "fulfilledBy", name == "FulfillmentChannel", c.path == "fulfillment":
		return strings.HasPrefix(code, "missing_") || code == reading.UnknownCountry || code == reading.BadQuantity
	case name == "grandTotal", name == "proceeds", name == "OrderTotal", strings.HasPrefix(c.path, "OrderTotal."):
		return code == reading.MixedCurrencies
	case c.path == "orderItems.1", c.path == "OrderItems.1", c.path == "OrderItems.0.OrderItemId":
		return code == reading.DuplicateLine
	case strings.HasPrefix(name, "quantity"), strings.HasPrefix(name, "Quantity"):
		return strings.HasSuffix(fault, ".quantityFulfilled") || strings.HasSuffix(fault, ".QuantityShipped")
	case strings.HasPrefix(c.path, "OrderItems.0.ItemPrice"): // of nothing for nothing, the line was cancelled
		return fault == reading.BadQuantity+" $.OrderItems[0].QuantityOrdered"
	case c.path == "IsISPU":
		return strings.Contains(fault, "ShippingAddress")
	}
	return false
}

func TestWhatIsNoJSONOrNotUTF8IsSaidSo(t *testing.T) {
	body := string(changed(t, good2026))
	for _, c := range []struct{ name, old, new, want string }{
		{"cut short", `}}`, ``, "not_json $"},
		{"a field twice", `"fulfilledBy":`, `"fulfilledBy":"AMAZON","fulfilledBy":`, "duplicate_key $.fulfillment.fulfilledBy"},
		{"a field twice, once in disguise", `"orderId":"111-2233445-6677889"`, `"orderId":"111-2233445-6677889","order\u0049d":"2"`, "duplicate_key $.orderId"},
		{"no UTF-8 in a field", `Portland`, "Portl\xf3nd", "not_utf8 $.recipient.deliveryAddress.city"},
		{"no UTF-8 in a field that is not read", `"acquirerId":"`, "\"acquirerId\":\"\xf3", "not_utf8 $"},
	} {
		if !strings.Contains(body, c.old) {
			t.Fatalf("%s: %q is not in the good order", c.name, c.old)
		}
		if diff := cmp.Diff([]string{c.want}, faultsOf(t, []byte(strings.Replace(body, c.old, c.new, 1)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := faultsOf(t, []byte(body+" {}")); !slices.Equal(got, []string{"not_json $"}) {
		t.Errorf("a second document behind the first: %q", got)
	}
}

func TestNoFaultQuotesWhatSomebodyWrote(t *testing.T) {
	const secret = "Zofia Krawczyk"
	for _, path := range []string{
		"orderId", "createdTime", "fulfillment.fulfillmentStatus", "fulfillment.fulfilledBy", "orderItems.0.product.price.unitPrice.amount",
		"orderItems.0.measurement.unit", "orderItems.0.measurement.value", "recipient.deliveryAddress.countryCode", "proceeds.grandTotal.currencyCode",
	} {
		_, err := Marketplace{}.Normalize(raw(changed(t, good2026, change{path, secret + "\u0000"})))
		if err == nil || strings.Contains(err.Error(), "Zofia") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
