package wire

import "testing"

func TestScatteredNumbersAreAllDifferentAndInNoOrder(t *testing.T) {
	for _, size := range []uint64{1, 10, 36 * 36, 100_000, 64 * 81} {
		for _, shift := range []uint64{0, 7, 1 << 63} {
			seen, rising := make([]bool, size), 0
			for n := range size {
				s := Scatter(n, shift, size)
				if s >= size || seen[s] {
					t.Fatalf("%d of %d becomes %d: out of bounds or taken", n, size, s)
				}
				if n > 0 && s == Scatter(n-1, shift, size)+1 {
					rising++
				}
				seen[s] = true
			}
			if size > 100 && rising > 0 {
				t.Errorf("%d of %d neighbours stay neighbours", rising, size)
			}
		}
	}
}

func TestDigitsArePadded(t *testing.T) {
	for _, c := range []struct {
		number, base uint64
		width        int
		want         string
	}{{0, 10, 3, "000"}, {42, 10, 4, "0042"}, {36*35 + 10, 36, 2, "ZA"}, {12345, 10, 3, "345"}} {
		if got := Padded(c.number, c.base, c.width); got != c.want {
			t.Errorf("%d is written %s, not %s", c.number, got, c.want)
		}
	}
}
