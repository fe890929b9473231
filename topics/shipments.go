package topics

import (
	"cmp"
	"fmt"
	"strings"

	"waybill/schemas"
)

// Shipments is the life of each shipment of an order, from when it is ready for a carrier until it has left.
var Shipments = &Topic{
	Name:         "shipments",
	Doc:          "the life of a shipment: held, requested, booked, labelled, recalled, voided, handed over",
	Schema:       schemas.ShipmentSchema,
	Key:          "order id",
	Retention:    400 * day, // longer than labels are kept: who prints one again looks here for it
	MessageBytes: mib,
	Lands:        true,
	Line: func(value any) Line {
		s := value.(*schemas.Shipment)
		line := Line{OrderID: s.OrderID, Party: s.Party, Kind: "shipment_" + s.State, Summary: summaryOf(s), ShipBy: s.ShipBy}
		if why := cmp.Or(s.Text, s.Reason, strings.Join(s.Warnings, "; ")); why != "" {
			line.Summary += ": " + why
		}
		return line
	},
}

// summaryOf says what has become of a shipment.
func summaryOf(s *schemas.Shipment) string {
	of := "shipment " + s.Ref
	if s.Parts > 1 {
		of += fmt.Sprintf(" (%d of %d)", s.Part, s.Parts)
	}
	switch s.State {
	case schemas.ShipmentHeld:
		return of + " gets no label"
	case schemas.ShipmentRequested:
		return fmt.Sprintf("%s, %d parcels, is to be booked with %s", of, len(s.Parcels), s.Carrier)
	case schemas.ShipmentQuoted:
		if len(s.Quotes) == 0 {
			return fmt.Sprintf("%s says not what it asks for %s", s.Carrier, of)
		}
		return fmt.Sprintf("%s asks %s %s for %s", s.Carrier, s.Quotes[0].Price, s.Quotes[0].Price.Currency, of)
	case schemas.ShipmentBooked:
		return fmt.Sprintf("%s is booked with %s as %s", of, s.Carrier, s.BookingRef)
	case schemas.ShipmentLabelled:
		return fmt.Sprintf("%s has its labels of %s: %s", of, s.Carrier, strings.Join(numbersOf(s), ", "))
	case schemas.ShipmentRecalled:
		return of + " is to be taken back"
	case schemas.ShipmentAgain:
		return fmt.Sprintf("%s is to get another label, says %s", of, s.By)
	case schemas.ShipmentScanned:
		pieces := int64(0)
		for _, line := range s.Lines {
			pieces += line.Quantity
		}
		return fmt.Sprintf("%s was scanned by %s: %d pieces of %d codes", of, s.By, pieces, len(s.Lines))
	case schemas.ShipmentCredited:
		return fmt.Sprintf("%s costs nothing at %s, as its label was taken back", of, s.Carrier)
	case schemas.ShipmentCharged:
		return fmt.Sprintf("%s keeps the money for %s, though its label was taken back", s.Carrier, of)
	case schemas.ShipmentRefused:
		return fmt.Sprintf("%s is refused by %s", of, s.Carrier)
	}
	return of + " is " + strings.ReplaceAll(s.State, "_", " ")
}

// numbersOf are those its parcels are tracked by.
func numbersOf(s *schemas.Shipment) []string {
	var numbers []string
	for _, p := range s.Parcels {
		if p.Number != "" {
			numbers = append(numbers, p.Number)
		}
	}
	return numbers
}
