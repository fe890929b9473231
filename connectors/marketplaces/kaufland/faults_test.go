package kaufland

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// wrongs are ways to break a good order, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"id_order", gone}, "missing_id $.id_order"},
	{change{"id_order", nil}, "missing_id $.id_order"},
	{change{"id_order", "  "}, "missing_id $.id_order"},
	{change{"id_order", strings.Repeat("M", 201)}, "bad_id $.id_order"},
	{change{"id_order", "M7\u0000K"}, "bad_id $.id_order"},
	{change{"id_order", true}, "wrong_type $.id_order"},
	{change{"order_units", nil}, "missing_lines $.order_units"},
	{change{"order_units", []any{}}, "missing_lines $.order_units"},
	{change{"order_units", map[string]any{"0": 1}}, "wrong_type $.order_units"},
	{change{"order_units", gone}, "not_an_order $"},
	{change{"order_units.1", nil}, "wrong_type $.order_units[1]"},
	{change{"order_units.1", "a shirt"}, "wrong_type $.order_units[1]"},
	{change{"order_units.0.id_order_unit", gone}, "missing_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", ""}, "missing_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", "unit-1"}, "bad_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", -7}, "bad_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", 1.5}, "bad_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", json.Number("3.14568e14")}, "bad_id $.order_units[0].id_order_unit"},
	{change{"order_units.0.id_order_unit", []any{1}}, "wrong_type $.order_units[0].id_order_unit"},
	{change{"order_units.1.id_order_unit", 314568015270001}, "duplicate_line $.order_units[1].id_order_unit"},
	{change{"order_units.1.id_order", "M000000"}, "mixed_orders $.order_units[1].id_order"},
	{change{"order_units.0.status", gone}, "missing_status $.order_units[0].status"},
	{change{"order_units.0.status", nil}, "missing_status $.order_units[0].status"},
	{change{"order_units.0.status", 7}, "wrong_type $.order_units[0].status"},
	{change{"order_units.0.id_offer", 0.5}, ""}, // an offer may be called anything
	{change{"order_units.0.id_offer", []any{}}, "wrong_type $.order_units[0].id_offer"},
	{change{"order_units.0.product", "a shirt"}, "wrong_type $.order_units[0].product"},
	{change{"order_units.0.product.title", 1}, "wrong_type $.order_units[0].product.title"},
	{change{"order_units.0.product.eans", "9990000000011"}, "wrong_type $.order_units[0].product.eans"},
	{change{"order_units.0.product.eans", []any{map[string]any{}}}, "wrong_type $.order_units[0].product.eans[0]"},
	{change{"order_units.0.product.id_product", false}, "wrong_type $.order_units[0].product.id_product"},
	{change{"order_units.0.price", gone}, "missing_price $.order_units[0].price"},
	{change{"order_units.0.price", nil}, "missing_price $.order_units[0].price"},
	{change{"order_units.0.price", "2399"}, "wrong_type $.order_units[0].price"},
	{change{"order_units.0.price", map[string]any{"amount": 2399}}, "wrong_type $.order_units[0].price"},
	{change{"order_units.0.price", json.Number("23.99")}, "too_precise $.order_units[0].price"},
	{change{"order_units.0.price", json.Number("2399.0")}, "too_precise $.order_units[0].price"},
	{change{"order_units.0.price", json.Number("2e3")}, "bad_amount $.order_units[0].price"},
	{change{"order_units.0.price", -2399}, "negative_price $.order_units[0].price"},
	{change{"order_units.0.price", json.Number("1000000000000001")}, "amount_out_of_range $.order_units[0].price"},
	{change{"order_units.0.price", json.Number("99999999999999999999")}, "amount_out_of_range $.order_units[0].price"},
	{change{"order_units.0.shipping_rate", json.Number("4.90")}, "too_precise $.order_units[0].shipping_rate"},
	{change{"order_units.0.shipping_rate", -1}, "negative_price $.order_units[0].shipping_rate"},
	{change{"order_units.0.shipping_rate", "490"}, "wrong_type $.order_units[0].shipping_rate"},
	{change{"order_units.0.currency", "ZLX"}, "unknown_currency $.order_units[0].currency"},
	{change{"order_units.0.currency", "eur"}, "unknown_currency $.order_units[0].currency"},
	{change{"order_units.0.currency", 978}, "wrong_type $.order_units[0].currency"},
	{change{"order_units.1.currency", "CZK"}, "mixed_currencies $.order_units[1].currency"},
	{change{"order_units.0.vat", 101}, "bad_tax_rate $.order_units[0].vat"},
	{change{"order_units.0.vat", -19}, "bad_tax_rate $.order_units[0].vat"},
	{change{"order_units.0.vat", "19 %"}, "bad_tax_rate $.order_units[0].vat"},
	{change{"order_units.0.vat", json.Number("1.9e1")}, "bad_tax_rate $.order_units[0].vat"},
	{change{"order_units.0.vat", true}, "wrong_type $.order_units[0].vat"},
	{change{"order_units.0.is_marketplace_deemed_supplier", "yes"}, "wrong_type $.order_units[0].is_marketplace_deemed_supplier"},
	{change{"is_marketplace_deemed_supplier", 1}, "wrong_type $.is_marketplace_deemed_supplier"},
	{change{"order_units.0.storefront", 49}, "wrong_type $.order_units[0].storefront"},
	{change{"order_units.0.ts_updated_iso", "2026-02-30T10:15:30Z"}, "bad_time $.order_units[0].ts_updated_iso"},
	{change{"order_units.0.ts_updated_iso", "2026-05-02 08:31:00"}, "bad_time $.order_units[0].ts_updated_iso"},
	{change{"order_units.0.ts_updated_iso", 1777709721}, "wrong_type $.order_units[0].ts_updated_iso"},
	{change{"order_units.0.ts_created_iso", "yesterday"}, "bad_time $.order_units[0].ts_created_iso"},
	{change{"order_units.0.delivery_time_expires_iso", "soon"}, "bad_time $.order_units[0].delivery_time_expires_iso"},
	{change{"ts_created_iso", "0001-01-01T00:00:00Z"}, "bad_time $.ts_created_iso"},
	{change{"order_units.0.note", []any{"quick"}}, "wrong_type $.order_units[0].note"},
	{change{"order_units.0.unit_condition", 1}, "wrong_type $.order_units[0].unit_condition"},
	{change{"order_units.0.cancel_reason", true}, "wrong_type $.order_units[0].cancel_reason"},
	{change{"order_units.0.tickets", []any{"late"}}, "wrong_type $.order_units[0].tickets[0]"},
	{change{"fulfillment_type", 1}, "wrong_type $.fulfillment_type"},
	{change{"storefront", []any{}}, "wrong_type $.storefront"},
	{change{"shipping_address", nil}, "missing_address $.shipping_address"},
	{change{"shipping_address", gone}, "missing_address $.shipping_address"},
	{change{"shipping_address", map[string]any{"city": nil}}, "missing_address $.shipping_address"},
	{change{"shipping_address", "Musterstr 1a"}, "wrong_type $.shipping_address"},
	{change{"shipping_address.city", gone}, "missing_city $.shipping_address.city"},
	{change{"shipping_address.city", " \t"}, "missing_city $.shipping_address.city"},
	{change{"shipping_address.postcode", nil}, "missing_postal_code $.shipping_address.postcode"},
	{change{"shipping_address.postcode", 53424}, "wrong_type $.shipping_address.postcode"},
	{change{"shipping_address.country", nil}, "missing_country $.shipping_address.country"},
	{change{"shipping_address.country", "JQ"}, "unknown_country $.shipping_address.country"},
	{change{"shipping_address.country", "QQQ"}, "unknown_country $.shipping_address.country"},
	{change{"shipping_address.country", "Deutschland"}, "unknown_country $.shipping_address.country"},
	{change{"billing_address", false}, "wrong_type $.billing_address"},
	{change{"buyer", "erika"}, "wrong_type $.buyer"},
	{change{"buyer.email", 7}, "wrong_type $.buyer.email"},
	{change{"delivery", "DHL"}, "wrong_type $.delivery"},
	{change{"delivery.pickup_location", "260"}, "wrong_type $.delivery.pickup_location"},
	{change{"delivery.pickup_location.pickup_location_id", nil}, "missing_id $.delivery.pickup_location.pickup_location_id"},
	{change{"delivery.pickup_location.dhl_post_number", []any{}}, "wrong_type $.delivery.pickup_location.dhl_post_number"},
}

