package ebay

import (
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

func paidBack(id, status, date, amount, currency string) map[string]any {
	back := map[string]any{"refundId": id, "amount": map[string]any{"value": amount, "currency": currency}}
	if status != "" {
		back["refundStatus"] = status
	}
	if date != "" {
		back["refundDate"] = date
	}
	return back
}

func TestWhatWasPaidBackIsWhatWasIssued(t *testing.T) {
	const at = "2026-05-03T08:15:20.257Z"
	paid := normalized(t).Total
	in := paid.Currency
	converted := paidBack("7", "REFUNDED", at, "1.00", "XXX")
	converted["amount"] = map[string]any{"value": "3.00", "currency": "GBP", "convertedFromValue": "2.50", "convertedFromCurrency": in}
	for name, c := range map[string]struct {
		order, line []any
		want        string // "" if nobody says how much
		warned      bool
	}{
		"nothing":                       {nil, nil, "", false},
		"of the order":                  {[]any{paidBack("1", "REFUNDED", at, "1.5", in)}, nil, "1.50", false},
		"pending and failed":            {[]any{paidBack("1", "PENDING", "", "1.5", in), paidBack("2", "FAILED", at, "1.5", in)}, nil, "", false},
		"of a line":                     {nil, []any{paidBack("1", "", at, "2.0", in), paidBack("2", "", "", "4.0", in)}, "2.00", false},
		"of a line, and the order's":    {[]any{paidBack("1", "REFUNDED", at, "2.0", in)}, []any{paidBack("1", "", at, "2.0", in), paidBack("3", "", at, "0.5", in)}, "2.50", false},
		"all":                           {[]any{paidBack("1", "REFUNDED", at, paid.String(), in)}, nil, paid.String(), false},
		"too much":                      {[]any{paidBack("1", "REFUNDED", at, paid.String(), in)}, []any{paidBack("2", "", at, "0.01", in)}, "more", true},
		"put into another currency":     {[]any{converted}, nil, "2.50", false},
		"in another currency":           {[]any{paidBack("1", "REFUNDED", at, "1.5", "JPY")}, nil, "", false},
		"one of two that can't be read": {[]any{paidBack("1", "REFUNDED", at, "x", in), paidBack("2", "REFUNDED", at, "1", in)}, nil, "", false},
	} {
		changes := []change{{"paymentSummary.refunds", c.order}, {"lineItems.0.refunds", c.line}}
		for _, mapping := range Mappings {
			m, err := New(mapping, nil)
			if err != nil {
				t.Fatal(err)
			}
			order, err := m.Normalize(&schemas.RawOrder{Origin: schemas.OriginPoll, Body: schemas.Body{Bytes: changed(t, changes...)}})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := ""
			if order.Refund != nil {
				got = order.Refund.Amount.String()
			}
			if order.Refund.Exceeds() {
				got = "more"
			}
			want, warn := c.want, c.warned
			if mapping == first { // it says what it said
				want, warn = "", false
			}
			if warned := warned(order, reading.RefundedTooMuch); got != want || warned != warn {
				t.Errorf("%s, %s: paid back is %q, want %q; warned %v", mapping, name, got, want, warned)
			}
		}
	}
}
