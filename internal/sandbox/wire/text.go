package wire

import (
	"encoding/hex"
	"strconv"
	"time"
)

// UUID returns a time-based id (version 1) of that moment: the shape marketplaces give their orders.
// It is unique by its 62 random bits.
func UUID(d *Dice, at time.Time) string {
	const sinceGregorian = 122_192_928_000_000_000 // 100 ns ticks from 1582-10-15 to 1970-01-01
	ticks := uint64(at.UnixMilli())*10_000 + sinceGregorian
	node := d.Next()
	raw := [16]byte{
		byte(ticks >> 24), byte(ticks >> 16), byte(ticks >> 8), byte(ticks),
		byte(ticks >> 40), byte(ticks >> 32),
		0x10 | byte(ticks>>56)&0x0f, byte(ticks >> 48),
		0x80 | byte(node>>56)&0x3f, byte(node >> 48),
		byte(node >> 40), byte(node >> 32), byte(node >> 24), byte(node >> 16), byte(node >> 8), byte(node),
	}
	text := make([]byte, 36)
	hex.Encode(text, raw[:4])
	hex.Encode(text[9:], raw[4:6])
	hex.Encode(text[14:], raw[6:8])
	hex.Encode(text[19:], raw[8:10])
	hex.Encode(text[24:], raw[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text)
}

// Cents writes an amount of hundredths with both decimals: 53414 is "534.14".
func Cents(amount int64) string {
	text := make([]byte, 0, 16)
	if amount < 0 {
		text, amount = append(text, '-'), -amount
	}
	text = strconv.AppendInt(text, amount/100, 10)
	rest := amount % 100
	return string(append(text, '.', byte('0'+rest/10), byte('0'+rest%10)))
}

// Instant writes a moment in UTC as Java's Instant does: milliseconds only where there are some.
func Instant(at time.Time) string {
	year, month, day := at.Date()
	hour, minute, second := at.Clock()
	text := make([]byte, 0, len("2006-01-02T15:04:05.000Z"))
	text = appendPadded(text, year, 4)
	text = appendPadded(append(text, '-'), int(month), 2)
	text = appendPadded(append(text, '-'), day, 2)
	text = appendPadded(append(text, 'T'), hour, 2)
	text = appendPadded(append(text, ':'), minute, 2)
	text = appendPadded(append(text, ':'), second, 2)
	if millisecond := at.Nanosecond() / 1_000_000; millisecond > 0 {
		text = appendPadded(append(text, '.'), millisecond, 3)
	}
	return string(append(text, 'Z'))
}

func appendPadded(text []byte, number, width int) []byte {
	for range width {
		text = append(text, '0')
	}
	for place := len(text) - 1; number > 0; place-- {
		text[place] = byte('0' + number%10)
		number /= 10
	}
	return text
}

// EAN returns the number of an article, GTIN-13, with its check digit. It begins with a prefix: one that
// begins with 0 is also known without it, in twelve digits.
func EAN(d *Dice, prefix string) string {
	digits := append([]byte(prefix), d.Digits(12-len(prefix))...)
	sum := 0
	for i, digit := range digits {
		sum += int(digit-'0') * (1 + 2*(i%2))
	}
	return string(append(digits, byte('0'+(10-sum%10)%10)))
}
