package gls

import (
	"slices"
	"time"

	"waybill/internal/sandbox/party"
)

// day reads a date, with or without a time.
func day(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Truncate(24 * time.Hour), true
		}
	}
	return time.Time{}, false
}

// find lists parcels (specification, TULReferenceData and TUListResponse).
func (g *GLS) find(c *party.Call) party.Reply {
	var asked struct{ TrackID, ShipmentReference, DateFrom, DateTo string }
	if wrong := read(c, &asked); wrong != nil {
		return *wrong
	}
	from, isFrom := day(asked.DateFrom)
	to, isTo := day(asked.DateTo)
	if !isFrom || !isTo {
		return *missing("DateFrom")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	items := []any{}
	for _, one := range g.selected(asked.TrackID, asked.ShipmentReference) {
		if one.booked.Before(from) || !one.booked.Before(to.AddDate(0, 0, 1)) {
			continue
		}
		status := "PREADVICE"
		if one.cancelled {
			status = "CANCELED"
		}
		items = append(items, map[string]any{
			"TrackID": one.trackID, "ParcelNumber": one.number, "ShipmentReference": one.references, "ShipmentUnitReference": one.units, "InitialDate": one.booked.Format(time.DateOnly), "Status": status,
		})
	}
	return answered(map[string]any{"UnitItems": items})
}

func (g *GLS) selected(trackID, reference string) []*parcel {
	if trackID == "" {
		return g.byRef[reference]
	}
	if one := g.parcels[trackID]; one != nil {
		return []*parcel{one}
	}
	return nil
}

// again are the templates that integrators could have printed again.
var again = []string{"NONE", "ZPL_200", "ZPL_300"}

// reprint answers labels again (specification, ReprintParcelRequestParameter): nothing is billed.
func (g *GLS) reprint(c *party.Call) party.Reply {
	var asked struct {
		TrackID, ShipmentReference, CreationDate string
		PrintingOptions                          *printing
	}
	if wrong := read(c, &asked); wrong != nil {
		return *wrong
	}
	if wrong := asked.PrintingOptions.check(); wrong != nil {
		return *wrong
	}
	if template := asked.PrintingOptions.ReturnLabels.TemplateSet; !slices.Contains(again, template) {
		return *invalid("PrintingOptions.ReturnLabels.TemplateSet", template, "Shipment validation failed")
	}
	made, is := day(asked.CreationDate)
	if !is {
		return *missing("CreationDate")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []*parcel
	for _, one := range g.selected(asked.TrackID, asked.ShipmentReference) {
		if !one.cancelled && one.booked.Truncate(24*time.Hour).Equal(made) {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return *invalid("TrackID", asked.TrackID+asked.ShipmentReference, "Parcel not found")
	}
	return g.created(found, asked.PrintingOptions)
}
