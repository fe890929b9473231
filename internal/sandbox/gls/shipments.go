package gls

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/party"
)

// parcel is one that was booked.
type parcel struct {
	trackID, number string
	references      []string
	units           []string // references of the parcel alone
	booked          time.Time
	cancelled       bool
}

func (g *GLS) create(c *party.Call) party.Reply {
	var n creating
	if wrong := read(c, &n); wrong != nil {
		return *wrong
	}
	if wrong := n.check(); wrong != nil {
		return *wrong
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case n.Shipment.Shipper.ContactID != g.options.ContactID:
		return *invalid("ShipmentRequestData.Shipment.Shipper.ContactID", n.Shipment.Shipper.ContactID, "Contact not found")
	case len(g.parcels) >= g.options.ShipmentsMax:
		return g.Refuse(http.StatusInsufficientStorage, "no more shipments are kept", 0)
	}
	made := make([]*parcel, len(n.Shipment.ShipmentUnit))
	for i := range made {
		made[i] = g.book(n.Shipment.ShipmentReference, n.Shipment.ShipmentUnit[i].ShipmentUnitReference, n.Shipment.toShop())
	}
	reference := strings.Join(n.Shipment.ShipmentReference[:min(1, len(n.Shipment.ShipmentReference))], "")
	c.Done(reference, made[0].trackID)
	return g.created(made, n.PrintingOptions)
}

// toShop tells whether it is sent to a shop, and not to a door.
func (s *shipment) toShop() bool {
	for _, one := range s.Service {
		if one.ShopDelivery != nil {
			return true
		}
	}
	return false
}

// book makes a parcel with numbers that no other has: a track id of eight characters, a parcel number of twelve digits.
func (g *GLS) book(references, units []string, point bool) *parcel {
	g.numbers++
	made := &parcel{
		trackID: fmt.Sprintf("ZW%06X", g.numbers), number: fmt.Sprintf("2028%08d", g.numbers), references: references, units: units, booked: g.options.Now().UTC(),
	}
	g.parcels[made.trackID], g.byNo[made.number] = made, made
	g.lives.Add(made.trackID, strings.Join(references[:min(1, len(references))], ""), point, g.options.Now())
	for _, reference := range slices.Compact(slices.Sorted(slices.Values(references))) {
		g.byRef[reference] = append(g.byRef[reference], made)
	}
	return made
}

// created is the specification's CreatedShipment, with a document for each parcel.
func (g *GLS) created(parcels []*parcel, p *printing) party.Reply {
	var data, print []any
	for _, one := range parcels {
		data = append(data, map[string]any{
			"TrackID": one.trackID, "ParcelNumber": one.number, "Barcodes": map[string]any{"Primary1D": one.number, "Primary1DPrint": true},
			"RoutingInfo": map[string]string{"Tour": "1829", "FinalLocationCode": "DE 777", "HubLocation": "esa", "LastRoutingDate": one.booked.Format(time.DateOnly), "InboundSortingFlag": "003"},
		})
		print = append(print, map[string]string{"Data": base64.StdEncoding.EncodeToString(one.label(p.ReturnLabels.LabelFormat)), "LabelFormat": p.ReturnLabels.LabelFormat})
	}
	return answered(map[string]any{"CreatedShipment": map[string]any{
		"ShipmentReference": parcels[0].references, "ParcelData": data, "PrintData": print, "CustomerID": g.options.ContactID, "PickupLocation": "DE 777",
	}})
}

func (p *parcel) label(format string) []byte {
	switch format {
	case "ZEBRA":
		return label.ZPL(p.trackID, "GLS")
	case "PNG":
		return label.PNG(p.trackID, "GLS")
	}
	return label.PDF(p.trackID, "GLS")
}

func (g *GLS) cancel(c *party.Call) party.Reply {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.parcels[c.PathValue("trackID")]
	switch {
	case one == nil:
		return *invalid("TrackID", c.PathValue("trackID"), "Parcel not found")
	case !one.cancelled && (one.booked.Format(time.DateOnly) <= g.closed || g.lives.Held(one.trackID)):
		return answered(map[string]string{"TrackID": one.trackID, "Result": "SCANNED"})
	case !one.cancelled:
		one.cancelled = true
		g.lives.Cancel(one.trackID)
		c.Done(one.trackID, "CANCELLED")
	}
	return answered(map[string]string{"TrackID": one.trackID, "Result": "CANCELLED"})
}

// EndDay reports the parcels of today, as /rs/shipments/endofday does: none of them can be cancelled any more.
func (g *GLS) EndDay() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = g.options.Now().UTC().Format(time.DateOnly)
}
