package processors

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/schemas"
)

// calendars of the cases below.
var calendars = map[string]map[string]string{
	"DE":          {"zone": "Europe/Berlin", "cutoff": "14:00", "handling_days": "1", "transit_days": "2", "holidays": "DE"},
	"DE-BY":       {"zone": "Europe/Berlin", "cutoff": "14:00", "handling_days": "1", "transit_days": "2", "holidays": "DE-BY"},
	"PL":          {"zone": "Europe/Warsaw", "cutoff": "12:00", "handling_days": "1", "transit_days": "1", "holidays": "PL"},
	"PL-saturday": {"zone": "Europe/Warsaw", "cutoff": "12:00", "handling_days": "1", "transit_days": "1", "holidays": "PL", "weekend": "sun"},
	"CZ":          {"zone": "Europe/Prague", "cutoff": "15:00", "handling_days": "0", "transit_days": "2", "holidays": "CZ"},
	"AT":          {"zone": "Europe/Vienna", "cutoff": "13:30", "handling_days": "2", "transit_days": "3", "holidays": "AT"},
	"FR":          {"zone": "Europe/Paris", "cutoff": "16:00", "handling_days": "1", "transit_days": "2", "holidays": "FR"},
	"GB":          {"zone": "Europe/London", "cutoff": "15:00", "handling_days": "1", "transit_days": "1", "holidays": "GB"},
	"US":          {"zone": "America/New_York", "cutoff": "17:00", "handling_days": "1", "transit_days": "3", "holidays": "US"},
	"JP":          {"zone": "Asia/Tokyo", "cutoff": "12:00", "handling_days": "1", "transit_days": "1", "holidays": "JP"},
	// The day its clocks change is a working day, and its cut-off the hour in which they do.
	"night": {"zone": "Europe/Berlin", "cutoff": "02:30", "handling_days": "0", "transit_days": "0", "weekend": "sat"},
}

