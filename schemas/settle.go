package schemas

import "math/big"

// Settle makes the parts of an order add up to its total, which stands as the channel states it even where it disagrees (decision
// 0007): what lines and charges differ from it by becomes a charge of its own, ChargeRounding. Amounts in another currency
// than the total's are no part of the sum. difference is the total minus that sum, in minor units; 0 says that it was right.
//
// A difference that no amount can hold comes back as MinorMax+1 or its negative, and nothing is added: such an order is to be refused.
func Settle(order *Order) (difference int64) {
	difference = bounded(new(big.Int).Sub(big.NewInt(order.Total.Minor), sumOf(order)))
	if difference == 0 || difference > MinorMax || difference < -MinorMax {
		return difference
	}
	order.Charges = append(order.Charges, Charge{
		Kind: ChargeRounding, Quantity: 1, Amount: Money{Minor: difference, Currency: order.Total.Currency},
	})
	return difference
}

// sumOf is what lines and charges in the currency of the total add up to.
func sumOf(order *Order) *big.Int {
	sum := new(big.Int)
	add := func(m *Money) {
		if m.Currency == order.Total.Currency {
			sum.Add(sum, big.NewInt(m.Minor))
		}
	}
	for i := range order.Lines {
		add(&order.Lines[i].LineTotal)
	}
	for i := range order.Charges {
		add(&order.Charges[i].Amount)
	}
	return sum
}

func bounded(n *big.Int) int64 {
	beyond := int64(MinorMax + 1)
	if n.CmpAbs(big.NewInt(beyond)) >= 0 {
		return beyond * int64(n.Sign())
	}
	return n.Int64()
}

// BeyondRounding tells a difference of more than one unit of the currency, or of more than a hundredth of the total, from mere
// rounding: an order that differs by so much deserves a warning.
func BeyondRounding(difference int64, total Money) bool {
	unit, err := ParseMoney("1", total.Currency)
	off := max(difference, -difference)
	return off > unit.Minor || err != nil || off > max(total.Minor, -total.Minor)/100
}
