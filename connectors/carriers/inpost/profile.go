package inpost

import (
	"regexp"
	"strconv"

	"waybill/connectors/addresses"
	"waybill/schemas"
)

// Profile is what a label of InPost's shows: 56 characters of the address line, 23 of the city, Latin letters alone (FAQ on labels,
// dokumentacja-inpost.atlassian.net). It also cuts a company after 26 and a name after 21; that sends no parcel elsewhere, for there is the
// telephone number, so longer ones pass.
var Profile = addresses.Profile{
	Letters: addresses.Latin,
	Company: addresses.Room{Lines: 1, Characters: 60},
	Name:    addresses.Room{Lines: 1, Characters: 60},
	Street:  addresses.Room{Lines: 1, Characters: 56},
	City:    addresses.Room{Lines: 1, Characters: 23},
	Also:    also,

	PointAlone: true,
}

// What a parcel may weigh (inpost.pl, sizes).
const (
	gramsMax        = 25_000 // in a locker
	courierGramsMax = 30_000
)

var (
	nineDigits = regexp.MustCompile(`^\d{9}$`)
	pointName  = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{2,19}$`)
)

func also(b *schemas.Booking) (faults []addresses.Fault) {
	wrong := func(field, code, text string) {
		faults = append(faults, addresses.Fault{Field: field, Code: code, Offset: -1, Text: text})
	}
	if b.To.Country != "PL" {
		wrong("to.country", addresses.Invalid, "InPost's ShipX delivers in Poland alone")
	}
	switch {
	case b.To.Phone == "":
		wrong("to.phone", addresses.Missing, "InPost needs a mobile number for every parcel")
	case !nineDigits.MatchString(national(b.To.Phone)):
		wrong("to.phone", addresses.Invalid, "InPost takes Polish numbers alone, of nine digits")
	}
	limit := int64(courierGramsMax)
	if b.Point != "" {
		limit = gramsMax
		if !pointName.MatchString(b.Point) {
			wrong("point", addresses.Invalid, "a locker is named as KRA010, in capitals and digits")
		}
		if b.To.Email == "" {
			wrong("to.email", addresses.Missing, "InPost needs an e-mail address for a parcel to a locker")
		}
	}
	for i, p := range b.Parcels {
		if p.Grams < 1 || p.Grams > limit {
			wrong("parcels["+strconv.Itoa(i)+"].grams", addresses.Invalid, "the parcel weighs nothing, or more than "+strconv.FormatInt(limit, 10)+" g")
		}
	}
	return faults
}
