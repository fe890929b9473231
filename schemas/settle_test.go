package schemas

import (
	"math"
	"math/rand/v2"
	"testing"
)

// sold is a made-up order as its channel has it: the prices the buyer saw, with their discounts and taxes.
type sold struct {
	chance   *rand.Rand
	currency string
	stepped  bool // the channel rounds the tax of each line, not of the sum
	onTop    bool // the tax is not in the prices
	order    Order
	sum      int64   // of what the buyer saw, in minor units
	tax      float64 // beside it, unrounded
}

// 0, 2, 3 and 4 decimals.
var currencies = []string{"JPY", "KRW", "EUR", "PLN", "CZK", "HUF", "USD", "BHD", "TND", "CLF", "UYW"}

func sell(chance *rand.Rand) *Order {
	s := &sold{chance: chance, currency: currencies[chance.IntN(len(currencies))], stepped: chance.IntN(2) == 0, onTop: chance.IntN(2) == 0}
	prices := make([]int64, 1+chance.IntN(6))
	for i := range prices {
		prices[i] = s.line()
	}
	s.discount(prices)
	if chance.IntN(3) > 0 {
		s.charge(ChargeShipping, chance.Int64N(3000))
	}
	s.order.Total = s.money(s.sum + int64(math.Round(s.tax)))
	if chance.IntN(10) == 0 { // some are just wrong
		s.order.Total.Minor += chance.Int64N(10_000) - 5000
	}
	return &s.order
}

func (s *sold) money(minor int64) Money { return Money{minor, s.currency} }

// line sells some pieces, discounted by some percent, and rounds as channels do: the unit price, or the line's total.
func (s *sold) line() (total int64) {
	pieces, list, percent := 1+s.chance.Int64N(20), s.chance.Int64N(1_000_000), s.chance.Int64N(40)
	total = list * pieces * (100 - percent) / 100
	unit, _ := s.money(total).Per(pieces)
	s.sum += total
	line := Line{Quantity: pieces, UnitPrice: unit, LineTotal: s.money(total)}
	if s.chance.IntN(4) == 0 { // all it tells is the rounded price of one
		line.LineTotal, _ = unit.Times(pieces)
	}
	s.order.Lines = append(s.order.Lines, line)
	s.addTax(total)
	return total
}

func (s *sold) addTax(of int64) {
	if !s.onTop {
		return
	}
	tax := float64(of) * 0.23
	if s.stepped {
		tax = math.Round(tax)
	}
	s.tax += tax
	s.order.Charges = append(s.order.Charges, Charge{Kind: ChargeTax, Quantity: 1, Amount: s.money(int64(math.Round(tax)))})
}

// discount takes an amount off the order, spread over its lines or as a charge.
func (s *sold) discount(prices []int64) {
	if s.chance.IntN(2) == 0 {
		return
	}
	off := s.chance.Int64N(1 + s.sum/3)
	if s.chance.IntN(2) == 0 {
		s.charge(ChargeDiscount, -off)
		return
	}
	s.sum -= off
	for i, share := range s.money(-off).Split(prices) {
		s.order.Lines[i].LineTotal.Minor += share.Minor
	}
}

func (s *sold) charge(kind string, minor int64) {
	s.sum += minor
	s.order.Charges = append(s.order.Charges, Charge{Kind: kind, Quantity: 1, Amount: s.money(minor)})
}

func TestTheTotalOfAnyOrderIsTheSumOfItsParts(t *testing.T) {
	chance := rand.New(rand.NewPCG(19, 100_000))
	right, adjusted, beyond := 0, 0, 0
	for n := range 100_000 {
		order := sell(chance)
		stated, charges := order.Total, len(order.Charges)
		difference := Settle(order)
		if order.Total != stated {
			t.Fatalf("order %d: the stated total %v became %v", n, stated, order.Total)
		}
		sum := int64(0)
		for i := range order.Lines {
			sum += order.Lines[i].LineTotal.Minor
		}
		for i := range order.Charges {
			sum += order.Charges[i].Amount.Minor
		}
		if sum != stated.Minor {
			t.Fatalf("order %d: its parts are %d, its total %d", n, sum, stated.Minor)
		}
		switch added := order.Charges[charges:]; {
		case difference == 0 && len(added) == 0:
			right++
		case difference != 0 && len(added) == 1 && added[0] == Charge{Kind: ChargeRounding, Quantity: 1, Amount: Money{difference, stated.Currency}}:
			adjusted++
		default:
			t.Fatalf("order %d differs by %d and got %v", n, difference, added)
		}
		if BeyondRounding(difference, stated) {
			beyond++
		}
		if again := Settle(order); again != 0 {
			t.Fatalf("order %d was settled, and differs by %d", n, again)
		}
	}
	if right < 10_000 || adjusted < 10_000 || beyond < 1000 || beyond > adjusted {
		t.Errorf("%d were right, %d adjusted, %d of these by more than rounding: not what this test is for", right, adjusted, beyond)
	}
}

func TestAmountsInAnotherCurrencyAreNoPartOfTheSum(t *testing.T) {
	order := &Order{Total: Money{1000, "EUR"}, Lines: []Line{{LineTotal: Money{900, "EUR"}}, {LineTotal: Money{77, "PLN"}}}}
	if got := Settle(order); got != 100 || order.Charges[0].Amount != (Money{100, "EUR"}) {
		t.Errorf("got %d, %v", got, order.Charges)
	}
}

func TestADifferenceThatNoAmountHoldsIsToldAndNotAdded(t *testing.T) {
	full := Money{math.MaxInt64, "EUR"}
	for want, order := range map[int64]*Order{
		-MinorMax - 1: {Total: Money{1, "EUR"}, Lines: []Line{{LineTotal: full}, {LineTotal: full}, {LineTotal: full}}},
		MinorMax + 1:  {Total: full, Lines: []Line{{LineTotal: Money{math.MinInt64, "EUR"}}}},
	} {
		if got := Settle(order); got != want || order.Charges != nil {
			t.Errorf("got %d, want %d, and %d charges", got, want, len(order.Charges))
		}
	}
	// What overflows on the way and comes back is no such thing.
	order := &Order{Total: Money{5, "EUR"}, Lines: []Line{{LineTotal: full}, {LineTotal: full}, {LineTotal: Money{-math.MaxInt64, "EUR"}}, {LineTotal: Money{-math.MaxInt64, "EUR"}}}}
	if got := Settle(order); got != 5 {
		t.Errorf("got %d, want 5", got)
	}
}

func TestMoreThanRoundingIsToldFromRounding(t *testing.T) {
	for _, c := range []struct {
		difference int64
		total      Money
		want       bool
	}{
		{1, Money{10_000, "EUR"}, false},
		{100, Money{10_000, "EUR"}, false}, // one euro, a hundredth
		{-100, Money{10_000, "EUR"}, false},
		{101, Money{1_000_000, "EUR"}, true}, // more than a euro
		{2, Money{150, "EUR"}, true},         // more than a hundredth
		{1, Money{1000, "JPY"}, false},
		{2, Money{1000, "JPY"}, true},
		{1000, Money{1_000_000, "KWD"}, false},
		{1, Money{-10_000, "EUR"}, false},
		{0, Money{0, "EUR"}, false},
		{1, Money{0, "EUR"}, true},
		{0, Money{0, "none"}, true},
		{math.MinInt64 + 1, Money{math.MaxInt64, "EUR"}, true},
	} {
		if got := BeyondRounding(c.difference, c.total); got != c.want {
			t.Errorf("%d of %v: got %v", c.difference, c.total, got)
		}
	}
}
