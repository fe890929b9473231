package amazon

import (
	"slices"
	"strconv"
	"testing"
)

func lines(n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = map[string]any{
			"orderItemId": strconv.Itoa(i), "quantityOrdered": 1,
			"product": map[string]any{"sellerSku": "S", "price": map[string]any{"unitPrice": map[string]any{"amount": "1", "currencyCode": "USD"}}},
		}
	}
	return all
}

func TestThereIsALimitToLinesAndToWhatOneLineHas(t *testing.T) {
	if got := faultsOf(t, changed(t, good2026, change{"orderItems", lines(linesMax + 1)})); !slices.Equal(got, []string{"too_many_lines $.orderItems"}) {
		t.Errorf("%d lines: %q", linesMax+1, got)
	}
	if got := faultsOf(t, changed(t, good2026, change{"orderItems", lines(linesMax)})); got != nil {
		t.Errorf("%d lines: %q", linesMax, got)
	}
	programs := slices.Repeat([]any{"TRANSPARENCY"}, itemsMax+1)
	if got := faultsOf(t, changed(t, good2026, change{"orderItems.0.programs", programs})); !slices.Equal(got, []string{"too_many_items $.orderItems[0].programs"}) {
		t.Errorf("%d programs: %q", len(programs), got)
	}
}

func TestNoSumOverflows(t *testing.T) {
	const most = "9999999999999.99"
	const unit, item = "orderItems.0.product.price.unitPrice.amount", "orderItems.0.proceeds"
	many := []change{{unit, most}, {item, gone}, {"orderItems.0.quantityOrdered", quantityMax}, {"orderItems.0.fulfillment.quantityUnfulfilled", quantityMax}}
	if got := faultsOf(t, changed(t, good2026, many...)); !slices.Contains(got, "amount_out_of_range $.orderItems[0].product.price.unitPrice") {
		t.Errorf("all pieces: %q", got)
	}
	for _, part := range []string{"0", "1", "2", "4", "6"} { // whatever the category: goods, charges and tax
		two := []change{{"orderItems.0.proceeds.breakdowns." + part + ".subtotal.amount", most}, {"orderItems.1.proceeds.breakdowns.0.subtotal.amount", most}}
		got := faultsOf(t, changed(t, good2026, two...))
		if part != "6" && !slices.Equal(got, []string{"amount_out_of_range $.orderItems"}) {
			t.Errorf("two amounts, one in category %s: %q", part, got)
		}
	}
	discount := change{"orderItems.0.proceeds.breakdowns.5.subtotal.amount", "-" + most}
	if order := normalized(t, changed(t, good2026, discount)); order.Total.Minor != 6750 {
		t.Errorf("a total of %d", order.Total.Minor)
	}
}
