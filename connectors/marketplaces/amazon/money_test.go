package amazon

import (
	"slices"
	"testing"

	"waybill/schemas"
)

func TestAStatedTotalStandsAndTheRestIsRounding(t *testing.T) {
	for _, c := range []struct {
		total string
		want  int64
		warn  bool
	}{
		{"67.50", 0, false},
		{"67.49", -1, false},
		{"68.17", 67, false},
		{"68.19", 69, true},   // more than a hundredth
		{"0.00", -6325, true}, // nearer to it without the tax on top
	} {
		order := normalized(t, changed(t, good2026, change{"proceeds.grandTotal.amount", c.total}))
		last := order.Charges[len(order.Charges)-1]
		if got := last.Amount.Minor; (c.want == 0) != (last.Kind != schemas.ChargeRounding) || (c.want != 0 && got != c.want) {
			t.Errorf("%s: last charge %s of %d, want %d", c.total, last.Kind, got, c.want)
		}
		if got := slices.Contains(warnings(order), "total_disagrees $.proceeds.grandTotal"); got != c.warn {
			t.Errorf("%s: warned %v", c.total, order.Warnings)
		}
	}
}

// No field says whether tax is within the prices: the total does.
func TestTheTotalTellsWhetherTaxComesOnTop(t *testing.T) {
	const us, de, unknown = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A0000000000000"
	yes, no := new(true), new(false)
	for _, c := range []struct {
		site, tax, total string
		want             *bool
		rounding         int64
	}{
		{us, "1.76", "12.76", no, 0},
		{us, "1.76", "11.00", yes, 0},
		{de, "1.76", "11.00", yes, 0},
		{de, "1.76", "12.76", no, 0},
		{de, "1.76", "12.70", no, -6},
		{de, "1.76", "11.05", yes, 5},
		{de, "2.00", "12.00", yes, 100}, // as far from both, so as is usual there
		{us, "2.00", "12.00", no, -100},
		{us, "0.00", "11.00", no, 0},
		{de, "0.00", "11.00", yes, 0},
		{unknown, "0.00", "11.00", nil, 0},
		{unknown, "1.76", "12.76", no, 0},
	} {
		order := normalized(t, changed(t, goodV0,
			change{"MarketplaceId", c.site}, change{"OrderTotal.Amount", c.total}, change{"NumberOfItemsUnshipped", 1},
			change{"OrderItems", []any{map[string]any{
				"ASIN": "B0", "OrderItemId": "1", "QuantityOrdered": 1,
				"ItemPrice": map[string]any{"Amount": "11.00", "CurrencyCode": "EUR"}, "ItemTax": map[string]any{"Amount": c.tax, "CurrencyCode": "EUR"},
			}}}))
		if got := order.PricesIncludeTax; (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%+v: prices include tax: %v", c, got)
		}
		var rounding int64
		for _, charge := range order.Charges {
			if charge.Kind == schemas.ChargeRounding {
				rounding = charge.Amount.Minor
			}
		}
		if rounding != c.rounding {
			t.Errorf("%+v: rounding of %d", c, rounding)
		}
	}
}

// v0 states the price of all pieces. What comes to each is rounded, the sum is not.
func TestThePriceOfOneComesFromThatOfAll(t *testing.T) {
	for _, c := range []struct {
		all    string
		pieces int
		unit   int64
	}{
		{"29.99", 3, 1000}, {"10.00", 3, 333}, {"10.00", 6, 167}, {"0.05", 2, 3}, {"0.00", 7, 0}, {"11.00", 1, 1100},
	} {
		order := normalized(t, changed(t, goodV0, change{"OrderItems.0.ItemPrice.Amount", c.all}, change{"OrderItems.0.QuantityOrdered", c.pieces}))
		total, _ := schemas.ParseMoney(c.all, "EUR")
		if l := order.Lines[0]; l.UnitPrice.Minor != c.unit || l.LineTotal != total {
			t.Errorf("%s for %d: %s each, %s together", c.all, c.pieces, l.UnitPrice, l.LineTotal)
		}
	}
}

