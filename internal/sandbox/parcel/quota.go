package parcel

import (
	"sync"
	"time"
)

// Quota is how often something may be asked on a day of the calendar, which begins at midnight GMT. For concurrent use.
type Quota struct {
	calendar *Calendar
	most     int

	mu    sync.Mutex
	day   time.Time
	asked int
}

// NewQuota is one that nobody used yet.
func NewQuota(calendar *Calendar, aDay int) *Quota { return &Quota{calendar: calendar, most: aDay} }

// Take uses one; if none is left it says, by the clock, for how long.
func (q *Quota) Take() (ok bool, again time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.calendar.Now()
	if today := now.Truncate(Day); !today.Equal(q.day) {
		q.day, q.asked = today, 0
	}
	if q.asked >= q.most*max(1, q.calendar.Grants) {
		return false, q.calendar.Takes(q.day.Add(Day).Sub(now))
	}
	q.asked++
	return true, 0
}
