package ups

import (
	"fmt"
	"slices"

	"waybill/connectors/addresses"
	"waybill/schemas"
)

// Profile is what UPS takes (Shipping.yaml, Shipment_ShipTo): of a name it prints the first 30 characters of 35. Of characters it says that
// labels are in Latin-1 or, for Polish, Latin-2 (CharacterSet); Latin-1 is its default.
var Profile = addresses.Profile{
	Letters: addresses.Latin1,
	Company: addresses.Room{Lines: 1, Characters: 35},
	Name:    addresses.Room{Lines: 1, Characters: 35},
	Street:  addresses.Room{Lines: 3, Characters: 35},
	City:    addresses.Room{Lines: 1, Characters: 30},
	Sender:  true,
	Also:    also,
}

const (
	gramsMax = 70_000 // of a package (ups.com, weight and size limits)
)

func also(b *schemas.Booking) (faults []addresses.Fault) {
	wrong := func(field, code, text string) {
		faults = append(faults, addresses.Fault{Field: field, Code: code, Offset: -1, Text: text})
	}
	if b.From.Country != b.To.Country {
		for field, who := range map[string]schemas.Person{"to.phone": b.To, "from.phone": b.From} {
			if who.Phone == "" {
				wrong(field, addresses.Missing, "UPS asks for a telephone number where a parcel crosses a border")
			}
		}
		slices.SortFunc(faults, func(x, y addresses.Fault) int { return len(x.Field) - len(y.Field) })
	}
	if (b.To.Country == "US" || b.To.Country == "CA") && len(b.To.Region) != 2 {
		wrong("to.region", addresses.Missing, "UPS asks for a state or a province in two letters")
	}
	if b.Point != "" {
		wrong("point", addresses.Invalid, "this version books no UPS Access Points")
	}
	for i, p := range b.Parcels {
		if p.Grams < 1 || p.Grams > gramsMax {
			wrong(fmt.Sprintf("parcels[%d].grams", i), addresses.Invalid, "a package weighs up to 70,000 g")
		}
	}
	return faults
}
