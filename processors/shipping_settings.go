package processors

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waybill/schemas"
)

// SettingShipWith is the setting of a party about who carries what it sells.
const SettingShipWith = "ship_with"

// Shipping is which carrier takes what a party sells, the first that fits.
type Shipping struct{ Routes []Route }

// Route is a carrier for a country.
type Route struct {
	Any     bool   // of all that goes anywhere
	Country string // ISO 3166-1 alpha-2; "": every one
	Point   bool   // of what goes to a locker or a shop, and of nothing else
	Carrier string // its account
	Service string // its product; "": what the account says
}

// Carriage is what the seller has settled for the account of a carrier, and what is known of it.
type Carriage struct {
	Carrier    string         // our name of it
	From       schemas.Person // who sends
	Format     string         // of labels; "": what the account says
	ParcelsMax int            // in one booking
	Printer    string         // that its labels are printed at as soon as they come; "": at none
	LabelLink  string         // in front of a label's hash, where people find it; "": nowhere
}

// routeText is a route in the setting: DE=dhl, PL/point=inpost:inpost_locker_standard, dhl.
var routeText = regexp.MustCompile(`^(?:([A-Z]{2}|\*)(/point)?=)?([a-z0-9]+(?:-[a-z0-9]+)*)(?::([A-Za-z0-9_.-]{1,60}))?$`)

// routesMax bounds the routes of a party.
const routesMax = 300

// NewShipping reads what was settled for a party.
func NewShipping(settings map[string]string) (s Shipping, err error) {
	text := strings.TrimSpace(settings[SettingShipWith])
	if text == "" {
		return s, nil
	}
	for one := range strings.SplitSeq(text, ",") {
		said := routeText.FindStringSubmatch(strings.TrimSpace(one))
		if said == nil || len(s.Routes) == routesMax {
			return s, fmt.Errorf("setting %s: %q is no route: give COUNTRY=CARRIER, COUNTRY/point=CARRIER:SERVICE or CARRIER, with commas between, %d at most",
				SettingShipWith, strings.TrimSpace(one), routesMax)
		}
		s.Routes = append(s.Routes, Route{Any: said[1] == "", Country: strings.TrimPrefix(said[1], "*"), Point: said[2] != "", Carrier: said[3], Service: said[4]})
	}
	return s, nil
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
