package scans

import (
	"strings"
	"time"
	_ "time/tzdata" // a machine without zone files knows the zones too

	"waybill/schemas"
)

// Clock reads the times of one carrier.
type Clock struct {
	Zone    *time.Location // of a time that comes without one
	Layouts []string       // as package time has them; with an offset if they have 07
}

// Zone is a zone by its name in the IANA database. It panics if there is none: the names are ours.
func Zone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// ISO are the layouts of ISO 8601 and RFC 3339 that carriers use, with and without an offset.
var ISO = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05",
}

// Years in which a parcel can have been scanned: anything else is a placeholder, or a time in another unit.
const (
	yearMin = 1990
	yearMax = 2100
)

// Read is the time that stands at a path, and the zone that was assumed if it has none. 0 without a text, and, with a fault, where
// it is no time.
func (c Clock) Read(sheet *Sheet, path, text string) (at schemas.Millis, assumed string) {
	text = Text(text)
	if text == "" {
		return 0, ""
	}
	for _, layout := range c.Layouts {
		t, err := time.ParseInLocation(layout, text, c.Zone)
		if err != nil || t.Year() < yearMin || t.Year() > yearMax {
			continue
		}
		if !strings.Contains(layout, "07") {
			assumed = c.Zone.String()
		}
		return schemas.At(t), assumed
	}
	sheet.Fault("bad_time", path, "%q is no time that this carrier writes", clip(text, 40))
	return 0, ""
}
