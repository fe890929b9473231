package tryton_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"waybill/schemas"
)

// Whatever an order costs, Tryton adds it up to the same: with line totals that no unit price gives, and without decimals.
func TestAmountsAreTheSameToTheMinorUnit(t *testing.T) {
	r := startReal(t)
	erp, ctx, word := r.erp(), t.Context(), own(t)
	ana, _, err := erp.CreateCustomer(ctx, customer(word))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i, currency := range []string{"EUR", "PLN", "JPY", "CZK", "EUR", "JPY"} {
		p := placing(fmt.Sprint("allegro/", word, i), ana)
		o := &p.Order
		o.Lines, o.Charges, o.Total = nil, nil, schemas.Money{Currency: currency}
		for n := range 4 {
			total := schemas.Money{Minor: random.Int64N(1_000_000), Currency: currency}
			pieces := []int64{1, 3, 7, 997}[n]
			o.Lines = append(o.Lines, schemas.Line{SKU: "TEA-500G", Quantity: pieces, LineTotal: total})
			o.Total.Minor += total.Minor
		}
		discount := schemas.Money{Minor: -random.Int64N(500), Currency: currency}
		o.Charges = append(o.Charges, schemas.Charge{Kind: schemas.ChargeDiscount, Quantity: 1, Amount: discount})
		o.Total.Minor += discount.Minor
		if _, _, err := erp.CreateOrder(ctx, p); err != nil {
			t.Fatal(err)
		}
		s := r.records("sale.sale", []any{where("reference", "=", o.OrderID)}, "total_amount", "currency.code")[0]
		got, err := schemas.ParseMoney(decimalIn(t, s["total_amount"]), currency)
		if at := s["currency."].(map[string]any)["code"]; err != nil || got != o.Total || at != currency {
			t.Errorf("seed %d: %d lines of %s %s: Tryton says %v %v (%v)", seed, len(o.Lines), o.Total, currency, got, at, err)
		}
	}
}
