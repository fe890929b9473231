// Package ebay is a seller's account at eBay: what it sells, made up from a seed as getOrder answers it (sell_fulfillment_v1_oas3.json,
// v1.20.7), and the API by which an order is read and its parcels are told.
package ebay

import (
	"encoding/json"
	"strconv"
	"time"

	"waybill/internal/sandbox/wire"
)

// Market is the account as one seed makes it up. Every order comes from the seed and its number alone.
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

// site is one of eBay's.
type site struct {
	id, currency, service string
	country               *wire.Country
	worth                 int64 // of a hundred cents of a euro, in hundredths
}

var sites = []site{
	{"EBAY_DE", "EUR", "DE_DHLPaket", wire.Germany, 100},
	{"EBAY_GB", "GBP", "UK_RoyalMailTracked", wire.Britain, 86},
	{"EBAY_US", "USD", "USPSPriority", wire.America, 110},
	{"EBAY_PL", "PLN", "PL_DomesticRegular", wire.Poland, 430},
}

// line is one of what was bought, in hundredths.
type line struct {
	id, item, sku, title string
	quantity             int
	cost, off, collected int64 // of all pieces
}

// sale is an order in the making.
type sale struct {
	dice             *wire.Dice
	id               string
	site             *site
	who              wire.Person
	lines            []line
	delivery, drift  int64
	money, goods     string
	cancel           string
	created, updated time.Time
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
	switch s.dice.Weighted(880, 60, 40, 20) {
	case 1:
		s.money = "PENDING"
	case 2:
		s.goods = fulfilled
	case 3:
		s.cancel = canceled
	}
	for v := 2; v <= version; v++ {
		s.dice = wire.Throw(uint64(m), n, forChange, uint64(v))
		cancels = s.change()
	}
	return s, cancels
}

// The specification's words.
const (
	fulfilled  = "FULFILLED"
	inProgress = "IN_PROGRESS"
	notStarted = "NOT_STARTED"
	canceled   = "CANCELED"
)

// idSize is how many orders all accounts together can have: an id is 2-5-5.
const idSize = 1_000_000_000_000

func (m Market) start(d *wire.Dice, number uint64) *sale {
	id := wire.Padded(wire.Scatter(number, wire.Throw(uint64(m), forNumber).Next(), idSize), 10, 12)
	s := &sale{dice: d, id: id[:2] + "-" + id[2:7] + "-" + id[7:], site: &sites[d.Weighted(55, 20, 15, 10)], money: "PAID", goods: notStarted, cancel: "NONE_REQUESTED"}
	s.created = opens.Add(time.Duration(number)*71*time.Millisecond + time.Duration(d.Below(6*3600*1000))*time.Millisecond)
	s.updated, s.who = s.created, wire.Someone(d, s.site.country, 60)
	s.delivery = int64(d.Below(3)) * 490
	for i := range 1 + d.Weighted(65, 22, 9, 4) {
		s.lines = append(s.lines, s.line(id, i))
	}
	if d.Chance(10) {
		s.drift = int64(d.Between(1, 3))
	}
	return s
}

var titles = []string{"Tasse blau", "Teller – weiß", "Mug \"Moose\" 330 ml", "木製スプーン", "Kubek ceramiczny „Łoś”", "Crème brûlée dish", "Coffee grinder <steel>", "Blanket 140×200 🐑"}

func (s *sale) line(id string, i int) line {
	d := s.dice
	article := d.Below(200)
	l := line{id: "10" + id + strconv.Itoa(i), item: "29" + wire.Padded(uint64(article), 10, 10), title: titles[article%len(titles)], quantity: 1 + d.Weighted(75, 15, 7, 3)}
	if d.Chance(800) {
		l.sku = "EBAY-" + strconv.Itoa(article)
	}
	l.cost = max(wire.Tag(d)*s.site.worth/100, 1) * int64(l.quantity)
	if d.Chance(120) {
		l.off = l.cost / 10
	}
	if s.site.id == "EBAY_US" {
		l.collected = l.cost * 8 / 100
	}
	return l
}

// change is what happens between two versions; it says whether the order was taken back.
func (s *sale) change() (cancels bool) {
	s.updated = s.updated.Add(time.Minute + time.Duration(s.dice.Below(6*3600*1000))*time.Millisecond)
	switch {
	case s.cancel == canceled || s.goods == fulfilled: // it only is said again
	case s.money == "PENDING":
		s.money = "PAID"
	default:
		switch s.dice.Weighted(40, 20, 20, 20) {
		case 0:
			s.goods = fulfilled
		case 1:
			s.cancel = inProgress
		case 2:
			s.cancel, cancels = canceled, true
		default:
			s.who = wire.Someone(s.dice, s.site.country, 60)
		}
	}
	return cancels
}

// totals are the goods before what is taken off, that, and what the buyer pays.
func (s *sale) totals() (goods, off, total int64) {
	for _, l := range s.lines {
		goods, off = goods+l.cost, off+l.off
	}
	return goods, off, goods - off + s.delivery + s.drift
}

// sheet writes the order down, with what its reader must find in it.
func (s *sale) sheet() wire.Sheet {
	body, err := json.Marshal(s.document())
	if err != nil {
		panic("write a made-up order: " + err.Error()) // texts, numbers, lists and maps
	}
	_, _, total := s.totals()
	return wire.Sheet{
		Body: body, Ref: s.id, Revision: instant(s.updated), Status: s.money, Currency: s.site.currency, Total: wire.Cents(total), Lines: len(s.lines),
	}
}

// instant is a time as eBay writes it.
func instant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