// 2026-01-01 states the price of one and, in the category ITEM, that of all.
func TestWhatIsPaidForTheLineStandsAboveThePriceOfOne(t *testing.T) {
	const unit, item = "orderItems.0.product.price", "orderItems.0.proceeds.breakdowns.0.subtotal.amount"
	for _, c := range []struct {
		name              string
		changes           []change
		unit, list, total int64
		cancelled         int64
		warn              bool
	}{
		{"they fit", nil, 2000, 2000, 4000, 0, false},
		{"they do not", []change{{item, "36.00"}}, 1800, 2000, 3600, 0, true},
		{"no price of one", []change{{unit, gone}}, 2000, 2000, 4000, 0, false},
		{"no category", []change{{"orderItems.0.proceeds", gone}}, 2000, 2000, 4000, 0, false},
		{"one cancelled, and not paid for", []change{{item, "20.00"}, {"orderItems.0.fulfillment.quantityUnfulfilled", 1}}, 2000, 2000, 2000, 1, false},
		{"one cancelled, but still counted", []change{{"orderItems.0.fulfillment.quantityUnfulfilled", 1}}, 2000, 2000, 4000, 1, false},
		{"one cancelled, no category", []change{{"orderItems.0.proceeds", gone}, {"orderItems.0.fulfillment.quantityUnfulfilled", 1}}, 2000, 2000, 2000, 1, false},
	} {
		order := normalized(t, changed(t, good2026, c.changes...))
		l := order.Lines[0]
		if l.UnitPrice.Minor != c.unit || l.ListPrice.Minor != c.list || l.LineTotal.Minor != c.total || l.Cancelled != c.cancelled {
			t.Errorf("%s: %s of %s each, %s together, %d cancelled", c.name, l.UnitPrice, l.ListPrice, l.LineTotal, l.Cancelled)
		}
		if got := slices.Contains(warnings(order), "line_total_disagrees $.orderItems[0].product.price.unitPrice"); got != c.warn {
			t.Errorf("%s: warned %v", c.name, got)
		}
	}
}

// A discount lowers the total, whether it is written with a sign or without.
func TestADiscountIsALossHoweverItIsWritten(t *testing.T) {
	const at = "orderItems.0.proceeds.breakdowns.5.subtotal.amount"
	with, without := normalized(t, changed(t, good2026, change{at, "-4.00"})), normalized(t, changed(t, good2026, change{at, "4.00"}))
	for _, order := range []*schemas.Order{with, without} {
		if c := order.Charges[4]; c.Kind != schemas.ChargeDiscount || c.Amount.Minor != -400 {
			t.Errorf("%+v", c)
		}
	}
}

// What is pending states no price; a replacement costs nothing.
func TestOnlyWhatSomebodyPaysNeedsPrices(t *testing.T) {
	bare := []change{{"proceeds", gone}, {"orderItems.0.proceeds", gone}, {"orderItems.0.product.price", gone}, {"orderItems.1.proceeds", gone}, {"orderItems.1.product.price", gone}}
	want := []string{"missing_total $.proceeds.grandTotal", "missing_price $.orderItems[0].product.price.unitPrice", "missing_price $.orderItems[1].product.price.unitPrice"}
	if got := faultsOf(t, changed(t, good2026, bare...)); !slices.Equal(got, want) {
		t.Errorf("ready: %q", got)
	}
	for _, free := range []change{
		{"fulfillment.fulfillmentStatus", "PENDING"},
		{"fulfillment.fulfillmentStatus", "CANCELLED"},
		{"salesChannel.channelName", "NON_AMAZON"},
		{"associatedOrders.0.associationType", "REPLACEMENT_ORIGINAL_ID"},
	} {
		order := normalized(t, changed(t, good2026, append(bare, free)...))
		if order.Total != (schemas.Money{Currency: "USD"}) || order.Lines[0].LineTotal != order.Total {
			t.Errorf("%s = %v: %s %s", free.path, free.value, order.Total, order.Total.Currency)
		}
	}
}
