// Package shopify is a shop of Shopify's: what it sells, made up from a seed as its webhooks would bring it (shopify.dev, Order, version
// 2026-07), and the Admin API by which an order is read and its parcels are told.
package shopify

import (
	"encoding/json"
	"strconv"
	"time"

	"waybill/internal/sandbox/wire"
)

// Market is a shop as one seed makes it up. Every order comes from the seed and its number alone.
type Market uint64

// opens is the moment of the first purchase; an order number later is a few moments later.
var opens = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// What a dice is for.
const (
	forOrder uint64 = iota + 1
	forChange
	forBroken
	forNumber
)

// place is a currency in which the shop sells, and who buys there.
type place struct {
	country      *wire.Country
	booked, paid string // the shop's currency, and the buyer's
	rate         int64  // paid for one booked
	decimals     int    // of both
	gross        bool   // prices include the tax
	worth        int64  // of a hundredth of a euro, in hundredths of the booked currency's minor unit
}

var places = []place{
	{wire.Germany, "EUR", "EUR", 1, 2, true, 100},
	{wire.America, "USD", "USD", 1, 2, false, 110},
	{wire.Japan, "JPY", "JPY", 1, 0, true, 165},
	{wire.Poland, "EUR", "PLN", 4, 2, true, 100},
}

// line is one of what was bought, in minor units of the shop's currency.
type line struct {
	id, sku, title string
	quantity, gone int
	each, off, tax int64 // off and tax are of all pieces
}

// sale is an order in the making.
type sale struct {
	dice             *wire.Dice
	id               string
	place            *place
	who              wire.Person
	lines            []line
	shipping, drift  int64
	money, goods     string
	cancelled        *string
	note             *string
	created, updated time.Time
	sent             bool
}

// Order writes order n at a version: 1 as it first arrives, then one change a version.
func (m Market) Order(n uint64, version int) wire.Sheet {
	s, cancels := m.at(n, version)
	sheet := s.sheet()
	sheet.Cancels = cancels
	return sheet
}

func (m Market) at(n uint64, version int) (s *sale, cancels bool) {
	s = m.start(wire.Throw(uint64(m), n, forOrder), 2*n)
	switch s.dice.Weighted(860, 60, 30, 30, 20) {
	case 1:
		s.money = "pending"
	case 2:
		s.money = "authorized"
	case 3:
		s.fulfil()
	case 4:
		s.cancel()
	}
	for v := 2; v <= version; v++ {
		s.dice = wire.Throw(uint64(m), n, forChange, uint64(v))
		cancels = s.change()
	}
	return s, cancels
}

// idSize is how many orders all shops together can have; ids of today have 13 digits.
const idSize = 1_000_000_000_000

func (m Market) start(d *wire.Dice, number uint64) *sale {
	id := 5_000_000_000_000 + wire.Scatter(number, wire.Throw(uint64(m), forNumber).Next(), idSize)
	s := &sale{dice: d, id: strconv.FormatUint(id, 10), place: &places[d.Weighted(60, 25, 10, 5)], money: "paid"}
	s.created = opens.Add(time.Duration(number)*71*time.Millisecond + time.Duration(d.Below(6*3600))*time.Second).Truncate(time.Second)
	s.updated, s.who = s.created, wire.Someone(d, s.place.country, 80)
	if s.place.booked == "EUR" || s.place.booked == "USD" {
		s.shipping = int64(d.Below(3)) * 495
	}
	for i := range 1 + d.Weighted(60, 25, 10, 5) {
		s.lines = append(s.lines, s.line(i))
	}
	if d.Chance(10) {
		s.drift = int64(d.Between(1, 3))
	}
	return s
}

var titles = []string{"Tasse blau", "Teller – weiß", "Mug \"Moose\" 330 ml", "木製スプーン", "Kubek ceramiczny „Łoś”", "Crème brûlée dish", "Coffee grinder <steel>", "Blanket 140×200 🐑"}

func (s *sale) line(i int) line {
	d := s.dice
	article := d.Below(200)
	l := line{
		id: s.id + strconv.Itoa(i+1), sku: "SHOP-" + strconv.Itoa(article), title: titles[article%len(titles)],
		quantity: 1 + d.Weighted(75, 15, 7, 3), each: max(wire.Tag(d)*s.place.worth/100, 1),
	}
	if d.Chance(120) {
		l.off = l.each * int64(l.quantity) / 10
	}
	if !s.place.gross {
		l.tax = l.each * 7 / 100 * int64(l.quantity)
	}
	return l
}

// change is what happens between two versions; it says whether the order was taken back.
func (s *sale) change() (cancels bool) {
	s.updated = s.updated.Add(time.Minute + time.Duration(s.dice.Below(6*3600))*time.Second)
	switch {
	case s.cancelled != nil || s.sent:
		s.remark()
	case s.money != "paid":
		if s.dice.Chance(250) {
			return s.cancel()
		}
		s.money = "paid"
	default:
		switch s.dice.Weighted(30, 20, 20, 15, 15) {
		case 0:
			s.fulfil()
		case 1:
			s.who = wire.Someone(s.dice, s.place.country, 80)
		case 2:
			s.takeOut()
		case 3:
			return s.cancel()
		default:
			s.remark()
		}
	}
	return false
}

func (s *sale) fulfil() { s.sent, s.goods = true, "fulfilled" }

func (s *sale) remark() {
	note := "Bitte klingeln, " + s.updated.Format(time.DateTime) + " 🎁"
	s.note = &note
}

// takeOut takes a piece of a line out of the order again, if more than one is left of it.
func (s *sale) takeOut() {
	for i := range s.lines {
		if l := &s.lines[i]; l.off == 0 && l.quantity-l.gone > 1 {
			l.gone++
			s.money = "partially_refunded"
			return
		}
	}
	s.remark()
}

func (s *sale) cancel() bool {
	at := stamp(s.updated)
	s.cancelled = &at
	return true
}

func stamp(at time.Time) string { return at.Format("2006-01-02T15:04:05-07:00") }

// totals are the order's: of all that was bought, and of what is left of it; the tax of both.
func (s *sale) totals() (all, left, tax, gone int64) {
	all = s.shipping + s.drift
	for _, l := range s.lines {
		one := l.tax / int64(l.quantity)
		all += l.each*int64(l.quantity) - l.off + l.tax
		gone += (l.each + one) * int64(l.gone)
		tax += l.tax
	}
	return all, all - gone, tax, gone
}

// amount is one as the shop writes it, in its own currency.
func (s *sale) amount(minor int64) string { return wire.Amount(minor, s.place.decimals) }

// set is the amount in both currencies.
func (s *sale) set(minor int64) map[string]any {
	return map[string]any{
		"shop_money":        map[string]string{"amount": s.amount(minor), "currency_code": s.place.booked},
		"presentment_money": map[string]string{"amount": s.amount(minor * s.place.rate), "currency_code": s.place.paid},
	}
}

// sheet writes the order down, with what its reader must find in it.
func (s *sale) sheet() wire.Sheet {
	all, left, _, _ := s.totals()
	total := left
	if s.cancelled != nil {
		total = all
	}
	body, err := json.Marshal(s.document())
	if err != nil {
		panic("write a made-up order: " + err.Error()) // texts, numbers, lists and maps
	}
	return wire.Sheet{
		Body: body, Ref: s.id, Revision: stamp(s.updated), Status: s.money, Currency: s.place.paid,
		Total: s.amount(total * s.place.rate), Lines: len(s.lines),
	}
}
