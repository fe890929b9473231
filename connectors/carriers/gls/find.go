package gls

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// found is a TUListResponse.
type found struct{ UnitItems []item }

type item struct {
	TrackID               string
	ShipmentReference     []string
	ShipmentUnitReference []string
	InitialDate           string
	Status                string
}

// statusCancelled is of a parcel that was taken back (Track & Trace V1, ParcelDTO.status).
const statusCancelled = "CANCELED"

// units are the parcels that carry a reference, of those booked since a day.
func (g *GLS) units(ctx context.Context, reference string, since time.Time) (units []item, err error) {
	var f found
	_, err = g.client.Post(ctx, "/rs/tracking/parcels", map[string]string{
		"ShipmentReference": reference, "DateFrom": since.UTC().Format(time.DateOnly), "DateTo": time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly),
	}, &f)
	for _, one := range f.UnitItems {
		if slices.Contains(one.ShipmentReference, reference) && !strings.EqualFold(one.Status, statusCancelled) && one.TrackID != "" {
			units = append(units, one)
		}
	}
	return units, err
}

// readyBefore is how long before its booking a shipment was ready, if the booking does not say.
const readyBefore = 14 * 24 * time.Hour

// since is the first day on which a booking may have been made.
func since(b *schemas.Booking) time.Time {
	if b.ReadyAt == 0 {
		return time.Now().Add(-readyBefore)
	}
	return b.ReadyAt.Time().Add(-24 * time.Hour)
}

// Find lists the parcels with the booking's reference, and has their labels printed again, which GLS does without a charge.
func (g *GLS) Find(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	booked, said, _, err := g.look(ctx, b)
	return booked, said, err
}

// look is what there is of a booking, and why a label of it is not.
func (g *GLS) look(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, lack, err error) {
	units, err := g.units(ctx, b.Reference, since(b))
	switch {
	case err != nil:
		return booked, nil, nil, remote.Asked(understood(err, b))
	case len(units) == 0:
		booked, said, err = g.reprinted(ctx, b)
		return booked, said, nil, err
	case len(units) < len(b.Parcels):
		return booked, nil, nil, &remote.Failure{Class: remote.Transient, Code: "incomplete", Reason: fmt.Sprintf("GLS shows %d of %d parcels so far", len(units), len(b.Parcels))}
	case len(units) > len(b.Parcels):
		return booked, nil, nil, ambiguous(fmt.Sprintf("%d parcels carry the reference of a booking of %d", len(units), len(b.Parcels)))
	}
	slices.SortStableFunc(units, func(x, y item) int { return rank(b, x) - rank(b, y) })
	booked, said, lack = g.printed(ctx, b, units)
	return booked, said, lack, nil
}

// ambiguous is for a person: perhaps something was bought twice.
func ambiguous(why string) error {
	return &remote.Failure{Class: remote.Permanent, Code: "ambiguous", Reason: why}
}

// rank is which parcel of the booking a unit is, from 0.
func rank(b *schemas.Booking, u item) int {
	for i := range b.Parcels {
		if slices.Contains(u.ShipmentUnitReference, unitReference(b, i)) {
			return i
		}
	}
	return len(b.Parcels)
}

// printed are units with their labels. Where GLS does not print one now, the shipment is pending, and lack says why.
func (g *GLS) printed(ctx context.Context, b *schemas.Booking, units []item) (booked schemas.Booked, said []byte, lack error) {
	var ids []string
	for _, u := range units {
		var a created
		answered, err := g.client.Post(ctx, "/rs/shipments/reprintparcel", reprint{TrackID: u.TrackID, CreationDate: day(u.InitialDate), PrintingOptions: g.reprinting(b)}, &a)
		ids = append(ids, u.TrackID)
		one := schemas.BookedParcel{Number: u.TrackID, Format: g.format(b)}
		switch drawn := a.labels(); {
		case err != nil:
			booked.Pending, lack = true, remote.Asked(understood(err, b))
		case len(drawn) != 1:
			booked.Pending, lack = true, remote.Asked(unclear("it has no label of parcel "+u.TrackID))
		default:
			one.Label, one.Format, said = drawn[0].bytes, drawn[0].format, answered
		}
		booked.Parcels = append(booked.Parcels, one)
	}
	booked.Ref = strings.Join(ids, trackIDs)
	return booked, said, lack
}

// reprint is a ReprintParcelRequestParameter.
type reprint struct {
	TrackID           string `json:",omitempty"`
	ShipmentReference string `json:",omitempty"`
	CreationDate      string
	PrintingOptions   printing
}

// reprinting says which label is wanted again: there are fewer templates than for a new one.
func (g *GLS) reprinting(b *schemas.Booking) printing {
	p := g.printing(b)
	switch p.ReturnLabels.TemplateSet {
	case "NONE", "ZPL_200", "ZPL_300":
		return p
	}
	p.ReturnLabels.TemplateSet = "NONE"
	if g.format(b) == schemas.LabelZPL {
		p.ReturnLabels.TemplateSet = "ZPL_200"
	}
	return p
}

// reprintDays are how many days are asked for a booking in doubt: today, and two before.
const reprintDays = 3

// reprinted looks where labels are kept, because the list of parcels may show a parcel only when its day was closed. What GLS refuses to
// print, it has not.
func (g *GLS) reprinted(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error) {
	for days := range reprintDays {
		var a created
		made := time.Now().UTC().AddDate(0, 0, -days).Format(time.DateOnly)
		said, err = g.client.Post(ctx, "/rs/shipments/reprintparcel", reprint{ShipmentReference: b.Reference, CreationDate: made, PrintingOptions: g.reprinting(b)}, &a)
		var f *remote.Failure
		if err = understood(err, b); errors.As(err, &f) && f.Class == remote.Business {
			continue
		}
		if err == nil {
			booked, err = a.booked(b, g.format(b))
		}
		return booked, said, remote.Asked(err)
	}
	return booked, nil, remote.ErrAbsent
}

// day is the date of a time, as reprintparcel takes it.
func day(at string) string {
	date, _, _ := strings.Cut(at, "T")
	return date
}

// Complete has the labels of a shipment printed once more. Why one is not, it says.
func (g *GLS) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	booked, said, lack, err := g.look(ctx, b)
	switch {
	case errors.Is(err, remote.ErrAbsent): // it is there: GLS said so when it was booked
		return schemas.Booked{Ref: ref, Pending: true}, nil, nil
	case err == nil && !sameParcels(booked.Ref, ref):
		err = ambiguous("other parcels carry the reference of the booking")
	case err == nil:
		err = lack
	}
	return booked, said, err
}

func sameParcels(one, other string) bool {
	parts := func(ref string) []string { return slices.Sorted(strings.SplitSeq(ref, trackIDs)) }
	return slices.Equal(parts(one), parts(other))
}
