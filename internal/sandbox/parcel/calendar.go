// Package parcel is the life of parcels after they are booked: what happens to each, when, and where, made of a seed; the calendar by which it
// happens, which may run fast; the books of it, which are the truth; and the post that tells of it by itself. It knows no carrier: what a carrier
// calls a scan, and how it tells of it, is the carrier's own.
package parcel

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // a machine without zone files knows the zones too
)

// Day is how long a day of the sandbox takes, if nobody says otherwise.
const Day = 24 * time.Hour

// The bounds of a day: below, a life would be over before a request is.
const (
	dayMin = 100 * time.Millisecond
	dayMax = Day
)

// Calendar says what time it is in the sandbox. It never goes back, also when its pace changes. For concurrent use.
type Calendar struct {
	// Grants multiplies what carriers allow to be asked on a day; 0: 1. It is set before anybody asks.
	Grants int

	now func() time.Time

	mu    sync.Mutex
	day   time.Duration
	since time.Time // when its pace changed last, by the clock
	dated time.Time // what time it was then in the sandbox
}

// NewCalendar is one that goes as the clock does.
func NewCalendar(now func() time.Time) *Calendar {
	at := now().UTC()
	return &Calendar{now: now, day: Day, since: at, dated: at}
}

// Pace lets a day pass in so much of the clock's time, from now on.
func (c *Calendar) Pace(day time.Duration) error {
	if day < dayMin || day > dayMax {
		return fmt.Errorf("let a day of the sandbox pass in %v: give a duration from %v to %v", day, dayMin, dayMax)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.now().UTC()
	c.since, c.dated, c.day = at, c.at(at), day
	return nil
}

// Day is how long one takes by the clock.
func (c *Calendar) Day() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.day
}

// Now is what time it is in the sandbox.
func (c *Calendar) Now() time.Time { return c.At(c.now()) }

// At is what time it is there when the clock shows one.
func (c *Calendar) At(clock time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(clock)
}

func (c *Calendar) at(clock time.Time) time.Time {
	return c.dated.Add(time.Duration(float64(clock.Sub(c.since)) * float64(Day) / float64(c.day)))
}

// Takes is how long something of the sandbox takes by the clock.
func (c *Calendar) Takes(there time.Duration) time.Duration {
	return time.Duration(float64(there) * float64(c.Day()) / float64(Day))
}

// Where carriers write the time of their own country.
var (
	Berlin = zone("Europe/Berlin")
	Warsaw = zone("Europe/Warsaw")
)

func zone(name string) *time.Location {
	at, err := time.LoadLocation(name)
	if err != nil {
		panic("load the zone " + name + ": " + err.Error()) // it is compiled in: cannot fail
	}
	return at
}
