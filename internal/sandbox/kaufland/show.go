package kaufland

import (
	"fmt"
	"slices"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// Show lets order n of the market that is shown stand as it does at a version: from now on it is answered so, byte for byte as the market writes it,
// but for what the seller has done to its units. It counts as changed now, whatever its own times say. No push tells of it. An
// older version than the last changes nothing.
func (a *API) Show(number uint64, version int) error {
	if version < 1 {
		return fmt.Errorf("show version %d of an order: give a number from 1 up", version)
	}
	s, _ := a.shown.at(number, version)
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.orders[s.order.IDOrder]
	if h == nil {
		h = &held{
			number: number, ref: s.order.IDOrder, store: s.store.code, byKaufland: s.order.FulfillmentType != "fulfilled_by_merchant",
			placed: a.now(), released: a.now(), units: make([]heldUnit, len(s.order.Units)),
		}
		if len(a.sold) >= a.options.OrdersMax {
			a.forget(a.sold[0])
		}
		a.sold = append(a.sold, h)
		a.orders[h.ref] = h
		a.books.Enter("market.show", h.ref, h.ref, ledger.Answered)
	}
	if version <= h.version {
		return nil
	}
	h.version, h.updated = version, a.now()
	for i := range h.units {
		kept, u := &h.units[i], &s.order.Units[i]
		kept.id, kept.price = u.IDOrderUnit, u.Price+u.ShippingRate
		if u.IDOffer != nil {
			kept.offer = *u.IDOffer
		}
		if !kept.acted || isFurther(u.Status, kept.status) {
			kept.status, kept.updated, kept.acted = u.Status, h.updated, false
		}
		a.units[kept.id] = place{h, i}
	}
	return nil
}

// forget makes room for another.
func (a *API) forget(h *held) {
	a.sold = slices.Delete(a.sold, 0, 1)
	delete(a.orders, h.ref)
	for _, u := range h.units {
		delete(a.units, u.id)
	}
}

// isFurther tells whether a unit has come further by itself than the seller had brought it.
func isFurther(status, than string) bool {
	return slices.Index(statuses, status) > slices.Index(statuses, than)
}

// shownAgain is an order that was shown, with what the seller has done since.
func (a *API) shownAgain(h *held) *order {
	s, _ := a.shown.at(h.number, h.version)
	for i, kept := range h.units {
		if !kept.acted {
			continue
		}
		u := &s.order.Units[i]
		u.Status, u.Updated = kept.status, wire.Instant(kept.updated)
		s.order.UnitsUpdated = max(s.order.UnitsUpdated, u.Updated)
		if kept.reason != "" {
			u.CancelReason = text(kept.reason)
		}
	}
	return &s.order
}

// Accepted tells of an order whether no unit of it waits for the seller's word.
func (a *API) Accepted(ref string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.orders[ref]
	return h != nil && !slices.ContainsFunc(h.units, func(u heldUnit) bool { return u.status == open })
}