// promises were worked out by hand with a wall calendar of each country, and again by a program in another language with its own
// zones and holidays (Python's zoneinfo and holidays 0.109).
var promises = []struct{ why, calendar, placed, shipBy, deliverBy string }{
	{"a second before the cut-off", "DE", "2026-02-03T13:59:59+01:00", "2026-02-04T22:59:59.999Z", "2026-02-06T22:59:59.999Z"},
	{"at the cut-off", "DE", "2026-02-03T14:00:00+01:00", "2026-02-05T22:59:59.999Z", "2026-02-09T22:59:59.999Z"},
	{"a second after it", "DE", "2026-02-03T14:00:01+01:00", "2026-02-05T22:59:59.999Z", "2026-02-09T22:59:59.999Z"},
	{"Friday morning", "DE", "2026-02-06T10:00:00+01:00", "2026-02-09T22:59:59.999Z", "2026-02-11T22:59:59.999Z"},
	{"Friday evening", "DE", "2026-02-06T18:00:00+01:00", "2026-02-10T22:59:59.999Z", "2026-02-12T22:59:59.999Z"},
	{"Saturday", "DE", "2026-02-07T09:00:00+01:00", "2026-02-10T22:59:59.999Z", "2026-02-12T22:59:59.999Z"},
	{"the end of Sunday", "DE", "2026-02-08T23:59:59+01:00", "2026-02-10T22:59:59.999Z", "2026-02-12T22:59:59.999Z"},
	{"the start of Monday", "DE", "2026-02-09T00:00:00+01:00", "2026-02-10T22:59:59.999Z", "2026-02-12T22:59:59.999Z"},
	{"Sunday in UTC, Monday in Berlin", "DE", "2026-07-05T22:30:00Z", "2026-07-07T21:59:59.999Z", "2026-07-09T21:59:59.999Z"},
	{"on its way over Easter", "DE", "2026-04-01T13:00:00+02:00", "2026-04-02T21:59:59.999Z", "2026-04-08T21:59:59.999Z"},
	{"Maundy Thursday, in time", "DE", "2026-04-02T13:00:00+02:00", "2026-04-07T21:59:59.999Z", "2026-04-09T21:59:59.999Z"},
	{"Maundy Thursday, too late", "DE", "2026-04-02T15:00:00+02:00", "2026-04-08T21:59:59.999Z", "2026-04-10T21:59:59.999Z"},
	{"Good Friday", "DE", "2026-04-03T10:00:00+02:00", "2026-04-08T21:59:59.999Z", "2026-04-10T21:59:59.999Z"},
	{"before May Day on a Friday", "DE", "2026-04-30T10:00:00+02:00", "2026-05-04T21:59:59.999Z", "2026-05-06T21:59:59.999Z"},
	{"the eve of Ascension, too late", "DE", "2026-05-13T15:00:00+02:00", "2026-05-18T21:59:59.999Z", "2026-05-20T21:59:59.999Z"},
	{"before Whit Monday, too late", "DE", "2026-05-22T15:00:00+02:00", "2026-05-27T21:59:59.999Z", "2026-05-29T21:59:59.999Z"},
	{"Corpus Christi is a working day in Berlin", "DE", "2026-06-03T10:00:00+02:00", "2026-06-04T21:59:59.999Z", "2026-06-08T21:59:59.999Z"},
	{"and none in Munich", "DE-BY", "2026-06-03T10:00:00+02:00", "2026-06-05T21:59:59.999Z", "2026-06-09T21:59:59.999Z"},
	{"a holiday on a Saturday changes nothing", "DE", "2026-10-02T10:00:00+02:00", "2026-10-05T21:59:59.999Z", "2026-10-07T21:59:59.999Z"},
	{"Christmas Eve is a working day", "DE", "2026-12-23T10:00:00+01:00", "2026-12-24T22:59:59.999Z", "2026-12-29T22:59:59.999Z"},
	{"Christmas Eve, in time", "DE", "2026-12-24T10:00:00+01:00", "2026-12-28T22:59:59.999Z", "2026-12-30T22:59:59.999Z"},
	{"Christmas Eve, too late", "DE", "2026-12-24T15:00:00+01:00", "2026-12-29T22:59:59.999Z", "2026-12-31T22:59:59.999Z"},
	{"over the end of the year", "DE", "2026-12-30T15:00:00+01:00", "2027-01-04T22:59:59.999Z", "2027-01-06T22:59:59.999Z"},
	{"and over Epiphany in Bavaria", "DE-BY", "2026-12-30T15:00:00+01:00", "2027-01-04T22:59:59.999Z", "2027-01-07T22:59:59.999Z"},
	{"New Year's Eve", "DE", "2025-12-31T13:00:00+01:00", "2026-01-02T22:59:59.999Z", "2026-01-06T22:59:59.999Z"},
	{"out on a leap day", "DE", "2028-02-28T13:00:00+01:00", "2028-02-29T22:59:59.999Z", "2028-03-02T22:59:59.999Z"},
	{"placed on a leap day, too late", "DE", "2028-02-29T15:00:00+01:00", "2028-03-02T22:59:59.999Z", "2028-03-06T22:59:59.999Z"},
	{"a February without one", "DE", "2027-02-26T13:00:00+01:00", "2027-03-01T22:59:59.999Z", "2027-03-03T22:59:59.999Z"},
	{"over the start of summer time", "DE", "2026-03-27T13:00:00+01:00", "2026-03-30T21:59:59.999Z", "2026-04-01T21:59:59.999Z"},
	{"over its end", "DE", "2026-10-23T13:00:00+02:00", "2026-10-26T22:59:59.999Z", "2026-10-28T22:59:59.999Z"},
	{"the evening before it", "DE", "2026-10-24T23:30:00+02:00", "2026-10-27T22:59:59.999Z", "2026-10-29T22:59:59.999Z"},
	{"02:30 comes twice: before the first", "night", "2026-10-25T00:29:59.999Z", "2026-10-25T22:59:59.999Z", "2026-10-25T22:59:59.999Z"},
	{"at the first", "night", "2026-10-25T00:30:00Z", "2026-10-26T22:59:59.999Z", "2026-10-26T22:59:59.999Z"},
	{"02:15 again, after the first 02:30", "night", "2026-10-25T01:15:00Z", "2026-10-26T22:59:59.999Z", "2026-10-26T22:59:59.999Z"},
	{"02:30 never comes: before the clocks skip it", "night", "2026-03-29T00:59:59.999Z", "2026-03-29T21:59:59.999Z", "2026-03-29T21:59:59.999Z"},
	{"when they do", "night", "2026-03-29T01:00:00Z", "2026-03-30T21:59:59.999Z", "2026-03-30T21:59:59.999Z"},
	{"over the start of daylight saving time", "US", "2026-03-06T16:00:00-05:00", "2026-03-10T03:59:59.999Z", "2026-03-13T03:59:59.999Z"},
	{"over its end", "US", "2026-10-30T16:00:00-04:00", "2026-11-03T04:59:59.999Z", "2026-11-06T04:59:59.999Z"},
	{"over its end, at the cut-off", "US", "2026-10-30T17:00:00-04:00", "2026-11-04T04:59:59.999Z", "2026-11-07T04:59:59.999Z"},
	{"Independence Day, kept on the Friday before", "US", "2026-07-02T10:00:00-04:00", "2026-07-07T03:59:59.999Z", "2026-07-10T03:59:59.999Z"},
	{"the eve of Thanksgiving, too late", "US", "2026-11-25T18:00:00-05:00", "2026-12-01T04:59:59.999Z", "2026-12-04T04:59:59.999Z"},
	{"New Year's Day, kept in the year before", "US", "2021-12-30T10:00:00-05:00", "2022-01-04T04:59:59.999Z", "2022-01-07T04:59:59.999Z"},
	{"Juneteenth", "US", "2026-06-18T10:00:00-04:00", "2026-06-23T03:59:59.999Z", "2026-06-26T03:59:59.999Z"},
	{"Saturday in UTC, Friday evening in New York", "US", "2026-08-08T01:00:00Z", "2026-08-12T03:59:59.999Z", "2026-08-15T03:59:59.999Z"},
	{"Christmas Eve is free since 2025", "PL", "2025-12-23T11:00:00+01:00", "2025-12-29T22:59:59.999Z", "2025-12-30T22:59:59.999Z"},
	{"and was not in 2024", "PL", "2024-12-23T11:00:00+01:00", "2024-12-24T22:59:59.999Z", "2024-12-27T22:59:59.999Z"},
	{"the third of May is a Sunday", "PL", "2026-04-30T11:00:00+02:00", "2026-05-04T21:59:59.999Z", "2026-05-05T21:59:59.999Z"},
	{"the third of May is a Monday", "PL", "2027-04-30T11:00:00+02:00", "2027-05-04T21:59:59.999Z", "2027-05-05T21:59:59.999Z"},
	{"the eve of Corpus Christi, at the cut-off", "PL", "2026-06-03T12:00:00+02:00", "2026-06-08T21:59:59.999Z", "2026-06-09T21:59:59.999Z"},
	{"Independence Day", "PL", "2026-11-10T11:59:00+01:00", "2026-11-12T22:59:59.999Z", "2026-11-13T22:59:59.999Z"},
	{"Epiphany", "PL", "2026-01-05T11:00:00+01:00", "2026-01-07T22:59:59.999Z", "2026-01-08T22:59:59.999Z"},
	{"Good Friday is a working day", "PL", "2026-04-02T11:00:00+02:00", "2026-04-03T21:59:59.999Z", "2026-04-07T21:59:59.999Z"},
	{"Saturday is a working day", "PL-saturday", "2026-02-06T11:00:00+01:00", "2026-02-07T22:59:59.999Z", "2026-02-09T22:59:59.999Z"},
	{"a Saturday between holidays", "PL-saturday", "2026-04-30T11:00:00+02:00", "2026-05-02T21:59:59.999Z", "2026-05-04T21:59:59.999Z"},
	{"the same day, then four days of Christmas", "CZ", "2026-12-23T14:59:00+01:00", "2026-12-23T22:59:59.999Z", "2026-12-29T22:59:59.999Z"},
	{"at the cut-off before Christmas", "CZ", "2026-12-23T15:00:00+01:00", "2026-12-28T22:59:59.999Z", "2026-12-30T22:59:59.999Z"},
	{"Cyril, Methodius and Jan Hus", "CZ", "2026-07-03T16:00:00+02:00", "2026-07-07T21:59:59.999Z", "2026-07-09T21:59:59.999Z"},
	{"before May Day", "CZ", "2026-04-30T16:00:00+02:00", "2026-05-04T21:59:59.999Z", "2026-05-06T21:59:59.999Z"},
	{"over Liberation Day", "CZ", "2026-05-07T10:00:00+02:00", "2026-05-07T21:59:59.999Z", "2026-05-12T21:59:59.999Z"},
	{"over Easter", "CZ", "2026-04-02T10:00:00+02:00", "2026-04-02T21:59:59.999Z", "2026-04-08T21:59:59.999Z"},
	{"the eve of the 28th of October, too late", "CZ", "2026-10-27T15:30:00+01:00", "2026-10-29T22:59:59.999Z", "2026-11-02T22:59:59.999Z"},
	{"over the 17th of November", "CZ", "2026-11-16T10:00:00+01:00", "2026-11-16T22:59:59.999Z", "2026-11-19T22:59:59.999Z"},
	{"Good Friday is a working day", "AT", "2026-04-01T13:00:00+02:00", "2026-04-03T21:59:59.999Z", "2026-04-09T21:59:59.999Z"},
	{"the eve of the Immaculate Conception, at the cut-off", "AT", "2026-12-07T13:30:00+01:00", "2026-12-11T22:59:59.999Z", "2026-12-16T22:59:59.999Z"},
	{"National Day, the day after the clocks change", "AT", "2026-10-23T13:29:00+02:00", "2026-10-28T22:59:59.999Z", "2026-11-02T22:59:59.999Z"},
	{"over Corpus Christi", "AT", "2026-06-02T10:00:00+02:00", "2026-06-05T21:59:59.999Z", "2026-06-10T21:59:59.999Z"},
	{"over the Assumption", "AT", "2025-08-13T10:00:00+02:00", "2025-08-18T21:59:59.999Z", "2025-08-21T21:59:59.999Z"},
	{"Bastille Day", "FR", "2026-07-13T15:59:00+02:00", "2026-07-15T21:59:59.999Z", "2026-07-17T21:59:59.999Z"},
	{"before May Day, too late", "FR", "2025-04-30T17:00:00+02:00", "2025-05-05T21:59:59.999Z", "2025-05-07T21:59:59.999Z"},
	{"Victory Day", "FR", "2025-05-07T10:00:00+02:00", "2025-05-09T21:59:59.999Z", "2025-05-13T21:59:59.999Z"},
	{"Good Friday is a working day", "FR", "2026-04-02T10:00:00+02:00", "2026-04-03T21:59:59.999Z", "2026-04-08T21:59:59.999Z"},
	{"the eve of the Armistice, too late", "FR", "2025-11-10T16:30:00+01:00", "2025-11-13T22:59:59.999Z", "2025-11-17T22:59:59.999Z"},
	{"the day after Christmas is a working day", "FR", "2025-12-24T10:00:00+01:00", "2025-12-26T22:59:59.999Z", "2025-12-30T22:59:59.999Z"},
	{"Christmas on a weekend is kept on Monday and Tuesday", "GB", "2027-12-24T10:00:00Z", "2027-12-29T23:59:59.999Z", "2027-12-30T23:59:59.999Z"},
	{"the early May bank holiday", "GB", "2026-05-01T10:00:00+01:00", "2026-05-05T22:59:59.999Z", "2026-05-06T22:59:59.999Z"},
	{"the summer bank holiday, too late", "GB", "2026-08-28T16:00:00+01:00", "2026-09-02T22:59:59.999Z", "2026-09-03T22:59:59.999Z"},
	{"over the start of summer time", "GB", "2026-03-27T10:00:00Z", "2026-03-30T22:59:59.999Z", "2026-03-31T22:59:59.999Z"},
	{"Golden Week, with a substitute", "JP", "2026-05-01T11:00:00+09:00", "2026-05-07T14:59:59.999Z", "2026-05-08T14:59:59.999Z"},
	{"Silver Week, with a day between holidays", "JP", "2026-09-18T13:00:00+09:00", "2026-09-25T14:59:59.999Z", "2026-09-28T14:59:59.999Z"},
	{"Mountain Day", "JP", "2026-08-10T11:00:00+09:00", "2026-08-12T14:59:59.999Z", "2026-08-13T14:59:59.999Z"},
}

