// Package shelf is where a marketplace keeps the orders that it has sold: of each only what can not be made again from its number, which is
// how far it is, when it became so, and which parcels it was told of. It knows no marketplace.
package shelf

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/wire"
)

// Market writes any version of any of its orders.
type Market interface {
	Order(n uint64, version int) wire.Sheet
}

// Order is one that was sold.
type Order struct {
	Number  uint64
	Version int
	Ref     string
	Changed time.Time // when it became what it is
	Parcels []Parcel
	Money   string     // how the money stands, if it is not as the market makes it up
	Ended   *time.Time // when the seller cancelled it; nil if he did not
}

// IsMade tells of an order that is as the market makes it up.
func (o *Order) IsMade() bool { return len(o.Parcels) == 0 && o.Money == "" && o.Ended == nil }

// Parcel is one that the seller told of.
type Parcel struct {
	ID, Carrier, Number string
	At                  string
	Pieces              map[string]int // by line
	Events              []Event
}

// Event is how a parcel stood, as the seller told it.
type Event struct{ Status, At string }

// Sent counts the pieces of a line that have left.
func (o *Order) Sent(line string) (pieces int) {
	for _, p := range o.Parcels {
		pieces += p.Pieces[line]
	}
	return pieces
}

// Shelf keeps orders. Its methods are for concurrent use; who changes an order holds the lock.
type Shelf struct {
	sync.Mutex
	market    Market
	books     *ledger.Ledger
	now       func() time.Time
	ordersMax int
	orders    map[string]*Order
	numbers   map[uint64]*Order
	next      uint64
}

// ordersMax bounds how many orders are kept.
const ordersMax = 500_000

// New is an empty one.
func New(market Market, books *ledger.Ledger, now func() time.Time) *Shelf {
	return &Shelf{market: market, books: books, now: now, ordersMax: ordersMax, orders: map[string]*Order{}, numbers: map[uint64]*Order{}, next: 1}
}

// Sell sells so many of the market's orders, at their first version: the next in number that have not been shown.
func (s *Shelf) Sell(orders int) error {
	if orders < 0 {
		return fmt.Errorf("sell %d orders: give a number from 0 up", orders)
	}
	s.Lock()
	defer s.Unlock()
	for range orders {
		for s.numbers[s.next] != nil {
			s.next++
		}
		if err := s.stand(s.next, 1); err != nil {
			return err
		}
	}
	return nil
}

// Show lets an order of the market stand at a version, from now on. An older one than the last changes nothing.
func (s *Shelf) Show(number uint64, version int) error {
	if version < 1 {
		return fmt.Errorf("show version %d of an order: give a number from 1 up", version)
	}
	s.Lock()
	defer s.Unlock()
	if o := s.numbers[number]; o != nil && version <= o.Version {
		return nil
	}
	return s.stand(number, version)
}

// All are the orders that were sold, by their numbers.
func (s *Shelf) All() (all []*Order) {
	for _, number := range slices.Sorted(maps.Keys(s.numbers)) {
		all = append(all, s.numbers[number])
	}
	return all
}

func (s *Shelf) stand(number uint64, version int) error {
	o := s.numbers[number]
	if o == nil {
		if len(s.orders) >= s.ordersMax {
			return fmt.Errorf("sell an order: %d are sold, and no more are kept", len(s.orders))
		}
		o = &Order{Number: number, Ref: s.market.Order(number, version).Ref}
		s.numbers[number], s.orders[o.Ref] = o, o
		s.books.Enter("market.sell", o.Ref, o.Ref, ledger.Answered)
	}
	o.Version, o.Money = version, ""
	s.Touch(o)
	return nil
}

// Touch says that an order became another just now.
func (s *Shelf) Touch(o *Order) { o.Changed = s.now().UTC().Truncate(time.Millisecond) }

// Find is an order by its reference; nil if it was not sold.
func (s *Shelf) Find(ref string) *Order { return s.orders[ref] }

// Changed are the orders that changed from a time to another, both included, by when they did.
func (s *Shelf) Changed(from, until time.Time) (all []*Order) {
	for _, o := range s.orders {
		if !o.Changed.Before(from) && (until.IsZero() || !o.Changed.After(until)) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *Order) int {
		if c := a.Changed.Compare(b.Changed); c != 0 {
			return c
		}
		return int(a.Number) - int(b.Number)
	})
	return all
}
