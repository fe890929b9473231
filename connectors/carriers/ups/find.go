package ups

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	return a, remote.Asked(understood(err, nil))
}

// keptFor is how long UPS finds a shipment (Shipping.yaml, PickupDateRange: 30 days), less a day.
const keptFor = 29 * 24 * time.Hour

// Find recovers the labels of the shipment with the booking's reference. A shipment that was voided is none.
func (u *UPS) Find(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error) {
	a, err := u.recovered(ctx, recovery{ReferenceValues: &referenceValues{reference{b.Reference}, u.settings["shipper_number"]}}, u.format(b))
	switch {
	case is(err, codeNotFound) && b.ReadyAt != 0 && time.Since(b.ReadyAt.Time()) > keptFor:
		return booked, nil, &remote.Failure{Class: remote.Permanent, Code: "too_old", Reason: "UPS finds shipments of the last thirty days alone"}
	case is(err, codeNotFound), is(err, codeVoided):
		return booked, nil, remote.ErrAbsent
	case err != nil:
		return booked, nil, err
	}
	if r := &a.LabelRecoveryResponse; len(r.LabelResults) == 0 && len(r.TrackingCandidate) == len(b.Parcels) {
		if err := u.candidates(ctx, &a, u.format(b)); err != nil {
			return booked, nil, err
		}
	}
	booked, err = a.booked(b, u.format(b))
	return booked, a.said, remote.Asked(err)
}

// candidates recovers packages one by one: where references belong to packages, UPS may name those that have it, without their labels.
func (u *UPS) candidates(ctx context.Context, a *recoveryResponse, format string) error {
	r := &a.LabelRecoveryResponse
	for _, candidate := range r.TrackingCandidate {
		one, err := u.recovered(ctx, recovery{TrackingNumber: candidate.TrackingNumber}, format)
		if err != nil {
			return err
		}
		its := one.LabelRecoveryResponse
		if r.ShipmentIdentificationNumber == "" {
			r.ShipmentIdentificationNumber = its.ShipmentIdentificationNumber
		}
		if its.ShipmentIdentificationNumber != r.ShipmentIdentificationNumber {
			return ambiguous()
		}
		r.LabelResults, a.said = append(r.LabelResults, its.LabelResults...), one.said
	}
	return nil
}

// ambiguous is for a person: perhaps something was bought twice.
func ambiguous() error {
	return &remote.Failure{Class: remote.Permanent, Code: "ambiguous", Reason: "several shipments at UPS carry the reference of the booking"}
}

// Complete recovers the labels of a shipment; by its number, UPS would tell that of its first package alone.
func (u *UPS) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	booked, said, err := u.Find(ctx, b)
	switch {
	case errors.Is(err, remote.ErrAbsent): // it is there: UPS said so when it was booked
		return schemas.Booked{Ref: ref, Pending: true}, nil, nil
	case err == nil && booked.Ref != ref:
		err = ambiguous()
	}
	return booked, said, err
}

func (a *recoveryResponse) booked(b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	r := a.LabelRecoveryResponse
	switch {
	case len(r.LabelResults) > len(b.Parcels), len(r.LabelResults) == 0 && len(r.TrackingCandidate) > len(b.Parcels):
		return booked, ambiguous()
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
