package gls

import (
	"fmt"

	"waybill/connectors/addresses"
	"waybill/schemas"
)

// Profile is what GLS prints: names and streets over 40 characters are refused (samples of fault responses, "Maximum is 40"). Of characters it
// says nothing: those of Europe's Latin alphabets are sent as they are.
var Profile = addresses.Profile{
	Letters: addresses.Latin,
	Company: addresses.Room{Lines: 2, Characters: 40},
	Name:    addresses.Room{Lines: 1, Characters: 40},
	Street:  addresses.Room{Lines: 1, Characters: 40},
	House:   40,
	City:    addresses.Room{Lines: 1, Characters: 40},
	Also:    also,
}

// gramsMax is the heaviest parcel, 40 kg (gls-group.com, parcel sizes and weights).
const gramsMax = 40_000

func also(b *schemas.Booking) (faults []addresses.Fault) {
	for i, p := range b.Parcels {
		if p.Grams < 1 || p.Grams > gramsMax {
			faults = append(faults, addresses.Fault{Field: fmt.Sprintf("parcels[%d].grams", i), Code: addresses.Invalid, Offset: -1, Text: "a parcel weighs up to 40,000 g"})
		}
	}
	return faults
}
