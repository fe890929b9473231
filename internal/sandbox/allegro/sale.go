package allegro

import (
	"time"

	"waybill/internal/sandbox/wire"
)

// The specification's states of a checkout form.
const (
	bought   = "BOUGHT"
	filledIn = "FILLED_IN"
	ready    = "READY_FOR_PROCESSING"
	canceled = "CANCELLED"
)

// sale is an order in the making: the form, and its amounts in hundredths of the currency.
type sale struct {
	number uint64
	dice   *wire.Dice
	site   *site
	form   checkoutForm
	who    person
	ship   person // whom it goes to

	boughtAt time.Time
	updated  time.Time
	mark     uint32 // revisions are counted from here

	goods    int64 // pieces, their deposits and services
	shipping int64
	drift    int64 // by how much the stated total disagrees: a few hundredths, rarely
	asked    int64 // the total as last stated
}

// start buys: the form is not filled in yet, so it says who and what, but not where to or how paid.
func start(d *wire.Dice, n uint64, atLeastLines int) *sale {
	s := &sale{number: n, dice: d, site: sites[d.Weighted(82, 9, 5, 4)], mark: uint32(d.Next())}
	s.boughtAt = opens.Add(time.Duration(n)*137*time.Millisecond + time.Duration(d.Below(6*3600*1000))*time.Millisecond)
	s.updated = s.boughtAt
	s.who = s.someone()
	s.ship = s.who
	if d.Chance(10) {
		s.drift = int64(d.Between(1, 3)) * int64(1-2*d.Below(2))
	}
	s.form = checkoutForm{
		ID:          wire.UUID(d, s.boughtAt),
		Buyer:       s.buyer(),
		Status:      bought,
		Fulfillment: fulfillment{Status: "NEW", ShipmentSummary: shipmentSummary{LineItemsSent: "NONE"}, Provider: s.provider()},
		Surcharges:  []payment{},
		Marketplace: id{s.site.id},
	}
	if d.Chance(500) {
		s.form.Delivery = &delivery{CalculatedNumberOfPackages: 1}
	}
	s.fillBasket(max(atLeastLines, s.basketSize()))
	return s
}

// proceed lets the order come as far as most have when they are first seen.
func (s *sale) proceed() {
	switch s.dice.Weighted(40, 50, 880, 30) {
	case 0:
	case 1:
		s.fillIn()
	case 2:
		s.pay()
		s.fulfil()
	case 3:
		if s.dice.Chance(700) {
			s.fillIn()
		}
		s.cancel()
	}
}

// change is what happens between two versions; it says whether the order was taken back.
func (s *sale) change() (cancels bool) {
	switch s.form.Status {
	case bought:
		if s.dice.Chance(250) {
			return s.cancel()
		}
		s.fillIn()
	case filledIn:
		switch s.dice.Weighted(60, 20, 20) {
		case 0:
			s.pay()
		case 1:
			s.move()
		default:
			return s.cancel()
		}
	case ready:
		return s.changeReady()
	default:
		s.remark()
	}
	return false
}

func (s *sale) changeReady() (cancels bool) {
	stages := nextStages[s.form.Fulfillment.Status]
	switch choice := s.dice.Weighted(35, 20, 30, 15); {
	case choice == 0 && len(stages) > 0:
		s.stage(wire.Pick(s.dice, stages))
	case choice == 1 && !s.sent():
		s.move()
	case choice == 3 && !s.sent():
		return s.cancel()
	default:
		s.remark()
	}
	return false
}

// total is what the buyer is asked to pay: surcharges are payments of their own, and without a
// delivery there is none to pay.
func (s *sale) total() int64 {
	if s.form.Delivery == nil || s.form.Delivery.Cost == nil {
		return s.goods + s.drift
	}
	return s.goods + s.shipping + s.drift
}

// settle states the total, anew only where it is another one.
func (s *sale) settle() {
	if total := s.total(); total != s.asked {
		s.asked = total
		s.form.Summary.TotalToPay = s.price(total)
	}
}

// wait moves the order's clock on.
func (s *sale) wait(least, most time.Duration) {
	s.updated = s.updated.Add(least + time.Duration(s.dice.Below(int((most-least)/time.Millisecond)))*time.Millisecond)
}
