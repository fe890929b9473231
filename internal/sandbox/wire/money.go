package wire

import "strconv"

// Amount writes an amount of minor units with so many decimals, those of its currency: 1200 yen of
// none are "1200", 53414 haléř of two are "534.14".
func Amount(minor int64, decimals int) string {
	text := make([]byte, 0, 24)
	if minor < 0 {
		text, minor = append(text, '-'), -minor
	}
	one := int64(1)
	for range decimals {
		one *= 10
	}
	text = strconv.AppendInt(text, minor/one, 10)
	if decimals > 0 {
		text = appendPadded(append(text, '.'), int(minor%one), decimals)
	}
	return string(text)
}

// Tag makes up the price of an offer in hundredths of a euro: most are cheap and end in 99.
func Tag(d *Dice) int64 {
	var whole int
	switch d.Weighted(60, 32, 8) {
	case 0:
		whole = d.Between(2, 40)
	case 1:
		whole = d.Between(40, 250)
	default:
		whole = d.Between(250, 3000)
	}
	switch d.Weighted(60, 20, 20) {
	case 0:
		return int64(whole)*100 - 1
	case 1:
		return int64(whole) * 100
	}
	return int64(whole)*100 + int64(d.Below(100))
}
