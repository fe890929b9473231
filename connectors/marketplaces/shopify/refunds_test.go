package shopify

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

func paidBack(kind, status, amount, currency string) map[string]any {
	return map[string]any{"transactions": []any{map[string]any{"kind": kind, "status": status, "amount": amount, "currency": currency}}}
}

func TestWhatWasPaidBackIsWhatHasSucceeded(t *testing.T) {
	good, err := New(second).Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: changed(t)}})
	if err != nil {
		t.Fatal(err)
	}
	paid, in := good.Total.String(), good.Total.Currency
	for name, c := range map[string]struct {
		refunds []any
		want    string // "" if nobody says how much
		warned  bool
	}{
		"nothing":             {[]any{}, "", false},
		"one":                 {[]any{paidBack("refund", "success", "1.50", in)}, "1.50", false},
		"two":                 {[]any{paidBack("refund", "success", "1.50", in), paidBack("refund", "success", "0.5", "")}, "2.00", false},
		"one of two failed":   {[]any{paidBack("refund", "success", "1.50", in), paidBack("refund", "failure", "9.00", in), paidBack("refund", "pending", "1.00", in)}, "1.50", false},
		"a void is no refund": {[]any{paidBack("void", "success", "1.50", in)}, "", false},
		"all":                 {[]any{paidBack("refund", "success", paid, in)}, paid, false},
		"too much":            {[]any{paidBack("refund", "success", paid, in), paidBack("refund", "success", "0.01", in)}, "more", true},
		"in another currency": {[]any{paidBack("refund", "success", "1.50", "JPY")}, "", false},
		"not an amount":       {[]any{paidBack("refund", "success", "a lot", in)}, "", false},
	} {
		order, err := New(second).Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: changed(t, change{"refunds", c.refunds})}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := ""
		if order.Refund != nil {
			got = order.Refund.Amount.String()
		}
		if order.Refund.Exceeds() {
			got = "more"
		}
		warned := slices.ContainsFunc(order.Warnings, func(f schemas.Fault) bool { return f.Code == reading.RefundedTooMuch })
		if got != c.want || warned != c.warned {
			t.Errorf("%s: paid back is %q, want %q; warned %v", name, got, c.want, warned)
		}
	}
}

// What shopify/1 made of an order it still makes of it.
func TestAnEarlierMappingSaysWhatItSaid(t *testing.T) {
	raw := &schemas.RawOrder{Body: schemas.Body{Bytes: changed(t, change{"refunds", []any{paidBack("refund", "success", "99999.00", "")}})}}
	then, err := New(first).Normalize(raw)
	if err != nil {
		t.Fatal(err)
	}
	now, err := New(second).Normalize(raw)
	if err != nil {
		t.Fatal(err)
	}
	if then.Refund != nil || !now.Refund.Exceeds() {
		t.Errorf("paid back is %+v, then %+v", then.Refund, now.Refund)
	}
	now.Refund, now.Warnings = nil, then.Warnings
	if diff := cmp.Diff(then, now); diff != "" {
		t.Errorf("they differ in more (-first +second):\n%s", diff)
	}
}
