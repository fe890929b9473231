package kaufland

import (
	"fmt"
	"strings"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// held is what is kept of an order that was sold: what can not be made again from its number.
type held struct {
	number     uint64
	ref        string
	store      string // its code, in small letters
	version    int    // of the market's that it was shown at last; 0: it was sold here
	byKaufland bool
	placed     time.Time
	released   time.Time // when addresses were first shown; zero: not yet
	updated    time.Time // the latest of its units
	units      []heldUnit
}

type heldUnit struct {
	id        int64
	offer     string
	status    string
	reason    string // of its cancellation
	updated   time.Time
	acted     bool  // the seller has brought it to its status
	price     int64 // with its postage: what can be given back
	refunded  int64
	shipments int // added after the first
}

// place is where a unit is.
type place struct {
	order *held
	unit  int
}

// now is the time in whole seconds, which is all that the API tells.
func (a *API) now() time.Time { return a.options.Now().UTC().Truncate(time.Second) }

// Sell sells so many of the market's orders, the next in number, and announces them.
func (a *API) Sell(orders int) error {
	if orders < 0 {
		return fmt.Errorf("sell %d orders: give a number from 0 up", orders)
	}
	for range orders {
		if err := a.sellNext(); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) sellNext() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.sold) >= a.options.OrdersMax {
		return fmt.Errorf("sell an order: %d are sold, and no more are kept", len(a.sold))
	}
	now := a.now()
	s := a.market.startAt(uint64(len(a.sold))+1, forOrder, 1, now)
	h := &held{
		number: uint64(len(a.sold)) + 1, ref: s.order.IDOrder, store: s.store.code, byKaufland: s.order.FulfillmentType != "fulfilled_by_merchant",
		placed: now, updated: now,
	}
	for i, u := range s.order.Units {
		kept := heldUnit{id: u.IDOrderUnit, status: open, updated: now, price: u.Price + u.ShippingRate}
		if u.IDOffer != nil {
			kept.offer = *u.IDOffer
		}
		h.units = append(h.units, kept)
		a.units[kept.id] = place{h, i}
	}
	a.sold = append(a.sold, h)
	a.orders[h.ref] = h
	if a.options.OpenFor == 0 {
		h.release(now)
	} else {
		a.later.After(a.options.OpenFor, func() { a.release(h) })
	}
	a.books.Enter("market.sell", h.ref, h.ref, ledger.Answered)
	a.announce("order_new", h, -1)
	for i := range h.units {
		a.announce("order_unit_new", h, i)
	}
	return nil
}

// release shows the addresses, and makes those units that are still open ready to be sent.
func (a *API) release(h *held) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range h.release(a.now()) {
		a.announce("order_unit_status_changed", h, i)
	}
}

func (h *held) release(now time.Time) (moved []int) {
	if h.released.IsZero() {
		h.released = now
	}
	for i := range h.units {
		if u := &h.units[i]; u.status == open {
			u.status, u.updated, h.updated = needToBeSent, now, now
			moved = append(moved, i)
		}
	}
	return moved
}

// again makes the order from its number, as it is now.
func (a *API) again(h *held) *order {
	if h.version > 0 {
		return a.shownAgain(h)
	}
	s := a.market.startAt(h.number, forOrder, 1, h.placed)
	if !h.released.IsZero() {
		s.updated = h.released
		s.reveal()
	}
	for i, kept := range h.units {
		u := &s.order.Units[i]
		u.Status, u.Updated = kept.status, wire.Instant(kept.updated)
		if kept.reason != "" {
			u.CancelReason = text(kept.reason)
		}
	}
	s.order.UnitsUpdated = wire.Instant(h.updated)
	return &s.order
}

// isOf tells of a storefront that is asked for, in capitals or not; empty: all.
func (h *held) isOf(store string) bool { return store == "" || strings.EqualFold(store, h.store) }
