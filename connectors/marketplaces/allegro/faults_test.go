package allegro

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// wrongs are ways to break a good form, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"id", gone}, "missing_id $.id"},
	{change{"id", nil}, "missing_id $.id"},
	{change{"id", "  "}, "missing_id $.id"},
	{change{"id", strings.Repeat("7", 201)}, "bad_id $.id"},
	{change{"id", "a\u0000b"}, "bad_id $.id"},
	{change{"id", true}, "wrong_type $.id"},
	{change{"status", gone}, "missing_status $.status"},
	{change{"status", "PAUSED"}, "unknown_status $.status"},
	{change{"status", 7}, "wrong_type $.status"},
	{change{"fulfillment.status", "LOST"}, "unknown_status $.fulfillment.status"},
	{change{"fulfillment.shipmentSummary.lineItemsSent", "FEW"}, "unknown_status $.fulfillment.shipmentSummary.lineItemsSent"},
	{change{"fulfillment", "NEW"}, "wrong_type $.fulfillment"},
	{change{"updatedAt", "2026-02-30T10:15:30.133Z"}, "bad_time $.updatedAt"},
	{change{"updatedAt", "yesterday"}, "bad_time $.updatedAt"},
	{change{"updatedAt", "2026-05-02T08:15:21"}, "bad_time $.updatedAt"},
	{change{"updatedAt", "0001-01-01T00:00:00Z"}, "bad_time $.updatedAt"},
	{change{"updatedAt", 1777709721}, "wrong_type $.updatedAt"},
	{change{"lineItems.1.boughtAt", "2026-13-01T00:00:00Z"}, "bad_time $.lineItems[1].boughtAt"},
	{change{"delivery.time.dispatch.to", "soon"}, "bad_time $.delivery.time.dispatch.to"},
	{change{"delivery.time.to", "soon"}, "bad_time $.delivery.time.to"},
	{change{"payment.finishedAt", "soon"}, "bad_time $.payment.finishedAt"},
	{change{"lineItems", gone}, "missing_lines $.lineItems"},
	{change{"lineItems", nil}, "missing_lines $.lineItems"},
	{change{"lineItems", []any{}}, "missing_lines $.lineItems"},
	{change{"lineItems", map[string]any{"0": 1}}, "wrong_type $.lineItems"},
	{change{"lineItems.1", nil}, "wrong_type $.lineItems[1]"},
	{change{"lineItems.1", "two cups"}, "wrong_type $.lineItems[1]"},
	{change{"lineItems.1.id", "7cf00001-5b1d-11f1-8a39-0242ac130003"}, "duplicate_line $.lineItems[1].id"},
	{change{"lineItems.0.offer", gone}, "missing_offer $.lineItems[0].offer"},
	{change{"lineItems.0.offer", []any{}}, "wrong_type $.lineItems[0].offer"},
	{change{"lineItems.1.offer.id", ""}, "missing_offer $.lineItems[1].offer.id"},
	{change{"lineItems.0.offer.name", 1}, "wrong_type $.lineItems[0].offer.name"},
	{change{"lineItems.0.quantity", gone}, "missing_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", 0}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", -2}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", 1.5}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", 1_000_001}, "bad_quantity $.lineItems[0].quantity"},
	{change{"lineItems.0.quantity", "2"}, "wrong_type $.lineItems[0].quantity"},
	{change{"lineItems.0.price", gone}, "missing_price $.lineItems[0].price"},
	{change{"lineItems.0.price", "20.00"}, "wrong_type $.lineItems[0].price"},
	{change{"lineItems.0.price.amount", gone}, "missing_amount $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "-5.00"}, "negative_price $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", -5}, "negative_price $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "12,50 zł"}, "bad_amount $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "1e3"}, "bad_amount $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "NaN"}, "bad_amount $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", true}, "wrong_type $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "19.999"}, "too_precise $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.amount", "99999999999999999.00"}, "amount_out_of_range $.lineItems[0].price.amount"},
	{change{"lineItems.0.price.currency", gone}, "missing_currency $.lineItems[0].price.currency"},
	{change{"lineItems.0.price.currency", "ZLX"}, "unknown_currency $.lineItems[0].price.currency"},
	{change{"lineItems.0.price.currency", "pln"}, "unknown_currency $.lineItems[0].price.currency"},
	{change{"lineItems.0.price.currency", "EUR"}, "mixed_currencies $.lineItems[0].price.currency"},
	{change{"lineItems.1.originalPrice.currency", "EUR"}, "mixed_currencies $.lineItems[1].originalPrice.currency"},
	{change{"lineItems.1.originalPrice.amount", "-1"}, "negative_price $.lineItems[1].originalPrice.amount"},
	{change{"lineItems.0.deposit.price.amount", "half"}, "bad_amount $.lineItems[0].deposit.price.amount"},
	{change{"lineItems.0.deposit.price.currency", "CZK"}, "mixed_currencies $.lineItems[0].deposit.price.currency"},
	{change{"lineItems.0.selectedAdditionalServices.0.price", gone}, "missing_price $.lineItems[0].selectedAdditionalServices[0].price"},
	{change{"lineItems.0.selectedAdditionalServices.0.price.amount", "-1"}, "negative_price $.lineItems[0].selectedAdditionalServices[0].price.amount"},
	{change{"lineItems.0.selectedAdditionalServices.0.price.currency", "HUF"}, "mixed_currencies $.lineItems[0].selectedAdditionalServices[0].price.currency"},
	{change{"lineItems.0.selectedAdditionalServices.0.quantity", 0}, "bad_quantity $.lineItems[0].selectedAdditionalServices[0].quantity"},
	{change{"lineItems.0.selectedAdditionalServices", "CARRY_IN"}, "wrong_type $.lineItems[0].selectedAdditionalServices"},
	{change{"delivery.cost.amount", "-0.01"}, "negative_price $.delivery.cost.amount"},
	{change{"delivery.cost.currency", "EUR"}, "mixed_currencies $.delivery.cost.currency"},
	{change{"payment.paidAmount.amount", "all"}, "bad_amount $.payment.paidAmount.amount"},
	{change{"surcharges.0.paidAmount.currency", nil}, "missing_currency $.surcharges[0].paidAmount.currency"},
	{change{"summary", gone}, "missing_total $.summary.totalToPay"},
	{change{"summary.totalToPay", nil}, "missing_total $.summary.totalToPay"},
	{change{"summary.totalToPay.amount", nil}, "missing_amount $.summary.totalToPay.amount"},
	{change{"summary.totalToPay.amount", "-1.00"}, "negative_total $.summary.totalToPay.amount"},
	{change{"delivery.address", nil}, "missing_address $.delivery.address"},
	{change{"delivery.address", gone}, "missing_address $.delivery.address"},
	{change{"delivery.address", "Lipowa 7"}, "wrong_type $.delivery.address"},
	{change{"delivery", []any{}}, "wrong_type $.delivery"},
	{change{"delivery.address.street", ""}, "missing_street $.delivery.address.street"},
	{change{"delivery.address.city", gone}, "missing_city $.delivery.address.city"},
	{change{"delivery.address.city", " \t"}, "missing_city $.delivery.address.city"},
	{change{"delivery.address.zipCode", nil}, "missing_postal_code $.delivery.address.zipCode"},
	{change{"delivery.address.zipCode", 30702}, "wrong_type $.delivery.address.zipCode"},
	{change{"delivery.address.countryCode", nil}, "missing_country $.delivery.address.countryCode"},
	{change{"delivery.address.countryCode", "JQ"}, "unknown_country $.delivery.address.countryCode"},
	{change{"delivery.address.countryCode", "Polska"}, "unknown_country $.delivery.address.countryCode"},
	{change{"delivery.calculatedNumberOfPackages", -1}, "bad_packages $.delivery.calculatedNumberOfPackages"},
	{change{"delivery.pickupPoint", "KRA01A"}, "wrong_type $.delivery.pickupPoint"},
	{change{"buyer", "zoska_k"}, "wrong_type $.buyer"},
	{change{"buyer.login", []any{1}}, "wrong_type $.buyer.login"},
	{change{"invoice.required", "yes"}, "wrong_type $.invoice.required"},
	{change{"invoice.address.company.ids", "676"}, "wrong_type $.invoice.address.company.ids"},
	{change{"messageToSeller", map[string]any{}}, "wrong_type $.messageToSeller"},
	{change{"note", "kruche"}, "wrong_type $.note"},
	{change{"marketplace", "allegro-pl"}, "wrong_type $.marketplace"},
	{change{"revision", false}, "wrong_type $.revision"},
	{change{"surcharges", map[string]any{}}, "wrong_type $.surcharges"},
	{change{"lineItems.0.discounts", []any{"COUPON"}}, "wrong_type $.lineItems[0].discounts[0]"},
	{change{"lineItems.0.tax", "23.00"}, "wrong_type $.lineItems[0].tax"},
}

