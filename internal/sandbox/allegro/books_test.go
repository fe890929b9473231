package allegro

import (
	"encoding/json"
	"math/big"
	"testing"
)

// amounts adds the payments of a form up from its text, without trusting the generator's integers.
func amounts(t *testing.T, form checkoutForm) *big.Rat {
	t.Helper()
	sum := new(big.Rat)
	add := func(p price, times int) {
		value, ok := new(big.Rat).SetString(p.Amount)
		if !ok {
			t.Fatalf("amount %q of %s is no number", p.Amount, form.ID)
		}
		if p.Currency != form.Summary.TotalToPay.Currency {
			t.Fatalf("%s mixes %s and %s", form.ID, p.Currency, form.Summary.TotalToPay.Currency)
		}
		sum.Add(sum, value.Mul(value, big.NewRat(int64(times), 1)))
	}
	for _, l := range form.LineItems {
		add(l.Price, l.Quantity)
		if l.Deposit != nil {
			add(l.Deposit.Price, l.Quantity)
		}
		for _, s := range l.SelectedAdditionalServices {
			add(s.Price, s.Quantity)
		}
	}
	if form.Delivery != nil && form.Delivery.Cost != nil {
		add(*form.Delivery.Cost, 1)
	}
	return sum
}

func TestTotalsAddUpButForAFewHundredthsInOneOfAHundred(t *testing.T) {
	const orders = 3_000
	off := 0
	for n := range uint64(orders) {
		for version := 1; version <= 3; version++ {
			sheet := Market(9).Order(n, version)
			var form checkoutForm
			if err := json.Unmarshal(sheet.Body, &form); err != nil {
				t.Fatal(err)
			}
			stated, _ := new(big.Rat).SetString(form.Summary.TotalToPay.Amount)
			if stated.FloatString(2) != sheet.Total || stated.Sign() <= 0 {
				t.Fatalf("order %d states %s, the books say %s", n, form.Summary.TotalToPay.Amount, sheet.Total)
			}
			if form.ID != sheet.Ref || form.Status != sheet.Status || form.Revision != sheet.Revision || len(form.LineItems) != sheet.Lines {
				t.Fatalf("the books do not fit: %+v\n%s", sheet, sheet.Body)
			}
			difference := stated.Sub(stated, amounts(t, form))
			if difference.Sign() == 0 {
				continue
			}
			if version == 1 {
				off++
			}
			if difference.Abs(difference).Cmp(big.NewRat(3, 100)) > 0 {
				t.Fatalf("order %d is off by %s:\n%s", n, difference.FloatString(2), sheet.Body)
			}
		}
	}
	if off < orders/200 || off > orders/50 {
		t.Errorf("%d of %d totals disagree, which is not about one of a hundred", off, orders)
	}
}

func TestAChangeIsANewRevisionAndMovesTheTimeUnlessItIsTheFulfilment(t *testing.T) {
	cancelled, fulfilled := 0, 0
	for n := range uint64(1000) {
		var before checkoutForm
		seen := map[string]bool{}
		for version := 1; version <= 6; version++ {
			sheet := Market(10).Order(n, version)
			var now checkoutForm
			if err := json.Unmarshal(sheet.Body, &now); err != nil {
				t.Fatal(err)
			}
			if seen[now.Revision] {
				t.Fatalf("order %d has revision %s twice", n, now.Revision)
			}
			seen[now.Revision] = true
			if version > 1 {
				moved := now.Status == before.Status && now.Fulfillment.Status != before.Fulfillment.Status
				if moved != (now.UpdatedAt == before.UpdatedAt) {
					t.Fatalf("order %d: fulfilment moved %v, updatedAt %s after %s", n, moved, now.UpdatedAt, before.UpdatedAt)
				}
				if sheet.Cancels != (now.Status == "CANCELLED" && before.Status != "CANCELLED") {
					t.Fatalf("order %d, version %d: cancels %v from %s to %s", n, version, sheet.Cancels, before.Status, now.Status)
				}
				if sheet.Cancels {
					cancelled++
				}
				if moved {
					fulfilled++
				}
			}
			before = now
		}
	}
	if cancelled == 0 || fulfilled == 0 {
		t.Errorf("%d cancellations and %d moves of the fulfilment among the changes", cancelled, fulfilled)
	}
}
