// Package wire is what the generators of all channels share: seeded chance, ids, amounts and times
// as text, people and where they live, a payload in the making and how to break it, and the Sheet, one
// payload with what a correct reader must find in it.
// It knows no channel, and nothing of Waybill.
package wire

import "math/bits"

// Dice is seeded chance (splitmix64): the same numbers on every machine and with every Go version,
// because a seed promises the same bytes for ever.
type Dice struct{ state uint64 }

// Throw returns the dice of one thing, named by numbers: a seed, an order, a purpose.
// Things with different names have independent dice, so each can be made again alone.
func Throw(name ...uint64) *Dice {
	d := &Dice{}
	for _, part := range name {
		d.state = d.Next() ^ part
	}
	d.state = d.Next()
	return d
}

// Next returns 64 random bits.
func (d *Dice) Next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below returns a number in [0, n).
func (d *Dice) Below(n int) int {
	hi, _ := bits.Mul64(d.Next(), uint64(n))
	return int(hi)
}

// Between returns a number in [low, high].
func (d *Dice) Between(low, high int) int { return low + d.Below(high-low+1) }

// Chance is true in so many of a thousand cases.
func (d *Dice) Chance(perMille int) bool { return d.Below(1000) < perMille }

// Weighted returns an index, each as often as its weight says.
func (d *Dice) Weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	left := d.Below(sum)
	for i, w := range weights {
		if left -= w; left < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// Pick returns one of a list.
func Pick[T any](d *Dice, of []T) T { return of[d.Below(len(of))] }

// Digits returns n random decimal digits, the first of them not zero.
func (d *Dice) Digits(n int) string {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = byte('0' + d.Below(10))
	}
	if digits[0] == '0' {
		digits[0] = byte('1' + d.Below(9))
	}
	return string(digits)
}