func TestEachWrongHasItsOwnCodeAndPath(t *testing.T) {
	if got := faultsOf(t, changed(t)); got != nil {
		t.Fatalf("the good form is refused: %v", got)
	}
	classes := map[string]bool{}
	for _, wrong := range wrongs {
		if diff := cmp.Diff([]string{wrong.want}, faultsOf(t, changed(t, wrong.change))); diff != "" {
			t.Errorf("%s = %v (-want +got):\n%s", wrong.path, wrong.value, diff)
		}
		classes[wrong.want] = true
	}
	if len(classes) < 40 {
		t.Errorf("only %d classes of wrongs", len(classes))
	}
}

// A quarter of all pairs is tried: together they still meet every wrong many times.
func TestTwoWrongsAreBothReported(t *testing.T) {
	for i, a := range wrongs {
		for j, b := range wrongs[i+1:] {
			if j%4 != 0 || inside(a.path, b.path) || hides(a.change, b.want) || hides(b.change, a.want) {
				continue
			}
			got := faultsOf(t, changed(t, a.change, b.change))
			if !slices.Contains(got, a.want) || !slices.Contains(got, b.want) {
				t.Errorf("%s = %v and %s = %v: got %q", a.path, a.value, b.path, b.value, got)
			}
		}
	}
}

