package ups

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// several is a list that older versions write as its one element.
type several[T any] []T

// UnmarshalJSON takes both.
func (s *several[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(s))
	}
	var one T
	err := json.Unmarshal(b, &one)
	*s = several[T]{one}
	return err
}

type amount struct{ CurrencyCode, MonetaryValue string }

// money is nil if it is none.
func (a amount) money() *schemas.Money {
	m, err := schemas.ParseMoney(a.MonetaryValue, a.CurrencyCode)
	if err != nil {
		return nil
	}
	return &m
}

type response struct {
	Alert several[struct{ Code, Description string }]
}

// created is a ShipmentResponse.
type created struct {
	ShipmentResponse struct {
		Response        response
		ShipmentResults struct {
			ShipmentIdentificationNumber string
			ShipmentCharges              struct{ TotalCharges amount }
			NegotiatedRateCharges        struct{ TotalCharge amount }
			PackageResults               several[struct {
				TrackingNumber string
				ShippingLabel  image
			}]
		}
	}
}

type image struct{ GraphicImage string }

// read is the label, with the format that its bytes say; nil if it is none.
func (i image) read() (label []byte, format string) {
	label, err := base64.StdEncoding.DecodeString(i.GraphicImage)
	if err != nil {
		return nil, ""
	}
	if format = schemas.FormatOf(label); format == "" {
		return nil, ""
	}
	return label, format
}

// parcel is a package with its label, or without: that is asked for again.
func (i image) parcel(number, format string) schemas.BookedParcel {
	p := schemas.BookedParcel{Number: number, Format: format}
	if label, is := i.read(); label != nil {
		p.Label, p.Format = label, is
	}
	return p
}

// booked is what was made of a booking.
func (a *created) booked(b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	results := a.ShipmentResponse.ShipmentResults
	if results.ShipmentIdentificationNumber == "" {
		return booked, unclear("it names no shipment")
	}
	if len(results.PackageResults) != len(b.Parcels) {
		return booked, unclear(fmt.Sprintf("it names %d packages, not %d", len(results.PackageResults), len(b.Parcels)))
	}
	booked.Ref = results.ShipmentIdentificationNumber
	for _, p := range results.PackageResults {
		if p.TrackingNumber == "" {
			return schemas.Booked{}, unclear("a package in it has no number")
		}
		booked.Parcels = append(booked.Parcels, p.ShippingLabel.parcel(p.TrackingNumber, format))
	}
	if booked.Cost = results.NegotiatedRateCharges.TotalCharge.money(); booked.Cost == nil {
		booked.Cost = results.ShipmentCharges.TotalCharges.money()
	}
	for _, alert := range a.ShipmentResponse.Response.Alert {
		booked.Warnings = append(booked.Warnings, told(alert.Code, alert.Description, b))
	}
	look(&booked)
	return booked, nil
}

// look sees whether all labels are there.
func look(booked *schemas.Booked) {
	for _, p := range booked.Parcels {
		if p.Label == nil {
			booked.Pending = true
			booked.Warnings = append(booked.Warnings, "the label of "+p.Number+" did not come with the shipment")
		}
	}
}

// unclear is a success of which nobody can say what was bought.
func unclear(why string) error {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "UPS answered success, but " + why, Perhaps: true}
}

// voided is a VoidShipmentResponse.
type voided struct {
	VoidShipmentResponse struct {
		SummaryResult struct{ Status struct{ Code string } }
	}
}

func (a *voided) read(said []byte) error {
	if json.Unmarshal(said, a) != nil || a.VoidShipmentResponse.SummaryResult.Status.Code != "1" {
		return unclear("it does not say that the shipment is voided")
	}
	return nil
}
