package dpd

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/party"
)

func (d *DPD) create(c *party.Call) party.Reply {
	format := c.URL.Query().Get("LabelPrintFormat")
	draw, drawn := drawings[format]
	if !drawn {
		return *invalid("LabelPrintFormat")
	}
	var asked []shipment
	if json.Unmarshal(c.Body, &asked) != nil || len(asked) != 1 {
		return *refused(http.StatusBadRequest, "BAD_REQUEST", "The body is not an array of one shipment", meta)
	}
	wanted := asked[0]
	if wrong := wanted.check(); wrong != nil {
		return *wrong
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.numbers >= d.options.ShipmentsMax {
		return d.Refuse(http.StatusInsufficientStorage, "no more shipments are kept", 0)
	}
	var parcels []string
	reference := strings.Join(wanted.References[:min(1, len(wanted.References))], "")
	for range wanted.Parcel {
		d.numbers++
		parcels = append(parcels, fmt.Sprintf(numbered, d.numbers))
		d.parcels.Add(parcels[len(parcels)-1], reference, wanted.Receiver.PudoID != "", d.options.Now())
	}
	c.Done(reference, parcels[0])
	return party.JSON(http.StatusOK, map[string]any{
		"shipmentId": parcels[0], "parcelIds": parcels, "networkShipmentId": parcels[0], "networkParcelIds": parcels,
		"label": map[string]string{"base64Data": base64.StdEncoding.EncodeToString(draw(parcels)), "media-type": "application/octet-stream"},
	})
}

// numbered is how a parcel is called.
const numbered = "05308%09d"

// label answers labels again (label.LabelRequest): nothing is billed.
func (d *DPD) label(c *party.Call) party.Reply {
	draw, drawn := drawings[c.URL.Query().Get("LabelPrintFormat")]
	var asked struct {
		Shipment struct {
			Parcels []string `json:"parcelNumbers"`
		} `json:"shipment"`
	}
	if !drawn || json.Unmarshal(c.Body, &asked) != nil || len(asked.Shipment.Parcels) == 0 {
		return *invalid("shipment.parcelNumbers")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, parcel := range asked.Shipment.Parcels {
		var number int
		if _, err := fmt.Sscanf(parcel, numbered, &number); err != nil || number < 1 || number > d.numbers {
			return *refused(http.StatusBadRequest, "NOT_FOUND", "There is no such parcel", unit)
		}
	}
	return party.JSON(http.StatusOK, map[string]any{
		"label": map[string]string{"base64Data": base64.StdEncoding.EncodeToString(draw(asked.Shipment.Parcels)), "mediaType": "application/octet-stream"},
	})
}

// drawings are the labels that are made of the numbers of a shipment, in one document.
var drawings = map[string]func(numbers []string) []byte{
	"PDF": func(numbers []string) []byte { return label.PDF(append([]string{"DPD"}, numbers...)...) },
	"ZPL": func(numbers []string) []byte { return each(numbers, label.ZPL) },
	"EPL": func(numbers []string) []byte { return each(numbers, label.EPL) },
	"PNG": func(numbers []string) []byte { return label.PNG(append([]string{"DPD"}, numbers...)...) },
}

func each(numbers []string, draw func(lines ...string) []byte) (all []byte) {
	for _, number := range numbers {
		all = append(all, draw(number, "DPD")...)
	}
	return all
}