// inside is true of two changes at one place, or one within what the other replaces.
func inside(a, b string) bool {
	return strings.HasPrefix(a+".", b+".") || strings.HasPrefix(b+".", a+".")
}

// hides is true of a change that takes away what the other fault is measured by.
func hides(c change, fault string) bool {
	switch {
	case c.path == "lineItems.1" || c.path == "lineItems.0.id" || c.path == "lineItems.1.id":
		return strings.HasPrefix(fault, reading.DuplicateLine)
	case c.path == "summary" || c.path == "summary.totalToPay": // then the first line's currency stands in
		return strings.HasPrefix(fault, reading.MixedCurrencies) || strings.Contains(fault, "lineItems[0].price.currency")
	case c.path == "lineItems.0.price.currency":
		return strings.HasPrefix(fault, reading.MixedCurrencies) || strings.HasPrefix(fault, reading.TooPrecise+" $.lineItems[0].price")
	}
	return false
}

func TestWhatIsNoJSONOrNotUTF8IsSaidSo(t *testing.T) {
	body := string(changed(t))
	for _, c := range []struct{ name, old, new, want string }{
		{"cut short", `}}`, ``, ""},
		{"a field twice", `"status":"READY`, `"status":"CANCELLED","status":"READY`, "duplicate_key $.status"},
		{"a field twice, once in disguise", `"status":"READY`, `"st\u0061tus":"CANCELLED","status":"READY`, "duplicate_key $.status"},
		{"a field twice further in", `"zipCode":"30-702"`, `"zipCode":"30-702","zipCode":"30-703"`, "duplicate_key $.delivery.address.zipCode"},
		{"no UTF-8 in a field", `Kraków","companyName`, "Krak\xf3w\",\"companyName", "not_utf8 $.delivery.address.city"},
		{"no UTF-8 in a field that is not read", `"features":`, "\"x\":\"\xf3\",\"features\":", "not_utf8 $"},
	} {
		if !strings.Contains(body, c.old) {
			t.Fatalf("%s: %q is not in the good form", c.name, c.old)
		}
		got := faultsOf(t, []byte(strings.Replace(body, c.old, c.new, 1)))
		if c.want == "" {
			c.want = "not_json $"
		}
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := faultsOf(t, []byte(body+" {}")); !slices.Equal(got, []string{"not_json $"}) {
		t.Errorf("a second document behind the first: %q", got)
	}
}

func TestThereIsALimitToLinesAndToWhatOneLineHas(t *testing.T) {
	lines := make([]any, linesMax+1)
	for i := range lines {
		lines[i] = map[string]any{"offer": map[string]any{"id": i}, "quantity": 1, "price": map[string]any{"amount": "1", "currency": "PLN"}}
	}
	if got := faultsOf(t, changed(t, change{"lineItems", lines})); !slices.Equal(got, []string{"too_many_lines $.lineItems"}) {
		t.Errorf("%d lines: %q", len(lines), got)
	}
	if got := faultsOf(t, changed(t, change{"lineItems", lines[:linesMax]})); got != nil {
		t.Errorf("%d lines: %q", linesMax, got)
	}
	kinds := make([]any, itemsMax+1)
	for i := range kinds {
		kinds[i] = map[string]any{"type": "COUPON"}
	}
	if got := faultsOf(t, changed(t, change{"lineItems.0.discounts", kinds})); !slices.Equal(got, []string{"too_many_items $.lineItems[0].discounts"}) {
		t.Errorf("%d discounts: %q", len(kinds), got)
	}
}

func TestNoSumOverflows(t *testing.T) {
	most := "9999999999999.99"
	for path, want := range map[string]string{
		"lineItems.0.price.amount":                              "amount_out_of_range $.lineItems[0]",
		"lineItems.0.deposit.price.amount":                      "amount_out_of_range $.lineItems[0].deposit",
		"lineItems.0.selectedAdditionalServices.0.price.amount": "amount_out_of_range $.lineItems[0].selectedAdditionalServices[0]",
	} {
		many := []change{{path, most}, {"lineItems.0.quantity", quantityMax}, {"lineItems.0.selectedAdditionalServices.0.quantity", quantityMax}}
		if got := faultsOf(t, changed(t, many...)); !slices.Contains(got, want) {
			t.Errorf("%s: %q", path, got)
		}
	}
	two := []change{{"lineItems.0.price.amount", most}, {"lineItems.0.quantity", 1}, {"lineItems.1.price.amount", most}}
	if got := faultsOf(t, changed(t, two...)); !slices.Equal(got, []string{"amount_out_of_range $.lineItems"}) {
		t.Errorf("two lines: %q", got)
	}
}

func TestNoFaultQuotesWhatSomebodyWrote(t *testing.T) {
	const secret = "Zofia Krawczyk"
	for _, path := range []string{"id", "status", "updatedAt", "lineItems.0.price.amount", "lineItems.0.price.currency", "delivery.address.countryCode", "fulfillment.status"} {
		body := changed(t, change{path, secret + "\u0000"})
		_, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
		if err == nil || strings.Contains(err.Error(), "Zofia") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