func TestEachWrongHasItsOwnCodeAndPath(t *testing.T) {
	if got := faultsOf(t, changed(t)); got != nil {
		t.Fatalf("the good order is refused: %v", got)
	}
	classes := map[string]bool{}
	for _, wrong := range wrongs {
		var want []string
		if wrong.want != "" {
			want = []string{wrong.want}
		}
		if diff := cmp.Diff(want, faultsOf(t, changed(t, wrong.change))); diff != "" {
			t.Errorf("%s = %v (-want +got):\n%s", wrong.path, wrong.value, diff)
		}
		classes[wrong.want] = true
	}
	if len(classes) < 60 {
		t.Errorf("only %d classes of wrongs", len(classes))
	}
}

// Faults that take more than one change.
func TestWhatIsMissingAltogetherIsAFault(t *testing.T) {
	for want, changes := range map[string][]change{
		"missing_offer $.order_units[0].id_offer":       {{"order_units.0.id_offer", nil}, {"order_units.0.product", nil}},
		"missing_currency $.order_units[0].currency":    {{"order_units.0.currency", nil}, {"order_units.0.storefront", "uk"}},
		"missing_currency $.order_units[1].currency":    {{"order_units.1.currency", nil}, {"order_units.1.storefront", nil}, {"storefront", nil}},
		"mixed_currencies $.order_units[1].currency":    {{"order_units.1.currency", nil}, {"order_units.1.storefront", "CZ"}},
		"missing_street $.shipping_address.street":      {{"shipping_address.street", ""}, {"shipping_address.house_number", nil}},
		"missing_address $.shipping_address":            {{"shipping_address", map[string]any{}}},
		"duplicate_line $.order_units[3].id_order_unit": {{"order_units.3.id_order_unit", "314568015270003"}},
	} {
		if got := faultsOf(t, changed(t, changes...)); !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %q, want %q", changes, got, want)
		}
	}
	timeless := []change{{"ts_created_iso", nil}}
	for _, i := range []string{"0", "1", "2", "3"} {
		timeless = append(timeless, change{"order_units." + i + ".ts_created_iso", nil})
	}
	if got := faultsOf(t, changed(t, timeless...)); !slices.Equal(got, []string{"missing_time $.ts_created_iso"}) {
		t.Errorf("no time at all: %q", got)
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
			if !slices.Contains(append(got, ""), a.want) || !slices.Contains(append(got, ""), b.want) {
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
	case c.path == "order_units": // without a unit there is nothing to ship, so nothing that an order to be shipped must have
		return strings.HasPrefix(fault, "missing_") || strings.HasPrefix(fault, "unknown_country") || c.value == gone
	case c.path == "id_order":
		return strings.HasPrefix(fault, reading.MixedOrders)
	case c.path == "order_units.0.id_order_unit" || c.path == "order_units.1":
		return strings.HasPrefix(fault, reading.DuplicateLine)
	case c.path == "order_units.0.currency":
		return strings.HasPrefix(fault, reading.MixedCurrencies)
	}
	return false
}

