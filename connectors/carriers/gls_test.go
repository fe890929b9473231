package carriers_test

import (
	"strings"

	"waybill/schemas"
)

var playedGLS = played{
	booking: schemas.Booking{
		From: shop, To: schemas.Person{Name: "Maria Musterfrau", Street: "Kurt-Schumacher-Str. 20", PostalCode: "53113", City: "Bonn", Country: "DE", Email: "maria@example.com", Phone: "+49 170 1234567"},
	},
	create: "shipments.create", cancel: "shipments.cancel",
	refuse: func(b *schemas.Booking) { b.To.Street = strings.Repeat("Kurt-Schumacher-Str. ", 3) },
	close:  func(at *town) { at.play.GLS().EndDay() },
}
