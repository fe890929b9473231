package direct

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// wrongs are ways to break a good order, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"ref", gone}, "missing_id $.ref"},
	{change{"ref", "  "}, "missing_id $.ref"},
	{change{"ref", strings.Repeat("7", 201)}, "bad_id $.ref"},
	{change{"ref", "a\u0000b"}, "bad_id $.ref"},
	{change{"ref", true}, "wrong_type $.ref"},
	{change{"revision", []any{}}, "wrong_type $.revision"},
	{change{"status", "shipped"}, "unknown_status $.status"},
	{change{"status", 7}, "wrong_type $.status"},
	{change{"source", "fax"}, "unknown_source $.source"},
	{change{"source", false}, "wrong_type $.source"},
	{change{"placed_at", gone}, "missing_time $.placed_at"},
	{change{"placed_at", ""}, "missing_time $.placed_at"},
	{change{"placed_at", "2026-02-30T10:15:30.133Z"}, "bad_time $.placed_at"},
	{change{"placed_at", "2026-05-02T08:15:21"}, "bad_time $.placed_at"},
	{change{"placed_at", 1777709721}, "wrong_type $.placed_at"},
	{change{"ship_by", "soon"}, "bad_time $.ship_by"},
	{change{"deliver_from", "soon"}, "bad_time $.deliver_from"},
	{change{"deliver_by", "0001-01-01T00:00:00Z"}, "bad_time $.deliver_by"},
	{change{"payments.0.paid_at", "2026-13-01T00:00:00Z"}, "bad_time $.payments[0].paid_at"},
	{change{"currency", gone}, "missing_currency $.currency"},
	{change{"currency", "ZLX"}, "unknown_currency $.currency"},
	{change{"currency", "eur"}, "unknown_currency $.currency"},
	{change{"payments.0.currency", "ZLX"}, "unknown_currency $.payments[0].currency"},
	{change{"total", "-1.00"}, "negative_total $.total"},
	{change{"total", "a lot"}, "bad_amount $.total"},
	{change{"total", true}, "wrong_type $.total"},
	{change{"discounts.0.amount", "1000"}, ""},
	{change{"prices_include_tax", "true"}, "wrong_type $.prices_include_tax"},
	{change{"invoice_required", "yes"}, "wrong_type $.invoice_required"},
	{change{"business", 1}, "wrong_type $.business"},
	{change{"lines", gone}, "missing_lines $.lines"},
	{change{"lines", []any{}}, "missing_lines $.lines"},
	{change{"lines", map[string]any{"x": 1}}, "wrong_type $.lines"},
	{change{"lines.1", nil}, "wrong_type $.lines[1]"},
	{change{"lines.1.line_ref", "a"}, "duplicate_line $.lines[1].line_ref"},
	{change{"lines.0.sku", gone}, "missing_offer $.lines[0].sku"},
	{change{"lines.1.sku", ""}, "missing_offer $.lines[1].sku"},
	{change{"lines.0.title", 1}, "wrong_type $.lines[0].title"},
	{change{"lines.0.quantity", gone}, "missing_quantity $.lines[0].quantity"},
	{change{"lines.0.quantity", 0}, "bad_quantity $.lines[0].quantity"},
	{change{"lines.0.quantity", -2}, "bad_quantity $.lines[0].quantity"},
	{change{"lines.0.quantity", 1.5}, "bad_quantity $.lines[0].quantity"},
	{change{"lines.0.quantity", 1_000_001}, "bad_quantity $.lines[0].quantity"},
	{change{"lines.0.quantity", "2"}, "wrong_type $.lines[0].quantity"},
	{change{"lines.0.unit", 12}, "wrong_type $.lines[0].unit"},
	{change{"lines.0.unit", "crate"}, "unknown_unit $.lines[0].unit"},
	{change{"lines.0.unit", "case"}, "unknown_unit $.lines[0].unit"},
	{change{"lines.0.unit", "0 kg"}, "unknown_unit $.lines[0].unit"},
	{change{"lines.0.unit", "0,5 kg"}, "unknown_unit $.lines[0].unit"},
	{change{"lines.0.unit", "2  kg"}, ""},
	{change{"lines.0.unit_price", gone}, "missing_price $.lines[0].unit_price"},
	{change{"lines.1.line_total", nil}, "missing_price $.lines[1].unit_price"},
	{change{"lines.0.line_total", "37.50"}, "two_prices $.lines[0].line_total"},
	{change{"lines.0.unit_price", map[string]any{}}, "wrong_type $.lines[0].unit_price"},
	{change{"lines.0.unit_price", "-5.00"}, "negative_price $.lines[0].unit_price"},
	{change{"lines.0.unit_price", -5}, "negative_price $.lines[0].unit_price"},
	{change{"lines.0.unit_price", "12,50"}, "bad_amount $.lines[0].unit_price"},
	{change{"lines.0.unit_price", "1e3"}, "bad_amount $.lines[0].unit_price"},
	{change{"lines.0.unit_price", "19.999"}, "too_precise $.lines[0].unit_price"},
	{change{"lines.0.unit_price", "99999999999999999.00"}, "amount_out_of_range $.lines[0].unit_price"},
	{change{"lines.1.line_total", "-0.01"}, "negative_price $.lines[1].line_total"},
	{change{"lines.0.list_price", "12.5.0"}, "bad_amount $.lines[0].list_price"},
	{change{"lines.0.tax_rate", "19 %"}, "bad_tax_rate $.lines[0].tax_rate"},
	{change{"lines.0.tax_rate", -7}, "bad_tax_rate $.lines[0].tax_rate"},
	{change{"lines.0.fulfilled_by", "amazon"}, "unknown_fulfiller $.lines[0].fulfilled_by"},
	{change{"lines.0.eans", "4006381333931"}, "wrong_type $.lines[0].eans"},
	{change{"lines.0.eans.0", "400638133393"}, ""},
	{change{"lines.0.eans.0", "40063813339"}, "bad_ean $.lines[0].eans[0]"},
	{change{"lines.0.eans.0", nil}, "bad_ean $.lines[0].eans[0]"},
	{change{"lines.0.eans.0", true}, "wrong_type $.lines[0].eans[0]"},
	{change{"lines.0.gift_note", []any{"x"}}, "wrong_type $.lines[0].gift_note"},
	{change{"charges", map[string]any{}}, "wrong_type $.charges"},
	{change{"charges.0.kind", "discount"}, "unknown_charge $.charges[0].kind"},
	{change{"charges.0.kind", gone}, "unknown_charge $.charges[0].kind"},
	{change{"charges.0.amount", gone}, "missing_amount $.charges[0].amount"},
	{change{"charges.0.amount", "-0.01"}, "negative_price $.charges[0].amount"},
	{change{"charges.1.line_ref", "c"}, "unknown_line $.charges[1].line_ref"},
	{change{"charges.1", 2.5}, "wrong_type $.charges[1]"},
	{change{"discounts.0.amount", ""}, "missing_amount $.discounts[0].amount"},
	{change{"discounts.0.amount", "-2.50"}, "negative_price $.discounts[0].amount"},
	{change{"discounts.0.line_ref", "c"}, "unknown_line $.discounts[0].line_ref"},
	{change{"discounts.0.kind", "coupon"}, "unknown_field $.discounts[0].kind"},
	{change{"payments.0.method", "beads"}, "unknown_payment_method $.payments[0].method"},
	{change{"payments.1.kind", "tip"}, "unknown_payment_method $.payments[1].kind"},
	{change{"payments.0.paid", "all"}, "bad_amount $.payments[0].paid"},
	{change{"payments.0", "cash"}, "wrong_type $.payments[0]"},
	{change{"ship_to", gone}, "missing_address $.ship_to"},
	{change{"ship_to", nil}, "missing_address $.ship_to"},
	{change{"ship_to", "Hafenweg 11"}, "wrong_type $.ship_to"},
	{change{"ship_to.street", ""}, "missing_street $.ship_to.street"},
	{change{"ship_to.city", " \t"}, "missing_city $.ship_to.city"},
	{change{"ship_to.postal_code", gone}, "missing_postal_code $.ship_to.postal_code"},
	{change{"ship_to.postal_code", 48155}, "wrong_type $.ship_to.postal_code"},
	{change{"ship_to.country", nil}, "missing_country $.ship_to.country"},
	{change{"ship_to.country", "JQ"}, "unknown_country $.ship_to.country"},
	{change{"bill_to.country", "Germany"}, "unknown_country $.bill_to.country"},
	{change{"buyer.country", "D"}, "unknown_country $.buyer.country"},
	{change{"buyer", "mia.b"}, "wrong_type $.buyer"},
	{change{"buyer.zip", "10969"}, "unknown_field $.buyer.zip"},
	{change{"ship_to.ref", "C-77"}, "unknown_field $.ship_to.ref"},
	{change{"pickup_point", map[string]any{"name": "kiosk"}}, "missing_id $.pickup_point.ref"},
	{change{"pickup_point", "kiosk"}, "wrong_type $.pickup_point"},
	{change{"shipto", nil}, "unknown_field $.shipto"},
	{change{"X", 1}, "unknown_field $.X"},
	{change{"lines.1.unitPrice", "1"}, "unknown_field $.lines[1].unitPrice"},
	{change{"Mia Brandt", 1}, "unknown_field $.*"},
	{change{strings.Repeat("a", nameMax+1), 1}, "unknown_field $.*"},
	{change{"buyer_note", map[string]any{}}, "wrong_type $.buyer_note"},
	{change{"seller_ref", false}, "wrong_type $.seller_ref"},
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
			for _, want := range []string{a.want, b.want} {
				if want != "" && !slices.Contains(got, want) {
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

// hides is true of a change that takes away what the other fault is measured by.
func hides(c change, fault string) bool {
	code, path, _ := strings.Cut(fault, " ")
	switch {
	case c.path == "status" || (strings.HasPrefix(c.path, "lines") && strings.HasSuffix(c.path, "fulfilled_by")) || c.path == "pickup_point":
		return strings.HasPrefix(path, "$.ship_to")
	case c.path == "lines" || c.path == "lines.1" || c.path == "lines.1.line_ref":
		return strings.HasPrefix(path, "$.ship_to") || code == reading.DuplicateLine || strings.Contains(path, "line_ref") || code == reading.TwoPrices
	case strings.HasSuffix(c.path, "unit_price"):
		return code == reading.TwoPrices
	case c.path == "lines.0.line_total":
		return strings.HasPrefix(path, "$.lines[0].unit_price")
	case c.path == "currency":
		return code == reading.TooPrecise
	}
	return false
}

func TestWhatIsNoJSONOrNotUTF8IsSaidSo(t *testing.T) {
	body := string(changed(t))
	for _, c := range []struct{ name, old, new, want string }{
		{"cut short", `4.2}`, `4.2`, "not_json $"},
		{"a field twice", `"status":"ready"`, `"status":"cancelled","status":"ready"`, "duplicate_key $.status"},
		{"a field twice, once in disguise", `"status":"ready"`, `"st\u0061tus":"cancelled","status":"ready"`, "duplicate_key $.status"},
		{"a field twice further in", `"city":"Münster"`, `"city":"Münster","city":"Telgte"`, "duplicate_key $.ship_to.city"},
		{"no UTF-8 in a field", `"city":"Münster"`, "\"city\":\"M\xfcnster\"", "not_utf8 $.ship_to.city"},
		{"no UTF-8 in a field that is only kept", `"campaign":"spring-26"`, "\"campaign\":\"\xf3\"", "not_utf8 $"},
	} {
		if !strings.Contains(body, c.old) {
			t.Fatalf("%s: %q is not in the good order", c.name, c.old)
		}
		got := faultsOf(t, []byte(strings.Replace(body, c.old, c.new, 1)))
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := faultsOf(t, []byte(body+" {}")); !slices.Equal(got, []string{"not_json $"}) {
		t.Errorf("a second document behind the first: %q", got)
	}
}

func TestThereIsALimitToLinesAndToEveryOtherList(t *testing.T) {
	many := func(n int, item any) []any { return slices.Repeat([]any{item}, n) }
	line := map[string]any{"sku": 1, "quantity": 1, "unit_price": "1"}
	noCharges := []change{{"charges", nil}, {"discounts", nil}}
	if got := faultsOf(t, changed(t, append(noCharges, change{"lines", many(reading.LinesMax+1, line)})...)); !slices.Equal(got, []string{"too_many_lines $.lines"}) {
		t.Errorf("a line too many: %q", got)
	}
	if got := faultsOf(t, changed(t, append(noCharges, change{"lines", many(reading.LinesMax, line)})...)); got != nil {
		t.Errorf("%d lines: %q", reading.LinesMax, got)
	}
	for path, item := range map[string]any{
		"charges": map[string]any{"kind": "service", "amount": "1"}, "discounts": map[string]any{"amount": "0"},
		"payments": map[string]any{}, "lines.0.eans": "12345678",
	} {
		want := "too_many_items $." + strings.Replace(path, ".0", "[0]", 1)
		if got := faultsOf(t, changed(t, change{path, many(reading.ItemsMax+1, item)})); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q", path, got)
		}
		if got := faultsOf(t, changed(t, change{path, many(reading.ItemsMax, item)})); got != nil {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestNoSumOverflows(t *testing.T) {
	most := "9999999999999.99"
	for _, c := range []struct {
		want    string
		changes []change
	}{
		{"amount_out_of_range $.lines[0].unit_price", []change{{"lines.0.unit_price", most}, {"lines.0.quantity", quantityMax}}},
		{"amount_out_of_range $.lines", []change{{"lines.0.unit_price", most}, {"lines.0.quantity", 1}, {"lines.1.line_total", most}}},
		{"amount_out_of_range $.total", []change{{"discounts", []any{map[string]any{"amount": most}, map[string]any{"amount": most}}}}},
		{"amount_out_of_range $.lines", []change{{"charges.0.amount", most}, {"charges.1.amount", most}, {"discounts.0.amount", most}}},
	} {
		if got := faultsOf(t, changed(t, c.changes...)); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%v: %q", c.changes, got)
		}
	}
}

func TestNobodyIsLetOffMoreThanTheOrderComesTo(t *testing.T) {
	body := changed(t, change{"total", nil}, change{"discounts.0.amount", "100.82"})
	if got := faultsOf(t, body); !slices.Equal(got, []string{"negative_total $.discounts"}) {
		t.Errorf("%q", got)
	}
	body = changed(t, change{"total", nil}, change{"discounts.0.amount", "100.81"})
	if order := normalized(t, body); order.Total.Minor != 0 {
		t.Errorf("total %s", order.Total)
	}
}

func TestAPatchCanNotMoveAnOrderToAnotherReference(t *testing.T) {
	for ref, want := range map[string]bool{"": true, "W-2044": true, "W-2045": false} {
		_, err := Marketplace{}.Normalize(&schemas.RawOrder{Ref: ref, Body: schemas.Body{Bytes: changed(t)}})
		if (err == nil) != want || (err != nil && !strings.HasPrefix(err.Error(), "bad_id at $.ref")) {
			t.Errorf("known as %q: %v", ref, err)
		}
	}
}

func TestNoFaultQuotesWhatSomebodyWrote(t *testing.T) {
	const secret = "Mia Brandt"
	for _, path := range []string{
		"ref", "status", "source", "placed_at", "currency", "total", "lines.0.unit_price", "lines.0.tax_rate", "lines.0.fulfilled_by", "lines.0.eans.0",
		"charges.0.kind", "charges.1.line_ref", "payments.0.method", "payments.0.currency", "ship_to.country", "ship_to." + secret,
	} {
		body := changed(t, change{path, secret + "\u0000"})
		_, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
		if err == nil || strings.Contains(err.Error(), "Mia") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