func TestWhatIsNoJSONOrNotUTF8IsSaidSo(t *testing.T) {
	body := string(changed(t))
	for _, c := range []struct{ name, old, new, want string }{
		{"cut short", `}}`, ``, "not_json $"},
		{"a field twice", `"status":"need`, `"status":"cancelled","status":"need`, "duplicate_key $.order_units[0].status"},
		{"a field twice, once in disguise", `"status":"need`, `"st\u0061tus":"cancelled","status":"need`, "duplicate_key $.order_units[0].status"},
		{"a field twice further in", `"postcode":"53424"`, `"postcode":"53424","postcode":"1"`, "duplicate_key $.billing_address.postcode"},
		{"no UTF-8 in a field", `Erika`, "Erik\xf3", "not_utf8 $.billing_address.first_name"},
		{"no UTF-8 in a field that is not read", `"manufacturer":"`, "\"manufacturer\":\"\xf3", "not_utf8 $"},
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

func TestThereIsALimitToUnitsAndToWhatOneHas(t *testing.T) {
	order := good(t)
	order["order_units"] = many(t, unitsMax+1)
	if got := faultsOf(t, readingtest.Bytes(t, order)); !slices.Equal(got, []string{"too_many_lines $.order_units"}) {
		t.Errorf("%d units: %q", unitsMax+1, got)
	}
	order["order_units"] = many(t, unitsMax)
	if got := faultsOf(t, readingtest.Bytes(t, order)); got != nil {
		t.Errorf("%d units: %q", unitsMax, got)
	}
	eans := make([]any, itemsMax+1)
	for i := range eans {
		eans[i] = "4006381333931"
	}
	if got := faultsOf(t, changed(t, change{"order_units.0.product.eans", eans})); !slices.Equal(got, []string{"too_many_items $.order_units[0].product.eans"}) {
		t.Errorf("%d numbers: %q", len(eans), got)
	}
}

func TestNoSumOverflows(t *testing.T) {
	order := good(t)
	units := many(t, 2*9300) // at the most expensive, more than 63 bits hold
	for _, u := range units {
		u.(map[string]any)["price"], u.(map[string]any)["shipping_rate"] = schemas.MinorMax, schemas.MinorMax
	}
	order["order_units"] = units
	if got := faultsOf(t, readingtest.Bytes(t, order)); !slices.Equal(got, []string{"amount_out_of_range $"}) {
		t.Errorf("%q", got)
	}
	most := []change{
		{"order_units.0.price", schemas.MinorMax - 490 - 490 - 1250},
		{"order_units.1.price", 0},
		{"order_units.2.price", 1250},
	}
	if got := normalized(t, changed(t, most...)).Total.Minor; got != schemas.MinorMax {
		t.Errorf("the most there is: %d", got)
	}
}

func TestNoFaultQuotesWhatSomebodyWrote(t *testing.T) {
	const secret = "Erika Krawczyk"
	for _, path := range []string{"id_order", "order_units.0.id_order_unit", "order_units.0.ts_updated_iso", "order_units.0.currency", "order_units.0.vat", "shipping_address.country"} {
		_, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: changed(t, change{path, secret + "\u0000"})}})
		if err == nil || strings.Contains(err.Error(), "Erika") {
			t.Errorf("%s: %v", path, err)
		}
	}
	odd := normalized(t, changed(t, change{"order_units.0.status", secret}, change{"fulfillment_type", secret}))
	if text := string(readingtest.Bytes(t, odd.Warnings)); strings.Contains(text, "Erika") {
		t.Error(text)
	}
	parts := bytes.Replace(joinedParts(t, 2), []byte(`"314568015270001":{`), []byte(`"Erika":{`), 1)
	if got := strings.Join(faultsOf(t, parts), " "); strings.Contains(got, "Erika") {
		t.Error(got)
	}
}
