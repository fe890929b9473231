package schemas

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAnAmountIsSharedOutToTheCent(t *testing.T) {
	for _, c := range []struct {
		minor   int64
		weights []int64
		want    []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}}, // ties to the first
		{101, []int64{1, 1, 1}, []int64{34, 34, 33}},
		{-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{100, []int64{0, 0, 0}, []int64{34, 33, 33}}, // none has a price
		{100, []int64{-5, 0}, []int64{50, 50}},
		{100, []int64{0, 7}, []int64{0, 100}},
		{100, []int64{2, -2, 2}, []int64{50, 0, 50}},
		{10, []int64{1, 2, 4}, []int64{1, 3, 6}}, // 1.43, 2.86, 5.71: the larger remainders
		{1, []int64{1, 2, 4}, []int64{0, 0, 1}},
		{2, []int64{1, 1, 1, 1}, []int64{1, 1, 0, 0}},
		{0, []int64{3, 4}, []int64{0, 0}},
		{999, []int64{5}, []int64{999}},
		{7999, []int64{4999, 2999, 999}, []int64{4445, 2666, 888}}, // 4444.48, 2666.33, 888.19: whole cents make 7998, and one goes to .48
		{5, nil, nil},
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, 0}, []int64{math.MaxInt64/3 + 1, math.MaxInt64 / 3, math.MaxInt64 / 3, 0}},
		{math.MinInt64, []int64{1, 1}, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		{math.MinInt64, []int64{math.MaxInt64}, []int64{math.MinInt64}},
	} {
		got := Money{c.minor, "EUR"}.Split(c.weights)
		var minors []int64
		for _, m := range got {
			minors = append(minors, m.Minor)
			if m.Currency != "EUR" {
				t.Errorf("%d by %v: a share in %q", c.minor, c.weights, m.Currency)
			}
		}
		if !slices.Equal(minors, c.want) {
			t.Errorf("%d by %v: got %v, want %v", c.minor, c.weights, minors, c.want)
		}
	}
}

func TestSharesAddUpAndNoneIsOffByAMinorUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64().Draw(t, "minor")
		weights := rapid.SliceOfN(rapid.Int64Min(0), 1, 20).Draw(t, "weights")
		shares := Money{minor, "JPY"}.Split(weights)
		sum, total := new(big.Int), new(big.Int)
		for i := range weights {
			sum.Add(sum, big.NewInt(shares[i].Minor))
			total.Add(total, big.NewInt(weights[i]))
		}
		if sum.Cmp(big.NewInt(minor)) != 0 {
			t.Fatalf("%v add up to %s, not %d", shares, sum, minor)
		}
		for i := range weights {
			if total.Sign() == 0 {
				break
			}
			fair := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(minor), big.NewInt(weights[i])), total)
			off := fair.Sub(fair, new(big.Rat).SetInt64(shares[i].Minor))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("share %d of %d by %v is %d: off by %s", i, minor, weights, shares[i].Minor, off)
			}
		}
	})
}

func TestAPriceTimesItsPieces(t *testing.T) {
	for _, c := range []struct{ minor, pieces, want int64 }{
		{333, 3, 999}, {-333, 3, -999}, {5, 0, 0}, {1, MinorMax, MinorMax}, {MinorMax, -1, -MinorMax},
	} {
		if got, err := (Money{c.minor, "EUR"}).Times(c.pieces); err != nil || got != (Money{c.want, "EUR"}) {
			t.Errorf("%d times %d: got %v, %v", c.pieces, c.minor, got, err)
		}
	}
	for _, c := range [][2]int64{{MinorMax, 2}, {MinorMax/2 + 1, 2}, {math.MaxInt64, math.MaxInt64}, {math.MinInt64, -1}, {1 << 32, 1 << 32}} {
		if got, err := (Money{c[0], "EUR"}).Times(c[1]); !errors.Is(err, ErrAmount) || got != (Money{}) {
			t.Errorf("%d times %d: got %v, %v", c[1], c[0], got, err)
		}
	}
}

func TestAUnitPriceIsRoundedHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		minor, pieces, want int64
		exact               bool
	}{
		{999, 3, 333, true},
		{1000, 3, 333, false},
		{1001, 3, 334, false}, // 333.67
		{5, 2, 3, false},      // 2.5
		{-5, 2, -3, false},
		{-4, 2, -2, true},
		{1, 3, 0, false},
		{-1, 3, 0, false},
		{0, 7, 0, true},
		{7, 1, 7, true},
		{1, 2, 1, false},
		{100, 0, 0, false},
		{100, -1, 0, false},
		{math.MaxInt64, math.MaxInt64, 1, true},
		{math.MaxInt64 / 2, math.MaxInt64, 0, false},
		{math.MaxInt64/2 + 1, math.MaxInt64, 1, false},
		{math.MinInt64, 1, math.MinInt64, true},
	} {
		got, exact := Money{c.minor, "EUR"}.Per(c.pieces)
		if got != (Money{c.want, "EUR"}) || exact != c.exact {
			t.Errorf("%d per %d: got %d %v, want %d %v", c.minor, c.pieces, got.Minor, exact, c.want, c.exact)
		}
	}
}
