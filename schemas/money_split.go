package schemas

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// Split shares an amount out in proportion to the weights, so that the shares add up to it to the minor unit. What rounding down
// leaves goes, a minor unit each, to the largest remainders, the first of equal ones. A weight below zero counts as zero; if all
// are zero, the shares are equal. Without weights there is nobody to take a share.
func (m Money) Split(weights []int64) []Money {
	switch len(weights) {
	case 0:
		return nil
	case 1:
		return []Money{m}
	}
	weighed, sum := weigh(weights)
	amount := big.NewInt(m.Minor)
	left := new(big.Int).Abs(amount)
	shares, remainders := make([]*big.Int, len(weighed)), make([]*big.Int, len(weighed))
	for i, weight := range weighed {
		part := new(big.Int).Mul(new(big.Int).Abs(amount), weight)
		shares[i], remainders[i] = part.QuoRem(part, sum, new(big.Int))
		left.Sub(left, shares[i])
	}
	for _, i := range byRemainder(remainders)[:left.Int64()] { // fewer are left than there are shares
		shares[i].Add(shares[i], big.NewInt(1))
	}
	split := make([]Money, len(shares))
	for i, share := range shares {
		if m.Minor < 0 {
			share.Neg(share)
		}
		split[i] = Money{Minor: share.Int64(), Currency: m.Currency}
	}
	return split
}

// weigh is the weights that count, and their sum, which is never zero.
func weigh(weights []int64) (weighed []*big.Int, sum *big.Int) {
	weighed, sum = make([]*big.Int, len(weights)), new(big.Int)
	for i, weight := range weights {
		weighed[i] = big.NewInt(max(weight, 0))
		sum.Add(sum, weighed[i])
	}
	if sum.Sign() == 0 {
		for i := range weighed {
			weighed[i].SetInt64(1)
		}
		sum.SetInt64(int64(len(weighed)))
	}
	return weighed, sum
}

// byRemainder is the indexes of the remainders, the largest first.
func byRemainder(remainders []*big.Int) []int {
	order := make([]int, len(remainders))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	return order
}

// Times is the amount for so many pieces, ErrAmount if that is beyond MinorMax.
func (m Money) Times(pieces int64) (Money, error) {
	product := new(big.Int).Mul(big.NewInt(m.Minor), big.NewInt(pieces))
	if product.CmpAbs(big.NewInt(MinorMax)) > 0 {
		return Money{}, fmt.Errorf("%w: %d times %s %s", ErrAmount, pieces, m, m.Currency)
	}
	return Money{Minor: product.Int64(), Currency: m.Currency}, nil
}

// Per is the price of one of so many pieces that cost m together, rounded half up, away from zero. exact tells that nothing was
// rounded, so that the unit price times the pieces is m again. Of no pieces there is no price.
func (m Money) Per(pieces int64) (unit Money, exact bool) {
	if pieces <= 0 {
		return Money{Currency: m.Currency}, false
	}
	quotient, remainder := m.Minor/pieces, m.Minor%pieces
	if away := max(remainder, -remainder); away >= pieces-away { // at least half, said so that it cannot overflow
		quotient += int64(cmp.Compare(m.Minor, 0))
	}
	return Money{Minor: quotient, Currency: m.Currency}, remainder == 0
}
