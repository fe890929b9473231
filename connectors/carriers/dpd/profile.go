package dpd

import (
	"regexp"

	"waybill/connectors/addresses"
	"waybill/schemas"
)

// Profile is what the META API takes (OpenAPI description 0.0.1, whose lengths the newer one leaves out). Of characters it says nothing, and
// its example has Polish letters: those of Europe's Latin alphabets are sent as they are.
var Profile = addresses.Profile{
	Letters: addresses.Latin,
	Company: addresses.Room{Lines: 1, Characters: 35},
	Name:    addresses.Room{Lines: 1, Characters: 35},
	Street:  addresses.Room{Lines: 1, Characters: 35},
	House:   8,
	City:    addresses.Room{Lines: 1, Characters: 35},
	Sender:  true,
	Also:    also,
}

// gramsMax is the heaviest parcel, 31.5 kg (dpd.com, parcel sizes and weights).
const gramsMax = 31_500

// pudo is a point as the group writes it: the country, then its number there.
var pudo = regexp.MustCompile(`^[A-Z]{2}[A-Za-z0-9]{1,18}$`)

func also(b *schemas.Booking) (faults []addresses.Fault) {
	wrong := func(field, code, text string) {
		faults = append(faults, addresses.Fault{Field: field, Code: code, Offset: -1, Text: text})
	}
	if b.Point != "" && !pudo.MatchString(b.Point) {
		wrong("point", addresses.Invalid, "a point of DPD's is named like PL50001: the country, then its number")
	}
	if b.Point != "" && b.To.Phone == "" && b.To.Email == "" {
		wrong("to.phone", addresses.Missing, "to a point, DPD tells the receiver by telephone or by e-mail")
	}
	for _, p := range b.Parcels {
		if p.Grams < 1 || p.Grams > gramsMax {
			wrong("parcels[0].grams", addresses.Invalid, "a parcel weighs up to 31,500 g")
		}
	}
	return faults
}
