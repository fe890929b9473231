package processors

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waybill/schemas"
)

// SettingShipWith is the setting of a party about who carries what it sells.
const SettingShipWith = "ship_with"

// Shipping is which carrier takes what a party sells, the first that fits.
type Shipping struct {
	Routes []Route
	Scans  bool // nothing gets a label that was not scanned while it was packed
}

// Route is a carrier for a country.
type Route struct {
	Any     bool    // of all that goes anywhere
	Country string  // ISO 3166-1 alpha-2; "": every one
	Point   bool    // of what goes to a locker or a shop, and of nothing else
	Carrier string  // its account
	Service string  // its product; "": what the account says
	Or      []Route // carriers that could take it too, with their services: the cheapest does
}

// Carriage is what the seller has settled for the account of a carrier, and what is known of it.
type Carriage struct {
	Carrier    string         // our name of it
	From       schemas.Person // who sends
	Format     string         // of labels; "": what the account says
	ParcelsMax int            // in one booking
	Price      *schemas.Money // of a parcel, where the seller has settled it; nil: the carrier is asked
	Printer    string         // that its labels are printed at as soon as they come; "": at none
	LabelLink  string         // in front of a label's hash, where people find it; "": nowhere
	Credits    time.Duration  // how soon it settles a label that was taken back; 0: nobody waits for that
}

// routeText is a route in the setting: DE=dhl, PL/point=inpost:inpost_locker_standard, dhl, FR=dhl|ups:11. carrierText is a carrier in it.
var (
	routeText   = regexp.MustCompile(`^(?:([A-Z]{2}|\*)(/point)?=)?([^=]+)$`)
	carrierText = regexp.MustCompile(`^([a-z0-9]+(?:-[a-z0-9]+)*)(?::([A-Za-z0-9_.-]{1,60}))?$`)
)

// carriersMax bounds the carriers of a route.
const carriersMax = 10

// routesMax bounds the routes of a party.
const routesMax = 300

// NewShipping reads what was settled for a party.
func NewShipping(settings map[string]string) (s Shipping, err error) {
	if s.Scans, err = isOne(settings, SettingScans, "optional", "required"); err != nil {
		return s, err
	}
	text := strings.TrimSpace(settings[SettingShipWith])
	if text == "" {
		return s, nil
	}
	for one := range strings.SplitSeq(text, ",") {
		r, is := newRoute(strings.TrimSpace(one))
		if !is || len(s.Routes) == routesMax {
			return s, fmt.Errorf("setting %s: %q is no route: give COUNTRY=CARRIER, COUNTRY/point=CARRIER:SERVICE or CARRIER, with commas between, %d at most; CARRIER|CARRIER is the cheaper of both",
				SettingShipWith, strings.TrimSpace(one), routesMax)
		}
		s.Routes = append(s.Routes, r)
	}
	return s, nil
}

func newRoute(text string) (r Route, is bool) {
	said := routeText.FindStringSubmatch(text)
	if said == nil {
		return r, false
	}
	var carriers []Route
	for one := range strings.SplitSeq(said[3], "|") {
		carrier := carrierText.FindStringSubmatch(strings.TrimSpace(one))
		if carrier == nil || len(carriers) == carriersMax {
			return r, false
		}
		carriers = append(carriers, Route{Carrier: carrier[1], Service: carrier[2]})
	}
	return Route{Any: said[1] == "", Country: strings.TrimPrefix(said[1], "*"), Point: said[2] != "", Carrier: carriers[0].Carrier, Service: carriers[0].Service, Or: carriers[1:]}, true
}

// route is the first that takes something to a country, to a locker or shop there or to a door.
func (s Shipping) route(country string, point bool) (Route, bool) {
	at := slices.IndexFunc(s.Routes, func(r Route) bool {
		return r.Any || r.Point == point && (r.Country == "" || r.Country == country)
	})
	if at < 0 {
		return Route{}, false
	}
	return s.Routes[at], true
}
