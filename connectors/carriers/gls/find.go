package gls

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
func (g *GLS) Find(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error) {
	units, err := g.units(ctx, b.Reference, since(b))
	switch {
	case err != nil:
		return booked, nil, asked(understood(err, b))
	case len(units) == 0:
		return g.reprinted(ctx, b)
	case len(units) < len(b.Parcels):
		return booked, nil, &remote.Failure{Class: remote.Transient, Code: "incomplete", Reason: fmt.Sprintf("GLS shows %d of %d parcels so far", len(units), len(b.Parcels))}
	case len(units) > len(b.Parcels):
		return booked, nil, &remote.Failure{Class: remote.Permanent, Code: "ambiguous", Reason: fmt.Sprintf("%d parcels carry the reference of a booking of %d", len(units), len(b.Parcels))}
	}
	slices.SortStableFunc(units, func(x, y item) int { return rank(b, x) - rank(b, y) })
	return g.printed(ctx, b, units)
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

// printed are units with their labels, or pending where GLS does not print one now.
func (g *GLS) printed(ctx context.Context, b *schemas.Booking, units []item) (booked schemas.Booked, said []byte, err error) {
	var ids []string
	for _, u := range units {
		var a created
		said, err = g.client.Post(ctx, "/rs/shipments/reprintparcel", map[string]any{
			"TrackID": u.TrackID, "CreationDate": day(u.InitialDate), "PrintingOptions": g.printing(b),
		}, &a)
		ids = append(ids, u.TrackID)
		one := schemas.BookedParcel{Number: u.TrackID, Format: g.format(b)}
		if drawn := a.labels(); err == nil && len(drawn) == 1 {
			one.Label, one.Format = drawn[0].bytes, drawn[0].format
		} else {
			booked.Pending = true
		}
		booked.Parcels = append(booked.Parcels, one)
	}
	booked.Ref = strings.Join(ids, trackIDs)
	return booked, said, nil
}

// reprintDays are how many days are asked for a booking in doubt: today, and two before.
const reprintDays = 3

// reprinted looks where labels are kept, because the list of parcels may show a parcel only when its day was closed. What GLS refuses to
// print, it has not.
func (g *GLS) reprinted(ctx context.Context, b *schemas.Booking) (booked schemas.Booked, said []byte, err error) {
	for days := range reprintDays {
		var a created
		said, err = g.client.Post(ctx, "/rs/shipments/reprintparcel", map[string]any{
			"ShipmentReference": b.Reference, "CreationDate": time.Now().UTC().AddDate(0, 0, -days).Format(time.DateOnly), "PrintingOptions": g.printing(b),
		}, &a)
		var f *remote.Failure
		if err = understood(err, b); errors.As(err, &f) && f.Class == remote.Business {
			continue
		}
		if err == nil {
			booked, err = a.booked(b, g.format(b))
		}
		return booked, said, asked(err)
	}
	return booked, nil, remote.ErrAbsent
}

// day is the date of a time, as reprintparcel takes it.
func day(at string) string {
	date, _, _ := strings.Cut(at, "T")
	return date
}

// Complete has the labels of a shipment printed once more.
func (g *GLS) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	booked, said, err := g.Find(ctx, b)
	switch {
	case errors.Is(err, remote.ErrAbsent): // it is there: GLS said so when it was booked
		return schemas.Booked{Ref: ref, Pending: true}, nil, nil
	case err == nil && !sameParcels(booked.Ref, ref):
		return booked, said, &remote.Failure{Class: remote.Permanent, Code: "ambiguous", Reason: "other parcels carry the reference of the booking", Status: http.StatusOK}
	}
	return booked, said, err
}

func sameParcels(one, other string) bool {
	parts := func(ref string) []string { return slices.Sorted(strings.SplitSeq(ref, trackIDs)) }
	return slices.Equal(parts(one), parts(other))
}

// asked is the failure of a question, which does nothing.
func asked(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		f.Perhaps = false
	}
	return err
}
