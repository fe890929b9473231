package shopify

import "waybill/connectors/reading"

// sum is an amount as the shop books it and as the buyer pays it, who may see prices in another currency. The older versions of the API have
// but the first.
type sum struct {
	shop, paid, paidIn string
}

// plain reads the amount that is a mere text, in the currency of the shop.
func (s *sum) plain(r *reading.Reader) {
	if text := r.Word(); text != "" {
		s.shop = text
	}
}

// set reads the amount in both currencies.
func (s *sum) set(r *reading.Reader) {
	var both [2]money
	reading.Object(r, setFields, &both)
	if s.shop == "" {
		s.shop = both[0].amount
	}
	s.paid, s.paidIn = both[1].amount, both[1].currency
}

type money struct{ amount, currency string }

var setFields = []reading.Field[[2]money]{
	reading.Named("shop_money", func(r *reading.Reader, both *[2]money) { reading.Object(r, moneyFields, &both[0]) }),
	reading.Named("presentment_money", func(r *reading.Reader, both *[2]money) { reading.Object(r, moneyFields, &both[1]) }),
}

var moneyFields = []reading.Field[money]{
	reading.Named("amount", func(r *reading.Reader, m *money) { m.amount = r.Word() }),
	reading.Named("currency_code", func(r *reading.Reader, m *money) { m.currency = r.Text() }),
}
