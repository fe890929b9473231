package dhl

import (
	"regexp"
	"strconv"

	"waybill/connectors/addresses"
	"waybill/schemas"
)

// Profile is what DHL prints (specification 2.1.13, ContactAddress and Locker). Of characters it says nothing: those of ISO 8859-1 are sent
// as they are, which German names need.
var Profile = addresses.Profile{
	Letters: addresses.Latin1,
	Company: addresses.Room{Lines: 2, Characters: 50},
	Name:    addresses.Room{Lines: 1, Characters: 50},
	Street:  addresses.Room{Lines: 1, Characters: 50},
	House:   10,
	City:    addresses.Room{Lines: 1, Characters: 40},
	Sender:  true,
	Also:    also,
}

const gramsMax = 31_500 // Weight

var postNumber = regexp.MustCompile(`^[0-9]{6,10}$`)

func also(b *schemas.Booking) (faults []addresses.Fault) {
	wrong := func(field, code, text string) {
		faults = append(faults, addresses.Fault{Field: field, Code: code, Offset: -1, Text: text})
	}
	if named := points.FindStringSubmatch(b.Point); b.Point != "" {
		shop := named != nil && named[2] != ""
		number := 0
		if named != nil {
			number, _ = strconv.Atoi(named[3])
		}
		switch {
		case named == nil || number < 100 || shop && number < 401:
			wrong("point", addresses.Invalid, "a Packstation has a number from 100 to 999, a Postfiliale one from 401")
		case b.To.Country != germany:
			wrong("to.country", addresses.Invalid, "DHL sends to points in Germany alone")
		}
		if !postNumber.MatchString(b.PostNumber) && !(shop && b.PostNumber == "" && b.To.Email != "") {
			wrong("post_number", addresses.Missing, "DHL knows a receiver at a point by a post number of 6 to 10 digits")
		}
	}
	for i, p := range b.Parcels {
		if p.Grams < 1 || p.Grams > gramsMax {
			wrong("parcels["+strconv.Itoa(i)+"].grams", addresses.Invalid, "a parcel weighs up to 31,500 g")
		}
	}
	return faults
}
