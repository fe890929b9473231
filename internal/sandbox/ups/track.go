package ups

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

// inquiry is what can be asked for at all (Tracking.yaml, inquiryNumber).
var inquiry = regexp.MustCompile(`^[0-9A-Za-z]{7,34}$`)

const (
	day  = "20060102"
	hour = "150405"
)

// track answers all packages of the shipment that one is of. That it knows none is a success with a warning.
func (u *UPS) track(c *party.Call) party.Reply {
	number := c.PathValue("number")
	if !inquiry.MatchString(number) {
		return *bad("TV1002", "Invalid inquiry number")
	}
	u.mu.Lock()
	found := u.packages[number]
	u.mu.Unlock()
	if found == nil {
		return tracked(map[string]any{"warnings": []any{map[string]string{"code": "TW0001", "message": "Tracking Information Not Found"}}})
	}
	var packages []any
	for _, one := range found.packages {
		packages = append(packages, u.pack(one, len(found.packages), c.URL.Query()))
	}
	return tracked(map[string]any{"inquiryNumber": number, "package": packages})
}

func tracked(shipment map[string]any) party.Reply {
	return party.JSON(http.StatusOK, map[string]any{"trackResponse": map[string]any{"shipment": []any{shipment}}})
}

// pack is a package with its activity, the newest first.
func (u *UPS) pack(number string, of int, asked url.Values) map[string]any {
	p, _ := u.parcels.Find(number)
	var activity []any
	for i := range p.Scans {
		activity = append([]any{activityOf(p.Scans[i], saysOf(p.Scans[:i+1]))}, activity...)
	}
	shown := map[string]any{"trackingNumber": number, "packageCount": of}
	if last := p.Last(); p.Cancelled {
		last.At = last.At.Add(time.Minute)
		activity = append([]any{activityOf(last, voided)}, activity...)
	} else if says := saysOf(p.Scans); says.kind == "D" {
		shown["deliveryDate"] = []any{map[string]string{"type": "DEL", "date": last.At.In(parcel.Berlin).Format(day)}}
		shown["deliveryTime"] = map[string]string{"type": "DEL", "endTime": last.At.In(parcel.Berlin).Format(hour)}
		shown["deliveryInformation"] = proofOf(number, last, asked)
	}
	shown["activity"] = activity
	return shown
}

// proofOf is what proves a delivery: only what was asked for (Tracking.yaml, returnSignature, returnPOD, DeliveryInformation).
func proofOf(number string, last parcel.Scan, asked url.Values) map[string]any {
	proof := map[string]any{"location": "Front Door"}
	if asked.Get("returnSignature") == "true" {
		proof["signature"] = map[string]string{"image": base64.StdEncoding.EncodeToString(label.GIF(number, "signed"))}
	}
	if asked.Get("returnPOD") == "true" {
		page := fmt.Sprintf("<!DOCTYPE html><html><body><h1>Proof of Delivery</h1><p>%s, %s</p></body></html>", number, last.At.In(parcel.Berlin).Format(time.DateTime))
		proof["pod"] = map[string]string{"content": base64.StdEncoding.EncodeToString([]byte(page))}
	}
	return proof
}

func activityOf(s parcel.Scan, says word) map[string]any {
	address := map[string]string{"countryCode": s.Place.Country, "country": s.Place.Country}
	if s.Kind != parcel.Announced {
		address["city"] = s.Place.City
	}
	local := s.At.In(parcel.Berlin)
	return map[string]any{
		"location": map[string]any{"address": address},
		"status":   map[string]string{"type": says.kind, "description": says.text, "code": says.code, "statusCode": says.status},
		"date":     local.Format(day), "time": local.Format(hour),
	}
}
