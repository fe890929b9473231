package amazon

import (
	"math/big"
	"testing"
	"time"
)

// sum adds the proceeds of an order up from their texts, without trusting the generator's integers:
// those of the order, else those of the items.
func sum(t *testing.T, v view) *big.Rat {
	t.Helper()
	all := new(big.Rat)
	add := func(parts []part) {
		for _, p := range parts {
			if p.Subtotal.CurrencyCode != v.Order.Proceeds.GrandTotal.CurrencyCode {
				t.Fatalf("%s mixes currencies", v.Order.OrderID)
			}
			all.Add(all, p.Subtotal.value(t))
		}
	}
	if v.Order.Proceeds.Breakdowns != nil {
		add(v.Order.Proceeds.Breakdowns)
		return all
	}
	for _, i := range v.Order.OrderItems {
		add(i.Proceeds.Breakdowns)
	}
	return all
}

func TestTotalsAddUpButForALittleInOneOfAHundred(t *testing.T) {
	const orders = 5_000
	off, told := 0, 0
	for n := range uint64(orders) {
		for version := 1; version <= 3; version++ {
			sheet := Market(9).Order(n, version)
			v := look(t, sheet.Body)
			if v.Order.OrderID != sheet.Ref || v.Order.Fulfillment.FulfillmentStatus != sheet.Status ||
				v.Order.LastUpdatedTime != sheet.Revision || len(v.Order.OrderItems) != sheet.Lines {
				t.Fatalf("the books do not fit: %+v\n%s", sheet, sheet.Body)
			}
			places := 2
			if sheet.Currency == "JPY" {
				places = 0
			}
			if v.Order.Proceeds == nil {
				if new(big.Rat).FloatString(places) != sheet.Total {
					t.Fatalf("order %d says no amounts, the books %s:\n%s", n, sheet.Total, sheet.Body)
				}
				continue
			}
			stated := v.Order.Proceeds.GrandTotal
			if stated.value(t).FloatString(places) != sheet.Total || stated.CurrencyCode != sheet.Currency {
				t.Fatalf("order %d states %v, the books say %s %s", n, stated, sheet.Total, sheet.Currency)
			}
			difference := new(big.Rat).Sub(stated.value(t), sum(t, v))
			if version == 1 {
				told++
				off += difference.Sign() * difference.Sign()
			}
			if difference.Abs(difference).Cmp(big.NewRat(3, map[int]int64{0: 1, 2: 100}[places])) > 0 {
				t.Fatalf("order %d is off by %s:\n%s", n, difference.FloatString(places), sheet.Body)
			}
		}
	}
	if off < told/200 || off > told/50 {
		t.Errorf("%d of %d totals disagree, which is not about one of a hundred", off, told)
	}
}

func TestItemsAddUpToThePartsOfTheirOrder(t *testing.T) {
	for n := range uint64(3_000) {
		v := look(t, Market(14).Order(n, 1).Body)
		byType := map[string]*big.Rat{}
		silent := v.Order.Proceeds == nil || v.Order.Proceeds.Breakdowns == nil
		for _, i := range v.Order.OrderItems {
			if silent = silent || i.Proceeds == nil; silent {
				break
			}
			total := new(big.Rat)
			for _, p := range i.Proceeds.Breakdowns {
				total.Add(total, p.Subtotal.value(t))
				if byType[p.Type] == nil {
					byType[p.Type] = new(big.Rat)
				}
				byType[p.Type].Add(byType[p.Type], p.Subtotal.value(t))
				if p.Type != "ITEM" {
					continue
				}
				each := i.Product.Price.UnitPrice.value(t)
				if each.Mul(each, big.NewRat(int64(i.QuantityOrdered), 1)).Cmp(p.Subtotal.value(t)) != 0 {
					t.Fatalf("item %s of %d pieces: the price is that of one, and that of all is %s", i.OrderItemID, i.QuantityOrdered, p.Subtotal.Amount)
				}
			}
			if total.Cmp(i.Proceeds.ProceedsTotal.value(t)) != 0 {
				t.Fatalf("item %s does not add up", i.OrderItemID)
			}
		}
		if silent {
			continue
		}
		for _, p := range v.Order.Proceeds.Breakdowns {
			if p.Type != "DELIVERY_TIP" && byType[p.Type].Cmp(p.Subtotal.value(t)) != 0 {
				t.Fatalf("order %s says %s %s, its items %s", v.Order.OrderID, p.Type, p.Subtotal.Amount, byType[p.Type].FloatString(2))
			}
		}
	}
}

