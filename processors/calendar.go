package processors

import (
	"time"
	_ "time/tzdata" // a machine without zone files knows the zones too

	"waybill/schemas"
)

// Calendar tells by when an order has to leave and to arrive. It counts days as a wall calendar in one zone does: a working day is one
// that is neither of the weekend nor a public holiday there.
//
// The day an order counts from, day 0, is the day it is placed on, if that is a working day and the order is placed before the
// cut-off; else it is the next working day. An order placed at the very moment of the cut-off is too late. The order leaves by the end
// of the working day that is handling days after day 0, and arrives by the end of the one that is transit days after the day it
// leaves by. The end of a day is the last millisecond before midnight of the zone.
//
// A zero Calendar says nothing. Its answers depend on nothing but its settings, the zones and the holidays that this program knows.
type Calendar struct {
	zone     *time.Location
	cutoff   int  // minute of the day
	handling *int // working days, nil if nobody settled them
	transit  *int
	weekend  [7]bool
	holidays map[time.Time]bool // midnights in UTC, as all days here
}

// What bounds a calendar.
const (
	workingDaysMax = 365  // of handling, of transit
	yearFirst      = 2000 // whose holidays are known
	yearLast       = 2099
)

// Zone is the IANA name of the zone, "" of a zero Calendar.
func (c Calendar) Zone() string {
	if c.zone == nil {
		return ""
	}
	return c.zone.String()
}

// ShipBy is when an order placed then has to have left; the zero time if the calendar does not say.
func (c Calendar) ShipBy(placed time.Time) time.Time {
	if c.zone == nil || c.handling == nil {
		return time.Time{}
	}
	day := c.dayOf(placed)
	if c.isFree(day) || !placed.Before(c.moment(day, c.cutoff)) {
		day = c.later(day, 1)
	}
	return c.endOf(c.later(day, *c.handling))
}

// DeliverBy is when what leaves by then has to have arrived; the zero time if the calendar does not say. What leaves on a day that
// is no working day is on its way from the next that is.
func (c Calendar) DeliverBy(shipBy time.Time) time.Time {
	if c.zone == nil || c.transit == nil || shipBy.IsZero() {
		return time.Time{}
	}
	day := c.dayOf(shipBy)
	if c.isFree(day) {
		day = c.later(day, 1)
	}
	return c.endOf(c.later(day, *c.transit))
}

// promise adds to an order that the seller ships what its channel does not say. What the channel says stands.
func (c Calendar) promise(order *schemas.Order) {
	if order.Zone == "" {
		order.Zone = c.Zone()
	}
	if order.FulfilledBy != schemas.FulfilledBySeller {
		return
	}
	if order.ShipBy == nil {
		order.ShipBy = instant(c.ShipBy(order.PlacedAt.Time()))
	}
	if order.DeliverBy == nil && order.ShipBy != nil {
		order.DeliverBy = instant(c.DeliverBy(order.ShipBy.Time()))
	}
}

func instant(t time.Time) *schemas.Millis {
	if t.IsZero() {
		return nil
	}
	at := schemas.At(t)
	return &at
}

// dayOf is the day on which the instant falls in the zone.
func (c Calendar) dayOf(t time.Time) time.Time {
	year, month, day := t.In(c.zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func (c Calendar) isFree(day time.Time) bool { return c.weekend[day.Weekday()] || c.holidays[day] }

// later is the working day that comes so many working days later.
func (c Calendar) later(day time.Time, workingDays int) time.Time {
	for range workingDays {
		day = day.AddDate(0, 0, 1)
		for c.isFree(day) {
			day = day.AddDate(0, 0, 1)
		}
	}
	return day
}

// endOf says nothing of days whose holidays nobody knows.
func (c Calendar) endOf(day time.Time) time.Time {
	if day.Year() < yearFirst || day.Year() > yearLast {
		return time.Time{}
	}
	return c.moment(day.AddDate(0, 0, 1), 0).Add(-time.Millisecond)
}

// moment is the first instant at which clocks of the zone show that minute of the day. Where the clocks skip it, it is the instant
// at which they do.
func (c Calendar) moment(day time.Time, minute int) time.Time {
	wall := day.Add(time.Duration(minute) * time.Minute)
	_, before := wall.Add(-24 * time.Hour).In(c.zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(c.zone).Zone()
	first := wall.Add(-time.Duration(max(before, after)) * time.Second).In(c.zone)
	second := wall.Add(-time.Duration(min(before, after)) * time.Second).In(c.zone)
	switch {
	case shows(first, wall):
		return first
	case shows(second, wall):
		return second
	}
	_, skip := first.ZoneBounds()
	return skip
}

func shows(t, wall time.Time) bool {
	_, offset := t.Zone()
	return t.Unix()+int64(offset) == wall.Unix()
}
