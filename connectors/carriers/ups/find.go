package ups

import (
	"context"
	"fmt"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// recovery is a LabelRecoveryRequest.
type recovery struct {
	Request            request
	LabelSpecification labels
	TrackingNumber     string           `json:",omitempty"`
	ReferenceValues    *referenceValues `json:",omitempty"`
}

type referenceValues struct {
	ReferenceNumber reference
	ShipperNumber   string
}

// recoveryResponse is a LabelRecoveryResponse.
type recoveryResponse struct {
	LabelRecoveryResponse struct {
		ShipmentIdentificationNumber string
		LabelResults                 several[struct {
			TrackingNumber string
			LabelImage     image
		}]
		TrackingCandidate several[struct{ TrackingNumber string }]
	}
	said []byte
}

// recovered asks for the labels of what was booked in the last thirty days; it does nothing.
func (u *UPS) recovered(ctx context.Context, r recovery, format string) (a recoveryResponse, err error) {
	r.Request, r.LabelSpecification = request{SubVersion: "1903"}, labelsOf(format)
	a.said, err = u.client.Post(ctx, "/labels/v1/recovery", map[string]any{"LabelRecoveryRequest": r}, &a)
	return a, asked(understood(err, nil))
}

// Find recovers the labels of the shipment with the booking's reference. A shipment that was voided is none.
func (u *UPS) Find(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	a, err := u.recovered(ctx, recovery{ReferenceValues: &referenceValues{reference{b.Reference}, u.settings["shipper_number"]}}, u.format(b))
	return u.found(a, err, b)
}

// Complete recovers the labels of a shipment by its number.
func (u *UPS) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	a, err := u.recovered(ctx, recovery{TrackingNumber: ref}, u.format(b))
	return u.found(a, err, b)
}

func (u *UPS) found(a recoveryResponse, err error, b *schemas.Booking) (schemas.Booked, []byte, error) {
	if is(err, codeNotFound) || is(err, codeVoided) {
		return schemas.Booked{}, nil, remote.ErrAbsent
	}
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	booked, err := a.booked(b, u.format(b))
	return booked, a.said, asked(err)
}

func (a *recoveryResponse) booked(b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	r := a.LabelRecoveryResponse
	switch {
	case len(r.LabelResults) == 0 && len(r.TrackingCandidate) > 0, len(r.LabelResults) > len(b.Parcels):
		return booked, &remote.Failure{Class: remote.Permanent, Code: "ambiguous", Reason: "several shipments at UPS carry the reference of the booking"}
	case len(r.LabelResults) != len(b.Parcels):
		return booked, &remote.Failure{Class: remote.Transient, Code: "incomplete", Reason: fmt.Sprintf("UPS shows %d of %d packages so far", len(r.LabelResults), len(b.Parcels))}
	}
	if booked.Ref = r.ShipmentIdentificationNumber; booked.Ref == "" {
		booked.Ref = r.LabelResults[0].TrackingNumber // the number of a shipment is that of its first package
	}
	for _, p := range r.LabelResults {
		if p.TrackingNumber == "" {
			return schemas.Booked{}, unclear("a package in it has no number")
		}
		booked.Parcels = append(booked.Parcels, p.LabelImage.parcel(p.TrackingNumber, format))
	}
	look(&booked)
	return booked, nil
}