func TestEveryVersionIsLaterAndSaysNoLessThanTheOneBefore(t *testing.T) {
	cancelled, confirmed, sent := 0, 0, 0
	for n := range uint64(2000) {
		var before view
		var at time.Time
		for version := 1; version <= 6; version++ {
			sheet := Market(10).Order(n, version)
			now := look(t, sheet.Body)
			updated, err := time.Parse(time.RFC3339, sheet.Revision)
			if err != nil || updated.Before(at.Add(time.Second)) {
				t.Fatalf("order %d, version %d: %s is not a second after %s, %v", n, version, sheet.Revision, at, err)
			}
			at = updated
			if version > 1 {
				from, to := before.Order.Fulfillment.FulfillmentStatus, now.Order.Fulfillment.FulfillmentStatus
				if sheet.Cancels != (to == "CANCELLED" && from != "CANCELLED") {
					t.Fatalf("order %d, version %d: cancels %v from %s to %s", n, version, sheet.Cancels, from, to)
				}
				if to != "CANCELLED" && before.Order.Recipient != nil && now.Order.Recipient == nil {
					t.Fatalf("order %d has lost its address from %s to %s", n, from, to)
				}
				count(&cancelled, sheet.Cancels)
				count(&confirmed, from == "PENDING" && to == "UNSHIPPED")
				count(&sent, from == "UNSHIPPED" && to == "SHIPPED")
			}
			before = now
		}
	}
	if cancelled == 0 || confirmed == 0 || sent == 0 {
		t.Errorf("%d cancelled, %d confirmed, %d sent", cancelled, confirmed, sent)
	}
}

func count(n *int, really bool) {
	if really {
		*n++
	}
}

func TestPendingOrdersSayNeitherPriceNorPerson(t *testing.T) {
	found := 0
	for n := range uint64(3000) {
		v := look(t, Market(15).Order(n, 1).Body)
		if v.Order.Fulfillment.FulfillmentStatus != "PENDING" {
			continue
		}
		found++
		if v.Order.Buyer != nil || v.Order.Recipient != nil || v.Order.Proceeds != nil || v.Order.OrderItems[0].Product.Price != nil {
			t.Fatalf("order %d is pending, and tells more than what was bought: %+v", n, v)
		}
	}
	if found == 0 {
		t.Error("no order was pending")
	}
}

func TestPackagesHoldWhatIsFulfilled(t *testing.T) {
	for n := range uint64(2000) {
		v := look(t, Market(16).Order(n, 3).Body)
		sent := map[string]int{}
		for _, p := range v.Order.Packages {
			for _, i := range p.PackageItems {
				sent[i.OrderItemID] += i.Quantity
			}
		}
		for _, i := range v.Order.OrderItems {
			if i.Fulfillment == nil || v.Order.Fulfillment.FulfilledBy == "AMAZON" {
				continue
			}
			if sent[i.OrderItemID] != i.Fulfillment.QuantityFulfilled || i.Fulfillment.QuantityFulfilled+i.Fulfillment.QuantityUnfulfilled != i.QuantityOrdered {
				t.Fatalf("order %d: %d pieces are in packages: %+v", n, sent[i.OrderItemID], i)
			}
		}
	}
}

func TestNoTwoOrdersShareAReference(t *testing.T) {
	refs := map[string]bool{}
	for n := range uint64(50_000) {
		for _, ref := range []string{Market(3).digits(n, forOrder), Market(3).digits(n, forBroken)} {
			if refs[ref] {
				t.Fatalf("reference %s was given twice", ref)
			}
			refs[ref] = true
		}
	}
}
