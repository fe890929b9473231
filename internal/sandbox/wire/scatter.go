package wire

import "math/bits"

// Scatter gives every number below size one of its own below size, in no order that shows: references
// that look drawn by lot, and of which no two are the same. A shift, also below size, gives others.
// The size must have no other prime factors than 2, 3, 5 and 7.
func Scatter(number, shift, size uint64) uint64 {
	const prime = 11_400_714_819_323_198_549 // near the golden part of 2^64, so that neighbours part
	hi, lo := bits.Mul64(number%size, prime%size)
	_, scattered := bits.Div64(hi%size, lo, size)
	return (scattered + shift%size) % size
}

// Padded writes the last digits of a number in a base of up to 36, in capitals: as many as the width.
func Padded(number uint64, base uint64, width int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	text := make([]byte, width)
	for place := width - 1; place >= 0; place-- {
		text[place] = digits[number%base]
		number /= base
	}
	return string(text)
}