func calendarOf(t testing.TB, settings map[string]string) Calendar {
	t.Helper()
	c, err := NewCalendar(settings)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func instantOf(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestPromisesAreThoseWorkedOutByHand(t *testing.T) {
	made := map[string]Calendar{}
	for name, settings := range calendars {
		made[name] = calendarOf(t, settings)
	}
	for _, p := range promises {
		c := made[p.calendar]
		shipBy := c.ShipBy(instantOf(t, p.placed))
		deliverBy := c.DeliverBy(shipBy)
		if got := schemas.At(shipBy).String(); got != p.shipBy {
			t.Errorf("%s, %s, placed %s: leaves by %s, want %s", p.calendar, p.why, p.placed, got, p.shipBy)
		}
		if got := schemas.At(deliverBy).String(); got != p.deliverBy {
			t.Errorf("%s, %s, placed %s: arrives by %s, want %s", p.calendar, p.why, p.placed, got, p.deliverBy)
		}
	}
}

func TestAPromiseOfTheChannelStands(t *testing.T) {
	c := calendarOf(t, calendars["DE"])
	placed := schemas.At(instantOf(t, "2026-02-03T10:00:00+01:00"))
	said := schemas.At(instantOf(t, "2026-02-07T11:00:00+01:00")) // a Saturday: on its way from Monday the 9th
	for _, test := range []struct {
		name              string
		order             schemas.Order
		shipBy, deliverBy string
	}{
		{"nothing is said", schemas.Order{FulfilledBy: schemas.FulfilledBySeller}, "2026-02-04T22:59:59.999Z", "2026-02-06T22:59:59.999Z"},
		{"ship-by is said", schemas.Order{FulfilledBy: schemas.FulfilledBySeller, ShipBy: &said}, "2026-02-07T10:00:00.000Z", "2026-02-11T22:59:59.999Z"},
		{"both are said", schemas.Order{FulfilledBy: schemas.FulfilledBySeller, ShipBy: &said, DeliverBy: &said}, "2026-02-07T10:00:00.000Z", "2026-02-07T10:00:00.000Z"},
		{"the channel ships", schemas.Order{FulfilledBy: schemas.FulfilledByChannel}, "", ""},
		{"nobody ships", schemas.Order{FulfilledBy: schemas.FulfilledByDownload}, "", ""},
	} {
		test.order.PlacedAt = placed
		c.promise(&test.order)
		if got := textOf(test.order.ShipBy); got != test.shipBy {
			t.Errorf("%s: leaves by %s, want %s", test.name, got, test.shipBy)
		}
		if got := textOf(test.order.DeliverBy); got != test.deliverBy {
			t.Errorf("%s: arrives by %s, want %s", test.name, got, test.deliverBy)
		}
		if test.order.Zone != "Europe/Berlin" {
			t.Errorf("%s: the zone is %q", test.name, test.order.Zone)
		}
	}
}

func textOf(at *schemas.Millis) string {
	if at == nil {
		return ""
	}
	return at.String()
}

func TestACalendarThatDoesNotKnowSaysNothing(t *testing.T) {
	placed := instantOf(t, "2026-02-03T10:00:00Z")
	for name, settings := range map[string]map[string]string{
		"no settings": nil, "others' settings": {"channel": "allegro"}, "empty ones": {"zone": "", "handling_days": ""},
		"a zone alone": {"zone": "Europe/Berlin"}, "transit alone": {"zone": "Europe/Berlin", "transit_days": "1"},
	} {
		c := calendarOf(t, settings)
		if got := c.ShipBy(placed); !got.IsZero() {
			t.Errorf("%s: leaves by %s", name, got)
		}
		if got := c.DeliverBy(c.ShipBy(placed)); !got.IsZero() {
			t.Errorf("%s: arrives by %s", name, got)
		}
		order := schemas.Order{PlacedAt: schemas.At(placed), FulfilledBy: schemas.FulfilledBySeller}
		if c.promise(&order); order.ShipBy != nil || order.DeliverBy != nil || order.Zone != settings["zone"] {
			t.Errorf("%s: promised %v %v %s", name, order.ShipBy, order.DeliverBy, order.Zone)
		}
	}
	c := calendarOf(t, calendars["DE"])
	for _, placed := range []string{"1999-06-01T00:00:00Z", "2099-12-31T20:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"} {
		if got := c.ShipBy(instantOf(t, placed)); !got.IsZero() {
			t.Errorf("placed %s, whose holidays nobody knows, leaves by %s", placed, got)
		}
	}
}

func TestWhoOrdersLaterIsNeverPromisedEarlier(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		days := rapid.IntRange(0, 5).Draw(t, "days")
		c := Calendar{zone: zone, cutoff: rapid.IntRange(0, 24*60).Draw(t, "cutoff"), handling: &days, transit: &days, weekend: [7]bool{time.Sunday: true}}
		first := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "first"), 0)
		second := first.Add(time.Duration(rapid.Int64Range(0, 3*86400).Draw(t, "seconds later")) * time.Second)
		earlier, later := c.ShipBy(first), c.ShipBy(second)
		if later.Before(earlier) || c.DeliverBy(later).Before(c.DeliverBy(earlier)) {
			t.Fatalf("placed %s leaves by %s, placed %s by %s", first, earlier, second, later)
		}
		if earlier.Before(first) || c.DeliverBy(earlier).Before(earlier) {
			t.Fatalf("placed %s leaves by %s and arrives by %s", first, earlier, c.DeliverBy(earlier))
		}
		if next := earlier.Add(time.Millisecond).In(zone); next.Add(-time.Millisecond).Day() == next.Day() || next.Nanosecond() != 0 {
			t.Fatalf("%s is not the end of a day in %s", earlier.In(zone), zone)
		}
	})
}

func TestCalendarsAreMadeAndAskedByManyAtOnce(t *testing.T) {
	shared := calendarOf(t, calendars["JP"])
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			own, err := NewCalendar(calendars["JP"])
			placed := time.Date(2026, 9, 18, 4, 0, 0, 0, time.UTC)
			if err != nil || !own.ShipBy(placed).Equal(shared.ShipBy(placed)) {
				t.Errorf("%s and %s, %v", own.ShipBy(placed), shared.ShipBy(placed), err)
			}
		})
	}
	group.Wait()
}
