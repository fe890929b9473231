package silence

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// unheard are calls that parties have not confirmed, as ClickHouse finds them, by the world's own books.
type unheard struct {
	told   *Told
	awaits func(kind string) bool
	young  []*call // not late yet, the oldest first
	late   []*call // late when somebody looked last
	missed map[words]time.Time
}

// await has confirmations waited for: of the number of a parcel by its channel, and of all for which no step waits.
func (w *world) await(within waits, hear func(context.Context, []topics.Message) error) {
	others := []string{processors.KindCustomer, processors.KindOrder, processors.KindAccept, processors.KindShip}
	add := func(what string, within time.Duration, awaits func(string) bool) {
		u := &unheard{awaits: awaits, missed: map[words]time.Time{}}
		u.told = NewTold(what, within, u.find, hear, slog.New(slog.DiscardHandler))
		w.unheard = append(w.unheard, u)
	}
	add(schemas.MissingConfirmed, within.confirmed, func(kind string) bool { return !slices.Contains(others, kind) })
	add(schemas.MissingShipped, within.shipped, func(kind string) bool { return kind == processors.KindShip })
}

// ask takes note of a call.
func (u *unheard) ask(c *call) {
	if c.task.OrderID != "" && u.awaits(c.task.Kind) {
		u.young = append(u.young, c)
	}
}

// say takes note of what is said to be missing.
func (u *unheard) say(m *schemas.Missing) {
	if m.What != u.told.what {
		return
	}
	of := words{m.OrderID, m.Party, false}
	if delete(u.missed, of); m.State == schemas.StateMissing {
		u.missed[of] = m.Since.Time()
	}
}

func (u *unheard) find(_ context.Context, from, until time.Time) (found []Unconfirmed, err error) {
	for len(u.young) > 0 && !u.young[0].askedAt.After(until) {
		u.late, u.young = append(u.late, u.young[0]), u.young[1:]
	}
	u.late = slices.DeleteFunc(u.late, func(c *call) bool { return c.finished })
	open := map[words]bool{}
	for _, c := range u.late {
		of := words{c.task.OrderID, c.task.Party, false}
		if _, said := u.missed[of]; !said && !open[of] && c.askedAt.After(from) {
			found = append(found, Unconfirmed{OrderID: of.orderID, Party: of.party, Facts: c.task.Kind, AskedAt: c.askedAt})
		}
		open[of] = true
	}
	for of, asked := range u.missed {
		if !open[of] {
			found = append(found, Unconfirmed{OrderID: of.orderID, Party: of.party, AskedAt: asked, Came: true})
		}
	}
	return found, nil
}
