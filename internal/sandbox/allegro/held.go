package allegro

import (
	"fmt"
	"slices"
	"time"

	"waybill/internal/sandbox/ledger"
)

// held is what is kept of a form: what can not be made again from its number.
type held struct {
	number  uint64
	version int
	with    *held // the purchase that was paid together with this one; then the form has an id of its own
	ref     string

	boughtAt time.Time
	changed  time.Time // when it came, or a version of it: what lists go by
	state

	own       string // the fulfilment that was set here; "": it is as the market has it
	revision  string // that is shown
	changes   int    // made here, each a revision
	sets      int    // requests that set the fulfilment
	shipments []shipment
}

// state is what others look at, as the market has it.
type state struct{ status, fulfillment string }

// Revision is one that a form has had.
type Revision struct{ Ref, Revision string }

// Revisions are all that any form ever had, so that those that were made up can be told from them.
func (a *API) Revisions() []Revision {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.had)
}

// Sell sells so many orders, the next in number that are not there yet, as Show does. Now and then a purchase that is not paid yet is
// paid together with the one before it.
func (a *API) Sell(orders int) error {
	if orders < 0 {
		return fmt.Errorf("sell %d orders: give a number from 0 up", orders)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for range orders {
		for a.numbers[a.next] != nil {
			a.next++
		}
		h, err := a.add(a.next)
		if err != nil {
			return err
		}
		a.combineByChance(h)
	}
	return nil
}

// Show lets an order of the market stand at a version: it is answered with just the bytes of Market.Order, but for what was changed
// here. An earlier version than the one that stands changes nothing, nor does one of a purchase that was paid together with another.
//
// Its updatedAt is the market's, so that the bytes are the same; lists go by the time at which it was shown. In reality both are one.
func (a *API) Show(number uint64, version int) error {
	if version < 1 {
		return fmt.Errorf("show order %d at version %d: versions begin with 1", number, version)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.numbers[number]
	if h == nil {
		var err error
		if h, err = a.add(number); err != nil {
			return err
		}
	}
	if h.with == nil && version > h.version {
		a.advance(h, version)
	}
	return nil
}

// add lets an order of the market be there, at its first version.
func (a *API) add(number uint64) (*held, error) {
	if len(a.listed) >= a.options.OrdersMax {
		return nil, fmt.Errorf("sell an order: %d are sold, and no more are kept", len(a.listed))
	}
	h := &held{number: number, version: 1}
	a.numbers[number] = h
	s := a.sale(h)
	h.ref, h.boughtAt = s.form.ID, s.boughtAt
	a.take(h, s)
	a.books.Enter("market.sell", h.ref, h.ref, ledger.Answered)
	a.announceAll(h, "", "")
	return h, nil
}

// take keeps a form that is new.
func (a *API) take(h *held, s *sale) {
	h.state, h.changed = stateOf(s), a.now()
	a.listed = append(a.listed, h)
	a.forms[h.ref] = h
	a.mark(h, s.form.Revision)
}

// advance goes on to a later version. What was set here stays, unless the market has come further.
func (a *API) advance(h *held, version int) {
	before, shown := h.status, h.fulfilled()
	h.version = version
	s := a.sale(h)
	h.state, h.changed = stateOf(s), a.now()
	if h.own != "" && stageOf(h.fulfillment) > stageOf(h.own) {
		h.own = ""
	}
	if h.isOverlaid() {
		a.mark(h, a.revision(h))
	} else {
		a.mark(h, s.form.Revision)
	}
	a.announceAll(h, before, shown)
}

// mark gives a form its revision.
func (a *API) mark(h *held, revision string) {
	h.revision = revision
	a.had = append(a.had, Revision{h.ref, revision})
}

// stages is how far an order is: a later one outdates an earlier.
var stages = []string{"NEW", "SUSPENDED", "PROCESSING", "READY_FOR_SHIPMENT", "READY_FOR_PICKUP", "SENT", "PICKED_UP", "RETURNED", "CANCELLED"}

func stageOf(fulfillment string) int { return slices.Index(stages, fulfillment) }

func stateOf(s *sale) state {
	return state{status: s.form.Status, fulfillment: s.form.Fulfillment.Status}
}

// isOverlaid tells whether the form is another than the market has it.
func (h *held) isOverlaid() bool { return h.own != "" || len(h.shipments) > 0 }

// fulfilled is the fulfilment that is shown.
func (h *held) fulfilled() string {
	if h.own != "" {
		return h.own
	}
	return h.fulfillment
}

// sale makes the order again as the market has it.
func (a *API) sale(h *held) *sale {
	s, _ := a.market.at(h.number, h.version)
	if h.with == nil {
		s.date(h.version)
		return s
	}
	other, _ := a.market.at(h.with.number, h.with.version)
	s.join(a.market, other)
	return s
}

// form is what is shown of a form: the market's, and what was changed here.
func (a *API) form(h *held) *checkoutForm {
	f := &a.sale(h).form
	f.Revision = h.revision
	f.Fulfillment.Status = h.fulfilled()
	if sent := h.sent(f.LineItems); sent != "" {
		f.Fulfillment.ShipmentSummary.LineItemsSent = sent
	}
	return f
}

// Accepted tells of a form whether it does not wait for the seller's word any more.
func (a *API) Accepted(ref string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.forms[ref]
	return h != nil && h.fulfilled() != "NEW"
}
