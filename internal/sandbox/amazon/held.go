package amazon

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// held is what is kept of an order: what can not be made again from its number.
type held struct {
	number  uint64
	version int
	ref     string
	site    string // marketplaceId

	placed   time.Time // when it was first sold or shown
	changed  time.Time // when it became what it is
	turn     uint64    // of its latest change
	packages []orderPackage
	packed   time.Time // lastUpdatedTime of an order with packages that were confirmed here
}

// change is that an order became another. One is the order's latest, or worth nothing.
type change struct {
	turn  uint64 // from 1, without an end
	order *held
}

// Revision is an order as it stood when it was handed over.
type Revision struct {
	Ref  string
	Mark string // its lastUpdatedTime
}

// now is the time in whole milliseconds, which is all that the API tells.
func (a *API) now() time.Time { return a.options.Now().UTC().Truncate(time.Millisecond) }

// Sell sells so many of the market's orders, at their first version: the next in number that have not been shown.
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
		if err := a.stand(a.next, 1); err != nil {
			return err
		}
	}
	return nil
}

// Show lets an order of the market stand at a version, from now on. An older one than the last changes nothing; of those that are too many,
// the oldest is forgotten.
func (a *API) Show(number uint64, version int) error {
	if version < 1 {
		return fmt.Errorf("show version %d of an order: give a number from 1 up", version)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.numbers[number]
	if h != nil && version <= h.version {
		return nil
	}
	if h == nil && len(a.orders) >= a.options.OrdersMax {
		a.forget()
	}
	return a.stand(number, version)
}

// forget makes room for another order.
func (a *API) forget() {
	for i, c := range a.changes {
		if c.isLatest() {
			delete(a.numbers, c.order.number)
			delete(a.orders, c.order.ref)
			a.changes = slices.Delete(a.changes, 0, i+1)
			return
		}
	}
}

// Revisions are all that getOrder ever handed over, each once, the first first. Whatever else is said to be from here was made up.
func (a *API) Revisions() []Revision {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.served)
}

func (a *API) stand(number uint64, version int) error {
	h := a.numbers[number]
	if h == nil && len(a.orders) >= a.options.OrdersMax {
		return fmt.Errorf("sell an order: %d are sold, and no more are kept", len(a.orders))
	}
	s, _ := a.market.sale(number, version)
	if h == nil {
		h = &held{number: number, ref: s.order.OrderID, site: s.site.id, placed: a.now()}
		a.numbers[number], a.orders[h.ref] = h, h
		a.books.Enter("market.sell", h.ref, h.ref, ledger.Answered)
	}
	h.version = version
	a.change(h, s)
	return nil
}

// change notes that an order, which the market now has like that, became another. Those that were changed later are listed later, also if
// the clock is put back.
func (a *API) change(h *held, s *sale) {
	at, turn := a.now(), uint64(1)
	if n := len(a.changes); n > 0 {
		last := a.changes[n-1]
		turn, at = last.turn+1, latest(at, last.order.changed)
	}
	h.changed, h.turn = at, turn
	if len(h.packages) > 0 {
		h.packed = latest(at, latest(s.updated, h.packed).Add(time.Millisecond)) // so that no two revisions have one time
	}
	a.changes = append(a.changes, change{turn, h})
	if len(a.changes) > 2*len(a.orders)+1000 {
		a.changes = slices.DeleteFunc(a.changes, func(c change) bool { return !c.isLatest() })
	}
}

func (c change) isLatest() bool { return c.order.turn == c.turn }

func latest(x, y time.Time) time.Time {
	if x.Before(y) {
		return y
	}
	return x
}

// after are the changes behind a turn.
func (a *API) after(turn uint64) []change {
	from, _ := slices.BinarySearchFunc(a.changes, turn+1, func(c change, turn uint64) int { return cmp.Compare(c.turn, turn) })
	return a.changes[from:]
}

// again makes the order from its number, as it is now.
func (a *API) again(h *held) order {
	s, _ := a.market.sale(h.number, h.version)
	o := s.shown()
	if len(h.packages) > 0 && !s.hides() {
		h.pack(&o)
	}
	return o
}

// pack puts those packages into the order that were confirmed here, and counts what is in all of them.
func (h *held) pack(o *order) {
	for _, p := range h.packages {
		at := slices.IndexFunc(o.Packages, func(other orderPackage) bool { return other.PackageReferenceID == p.PackageReferenceID })
		if at < 0 {
			o.Packages = append(o.Packages, p)
		} else {
			o.Packages[at] = p
		}
	}
	o.LastUpdatedTime = wire.Instant(h.packed)
	packed, left := packedIn(o.Packages), 0
	for i := range o.OrderItems {
		item := &o.OrderItems[i]
		done := min(packed[item.OrderItemID], item.QuantityOrdered)
		item.Fulfillment.QuantityFulfilled, item.Fulfillment.QuantityUnfulfilled = done, item.QuantityOrdered-done
		left += item.QuantityOrdered - done
	}
	switch {
	case o.Fulfillment.FulfillmentStatus == cancelled:
	case left > 0:
		o.Fulfillment.FulfillmentStatus = partlyShipped
	default:
		o.Fulfillment.FulfillmentStatus = shipped
	}
}

// packedIn counts pieces by item.
func packedIn(packages []orderPackage) map[string]int {
	packed := map[string]int{}
	for _, p := range packages {
		for _, i := range p.PackageItems {
			packed[i.OrderItemID] += i.Quantity
		}
	}
	return packed
}
