package dhl

import (
	"net/http"
	"time"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

const (
	unifiedPath = "/track/shipments"
	// unifiedADay is what an application may ask for a day, and one a second (developer.dhl.com, Shipment Tracking, Rate limits).
	unifiedADay = 250
	// unifiedAfter is when a new shipment appears: ten minutes to half an hour.
	unifiedAfter = 10 * time.Minute
	division     = "parcel-de"
)

// problem is the form of what goes wrong there.
func problem(status int, message string, after time.Duration) party.Reply {
	title := http.StatusText(status)
	if status == http.StatusTooManyRequests {
		message = "Too many requests within defined time period, please try again later."
	}
	r := party.JSON(status, map[string]any{"title": title, "status": status, "detail": message})
	r.After = after
	return r
}

// admitUnified asks for the key, then whether it may ask again: today, and this second.
func (d *DHL) admitUnified(c *party.Call) *party.Reply {
	var r party.Reply
	if !same(c.Header.Get("DHL-API-Key"), d.options.Key) {
		r = problem(http.StatusUnauthorized, "Unauthorized for given resource.", 0)
		return &r
	}
	if !d.pace.AllowN(d.options.Now(), 1) {
		r = problem(http.StatusTooManyRequests, "", time.Second)
		return &r
	}
	if ok, again := d.quota.Take(); !ok {
		r = problem(http.StatusTooManyRequests, "", again)
		return &r
	}
	return nil
}

// unified answers one parcel, or that there is none.
func (d *DHL) unified(c *party.Call) party.Reply {
	query := c.URL.Query()
	number, service := query.Get("trackingNumber"), query.Get("service")
	if number == "" {
		return problem(http.StatusBadRequest, "Input is invalid: the parameter trackingNumber is missing", 0)
	}
	p, found := d.parcels.Find(number)
	if !found || p.Cancelled || service != "" && service != division || d.options.Calendar.Now().Sub(p.Booked) < unifiedAfter {
		return party.JSON(http.StatusNotFound, map[string]any{
			"title": "No result found", "detail": "No shipment with given tracking number found.", "status": http.StatusNotFound, "instance": "/shipment/" + number,
		})
	}
	return party.JSON(http.StatusOK, map[string]any{"shipments": []any{unifiedOf(p)}})
}

// unifiedOf is a shipment with its events, the newest first; times have no zone. The status is the text, as it was seen for this division: what
// it means stands in the statusCode alone.
func unifiedOf(p parcel.Parcel) map[string]any {
	germany := map[string]any{"address": map[string]string{"countryCode": "DE"}}
	var events []any
	for _, s := range p.Scans {
		events = append([]any{unifiedEvent(s)}, events...)
	}
	return map[string]any{
		"id": p.Number, "service": division, "origin": germany, "destination": germany, "status": events[0], "events": events,
		"details": map[string]any{"product": map[string]string{"productName": "DHL PAKET"}, "totalNumberOfPieces": 1, "pieceIds": []string{p.Number}},
	}
}

func unifiedEvent(s parcel.Scan) map[string]any {
	says := saysOf(s)
	e := map[string]any{"timestamp": s.At.In(parcel.Berlin).Format("2006-01-02T15:04:05"), "statusCode": says.unified, "status": says.text, "description": says.text}
	if s.Kind != parcel.Announced && s.Kind != parcel.Out {
		e["location"] = map[string]any{"address": map[string]string{"addressLocality": s.Place.City + ", Germany"}}
	}
	return e
}
