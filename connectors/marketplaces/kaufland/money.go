package kaufland

import (
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// site is the storefront a unit was sold on: de, cz. Some answers write it large.
func (u *unit) site() string { return strings.ToLower(either(u.storefront, u.head.storefront)) }

// currencyOf is what a storefront sells in, "" if nobody knows: the seven of the specification, and the two since.
func currencyOf(storefront string) string {
	switch storefront {
	case "de", "at", "fr", "it", "sk", "es", "nl":
		return "EUR"
	case "cz":
		return "CZK"
	case "pl":
		return "PLN"
	}
	return ""
}

// value finds what currency the order is in. Two of them do not add up to anything.
func (t *translation) value() {
	for _, u := range t.units {
		currency := t.currencyOf(u)
		switch {
		case currency == "":
		case t.currency == "":
			t.currency = currency
		case currency != t.currency:
			t.found.Add(reading.MixedCurrencies, u.where.at(".currency"), "not the currency of the first unit")
		}
	}
}

func (t *translation) currencyOf(u *unit) string {
	if u.currency == "" {
		currency := currencyOf(u.site())
		if currency == "" {
			t.found.Add(reading.MissingCurrency, u.where.at(".currency"), "an amount says nothing without its currency, and the storefront does not tell")
		}
		return currency
	}
	if _, known := schemas.Exponent(u.currency); !known {
		t.found.Add(reading.UnknownCurrency, u.where.at(".currency"), "no currency of ISO 4217")
		return ""
	}
	return u.currency
}

// money is an amount in the order's currency.
func (t *translation) money(minor int64) schemas.Money {
	return schemas.Money{Minor: minor, Currency: t.currency}
}

// total is what the buyer pays: price and delivery of each unit that is not cancelled, or of all if all are. Kaufland states no
// total; revenue_gross and revenue_net are what is left to the seller after the fee, and are not read.
func (t *translation) total() {
	if t.sum > schemas.MinorMax {
		t.found.Add(reading.AmountOutOfRange, "$", "all units together are beyond any price")
	}
	t.order.Total = t.money(t.sum)
}

// plus adds up without ever overflowing: what is beyond any price stays so.
func plus(sum, minor int64) int64 { return min(sum+minor, schemas.MinorMax+1) }
