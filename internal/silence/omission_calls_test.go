package silence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// withholds tells whether a party never answers a call, and notes until when it had to.
func (w *world) withholds(task *schemas.Task) bool {
	l := w.orders[task.OrderID]
	if l == nil { // a sweep, of no order
		return false
	}
	is, due := l.omitted == task.Kind, w.now.Add(usualWaits().confirmed)
	switch task.Kind {
	case processors.KindCustomer, processors.KindOrder:
		due = l.readyAt.Add(usualWaits().placed)
	case processors.KindAccept:
		due = l.readyAt.Add(usualWaits().accepted)
	case processors.KindShip:
		due = w.now.Add(usualWaits().shipped)
	case processors.KindTracking:
		said, err := schemas.ParseTracking(task.Payload)
		if err != nil {
			w.Fatal(err)
		}
		is = l.omitted == "tracking" || l.omitted == "delivered" && said.Status == schemas.ParcelDelivered
	}
	if is && l.due.IsZero() {
		l.due = due
	}
	return is
}

// takes is how long a party takes for a call.
func (w *world) takes(task *schemas.Task) time.Duration {
	switch task.Kind {
	case processors.KindCustomer, processors.KindOrder:
		return w.about(20 * time.Second)
	case processors.KindComplete:
		return w.about(4 * time.Minute)
	case processors.KindSweep, processors.KindShip:
		return w.about(2 * time.Second)
	}
	return w.about(time.Minute)
}

// then is what follows once a party has done what it was asked to.
func (w *world) then(task *schemas.Task) ([]topics.Message, error) {
	at := schemas.At(w.now)
	switch task.Kind {
	case processors.KindCustomer:
		return processors.CustomerThen(task, "C-1", at)
	case processors.KindOrder, processors.KindAmend:
		return processors.OrderThen(task, "SO-"+task.OrderID, at)
	case processors.KindSweep:
		return w.swept(task)
	case processors.KindFetch:
		l := w.orders[task.OrderID]
		w.say(l)
		w.follow(l)
		return []topics.Message{processors.NoticeCame(task, at)}, nil
	case processors.KindAccept:
		return processors.AcceptThen(task, task.OrderID, at)
	case processors.KindBook, processors.KindComplete:
		var labels []byte
		if task.Party != "inpost" || task.Kind == processors.KindComplete {
			labels = w.labels(task)
		}
		return processors.BookThen(task, "B-"+task.OrderID, labels, at)
	case processors.KindVoid:
		return processors.VoidThen(task, at)
	case processors.KindWithdraw:
		if task.Party == "dhl" || task.Party == "inpost" {
			return processors.WithdrawThen(task, at)
		}
	case processors.KindPrint:
		return processors.PrintThen(task, at)
	}
	return nil, nil
}

// sweepTime is how often a channel is asked what has changed, as it is by default (sweep.every_seconds).
const sweepTime = 15 * time.Minute

// sweep asks every channel what has changed there since it was asked before.
func (w *world) sweep() error {
	for _, party := range sellers {
		call, err := processors.SweepCall(party, schemas.Sweeping{From: w.now.Add(-sweepTime), To: w.now})
		if err != nil {
			return err
		}
		w.send(call)
	}
	return nil
}

// swept is what a channel has of which nobody told.
func (w *world) swept(task *schemas.Task) ([]topics.Message, error) {
	var found schemas.Swept
	for _, id := range slices.Sorted(maps.Keys(w.orders)) {
		if l := w.orders[id]; l.order.Party == task.Party && l.omitted == "notice" && l.readyAt.IsZero() && w.calls[task.Party+"/"+processors.KindFetch+":order:"+l.order.Ref] == nil {
			found.Missed = append(found.Missed, schemas.Missed{Ref: l.order.Ref, Changed: l.order.PlacedAt.Time()})
		}
	}
	document, err := json.Marshal(found)
	if err != nil {
		return nil, err
	}
	return processors.SweepThen(task, document, schemas.At(w.now))
}

// labels are those that a carrier makes for a booking.
func (w *world) labels(task *schemas.Task) []byte {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		w.Fatal(err)
	}
	made := schemas.Bought{Ref: "B-" + task.OrderID}
	for range c.Shipment.Parcels {
		w.numbers++
		made.Parcels = append(made.Parcels, schemas.BoughtParcel{Number: fmt.Sprintf("N%d", w.numbers), SHA256: "a0", Format: "PDF"})
	}
	document, err := json.Marshal(made)
	if err != nil {
		w.Fatal(err)
	}
	return document
}

// miss takes note of what is said to be missing: whether it is what was left out, or nothing was.
func (w *world) miss(m *schemas.Missing) {
	for _, u := range w.unheard {
		u.say(m)
	}
	switch {
	case m.State != schemas.StateMissing, m.Share < 100: // of what is not late yet, nobody says that it will not come
		return
	case m.OrderID == "":
		w.silences = append(w.silences, silenced{m.Party, w.now})
		return
	}
	l := w.orders[m.OrderID]
	l.alarms = append(l.alarms, fmt.Sprintf("%s %s at %s %s", m.What, m.Party, w.now.Format(time.DateTime), m.Reason))
	for _, o := range omissions {
		seller, _, _ := strings.Cut(m.OrderID, "/")
		by := o.party == "" || o.party == m.Party || o.party == "channel" && m.Party == seller
		if o.kind == l.omitted && o.what == m.What && by && !l.due.IsZero() && l.found.IsZero() {
			l.found = w.now
		}
	}
}

// heard is how much came of each party, as ClickHouse tells it: the minutes since midnight.
func (w *world) heard(_ context.Context, now time.Time) (all []Source, err error) {
	if now != w.now {
		return nil, errors.New("asked at another time than it is")
	}
	minute := int(now.Sub(midnight) / time.Minute)
	for _, party := range sellers {
		until := w.sold[party]
		came := func(at int) uint64 {
			if at < 0 || len(until) == 0 {
				return 0
			}
			return until[min(at, len(until)-1)]
		}
		last := len(until) - 1 // a minute in which something came: there is none behind it
		if last < 0 {
			continue
		}
		around := int(AroundTime / time.Minute)
		all = append(all, Source{
			Party: party, First: midnight, Last: midnight.Add(time.Duration(last) * time.Minute),
			Recent:    came(last) - came(last-int(RecentTime/time.Minute)),
			Yesterday: came(minute-24*60+around) - came(min(last-24*60-around, minute-24*60+around)),
		})
	}
	return all, nil
}

// sells counts an order that came.
func (w *world) sells(party string) {
	minute := int(w.now.Sub(midnight) / time.Minute)
	until := w.sold[party]
	for len(until) <= minute {
		before := uint64(0)
		if len(until) > 0 {
			before = until[len(until)-1]
		}
		until = append(until, before)
	}
	until[minute]++
	w.sold[party] = until
}
