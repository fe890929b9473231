package allegro

import (
	"strconv"

	"waybill/internal/sandbox/wire"
)

// tag makes up an offer's price, in hundredths of the site's currency: most are cheap and end in 99.
func (s *sale) tag() int64 {
	var whole int
	switch s.dice.Weighted(60, 32, 8) {
	case 0:
		whole = s.dice.Between(2, 60)
	case 1:
		whole = s.dice.Between(60, 400)
	default:
		whole = s.dice.Between(400, 5000)
	}
	switch s.dice.Weighted(60, 20, 20) {
	case 0:
		return s.zloty(int64(whole)*100 - 1)
	case 1:
		return s.zloty(int64(whole) * 100)
	}
	return s.zloty(int64(whole)*100 + int64(s.dice.Below(100)))
}

// zloty turns hundredths of a zloty into a price of about that worth on this site.
func (s *sale) zloty(hundredths int64) int64 { return s.payable(hundredths * s.site.cents / 100) }

// payable is the nearest price below that the site allows: whole crowns and forints, and never nothing.
func (s *sale) payable(amount int64) int64 {
	if s.site.whole {
		return max(amount/100*100, 100)
	}
	return max(amount, 1)
}

// price writes an amount as Allegro does: mostly "9.00", at times "100.0" or "70".
func (s *sale) price(amount int64) price {
	return price{Amount: s.spell(amount), Currency: s.site.currency}
}

func (s *sale) spell(amount int64) string {
	full := wire.Cents(amount)
	switch {
	case amount%100 == 0 && s.dice.Chance(60):
		return strconv.FormatInt(amount/100, 10)
	case amount%10 == 0 && s.dice.Chance(40):
		return full[:len(full)-1]
	}
	return full
}
