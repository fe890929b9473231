package shopify

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrongs are ways to break a good order, and the one fault that each leads to.
var wrongs = []struct {
	change
	want string
}{
	{change{"id", gone}, "missing_id $.id"},
	{change{"id", "a\u0000b"}, "bad_id $.id"},
	{change{"id", true}, "wrong_type $.id"},
	{change{"order_id", 7}, "not_an_order $"},
	{change{"financial_status", gone}, "missing_status $.financial_status"},
	{change{"financial_status", "charged"}, "unknown_status $.financial_status"},
	{change{"fulfillment_status", "packed"}, "unknown_status $.fulfillment_status"},
	{change{"fulfillment_status", 7}, "wrong_type $.fulfillment_status"},
	{change{"currency", ""}, "missing_currency $.currency"},
	{change{"currency", "BTC"}, "unknown_currency $.currency"},
	{change{"created_at", "2026-05-02T08:15:21"}, "bad_time $.created_at"},
	{change{"updated_at", "2026-02-30T08:15:21Z"}, "bad_time $.updated_at"},
	{change{"taxes_included", "yes"}, "wrong_type $.taxes_included"},
	{change{"test", 1}, "wrong_type $.test"},
	{change{"total_price", "-1.00"}, "negative_total $.total_price"},
	{change{"total_price", "50,90"}, "bad_amount $.total_price"},
	{change{"total_price", "50.901"}, "too_precise $.total_price"},
	{change{"total_price", "99999999999999999"}, "amount_out_of_range $.total_price"},
	{change{"line_items", []any{}}, "missing_lines $.line_items"},
	{change{"line_items", map[string]any{"0": 1}}, "wrong_type $.line_items"},
	{change{"line_items.1", nil}, "wrong_type $.line_items[1]"},
	{change{"line_items.1.id", 31}, "duplicate_line $.line_items[1].id"},
	{change{"line_items.0.quantity", gone}, "missing_quantity $.line_items[0].quantity"},
	{change{"line_items.0.quantity", 0}, "bad_quantity $.line_items[0].quantity"},
	{change{"line_items.0.quantity", 1.5}, "bad_quantity $.line_items[0].quantity"},
	{change{"line_items.0.current_quantity", -1}, "bad_quantity $.line_items[0].current_quantity"},
	{change{"line_items.0.price", "-0.01"}, "negative_price $.line_items[0].price"},
	{change{"line_items.0.price", "1e3"}, "bad_amount $.line_items[0].price"},
	{change{"line_items.0.tax_lines.0.rate", 19}, "bad_tax_rate $.line_items[0].tax_lines[0].rate"},
	{change{"line_items.0.tax_lines.0.rate", "1e-9999999"}, "bad_tax_rate $.line_items[0].tax_lines[0].rate"},
	{change{"line_items.0.discount_allocations.0.amount", "x"}, "bad_amount $.line_items[0].discount_allocations[0].amount"},
	{change{"line_items.0.properties", "Engraving"}, "wrong_type $.line_items[0].properties"},
	{change{"shipping_lines.0.discounted_price", "-1"}, "negative_price $.shipping_lines[0].discounted_price"},
	{change{"shipping_lines.0", "free"}, "wrong_type $.shipping_lines[0]"},
	{change{"refunds", "none"}, "wrong_type $.refunds"},
	{change{"total_discounts", "x"}, "bad_amount $.total_discounts"},
	{change{"shipping_address", nil}, "missing_address $.shipping_address"},
	{change{"shipping_address", "Kirchgasse 4"}, "wrong_type $.shipping_address"},
	{change{"shipping_address.city", ""}, "missing_city $.shipping_address.city"},
	{change{"shipping_address.zip", gone}, "missing_postal_code $.shipping_address.zip"},
	{change{"shipping_address.country_code", "JQ"}, "unknown_country $.shipping_address.country_code"},
	{change{"billing_address", []any{}}, "wrong_type $.billing_address"},
	{change{"note", 1}, "wrong_type $.note"},
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
	for _, c := range []struct {
		changes []change
		want    string
	}{
		{[]change{{"shipping_address.address1", ""}, {"shipping_address.address2", nil}}, "missing_street $.shipping_address.address1"},
		{[]change{{"shipping_address.country_code", ""}, {"shipping_address.country", ""}}, "missing_country $.shipping_address.country_code"},
		{[]change{{"total_price", gone}, {"total_price_set", gone}}, "missing_total $.total_price"},
		{[]change{{"created_at", nil}, {"processed_at", nil}}, "missing_time $.created_at"},
		{[]change{{"line_items.0.price", gone}, {"line_items.0.price_set", gone}}, "missing_amount $.line_items[0].price"},
		{[]change{{"line_items.1.sku", nil}, {"line_items.1.variant_id", nil}, {"line_items.1.product_id", nil}}, "missing_offer $.line_items[1].sku"},
	} {
		if got := faultsOf(t, changed(t, c.changes...)); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%v: %q", c.changes, got)
		}
	}
}
