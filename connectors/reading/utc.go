package reading

import (
	"time"

	"waybill/schemas"
)

// InstantUTC is the time that comes next, which is written without its zone and means UTC; nil if none.
func (r *Reader) InstantUTC() *schemas.Millis {
	s := r.Text()
	if s == "" {
		return nil
	}
	t, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil || t.Before(earliest) || !t.Before(latest) {
		r.Fault(BadTime, "not a time without a zone, such as 2026-05-02T08:15:21, of the years 2000 to 2199")
		return nil
	}
	at := schemas.At(t)
	return &at
}
