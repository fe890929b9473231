package inpost

import (
	"cmp"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// trackedShipment is a shipment of ShipX. It says how it stands, not how it came there: updated_at is when it began to stand so, at
// the latest.
type trackedShipment struct {
	ID        scans.Word                `json:"id"`
	Status    scans.Word                `json:"status"`
	Number    scans.Word                `json:"tracking_number"` // null until it is confirmed
	Parcels   scans.List[trackedParcel] `json:"parcels"`
	CreatedAt scans.Word                `json:"created_at"`
	UpdatedAt scans.Word                `json:"updated_at"`
}

// trackedParcel is one of a shipment, or in an answer of the Group API one that was asked for.
type trackedParcel struct {
	Number      scans.Word             `json:"tracking_number"`
	GroupNumber scans.Word             `json:"trackingNumber"`
	Status      scans.Word             `json:"status"`
	Events      scans.List[groupEvent] `json:"events"`
	Errors      scans.List[struct {
		Code  scans.Word `json:"code"`
		Title scans.Word `json:"title"`
	}] `json:"errors"`
}

type trackedDetail struct {
	Status scans.Word `json:"status"`
	Origin scans.Word `json:"origin_status"`
	Agency scans.Word `json:"agency"`
	At     scans.Word `json:"datetime"`
}

// trackWebhook reads a webhook of ShipX. It is unsigned, and its number may be null; shipment_confirmed says its status by its name.
func trackWebhook(sheet *scans.Sheet, path string, d *trackedDocument) {
	at, assumed := trackClock.Read(sheet, path+".event_ts", string(d.EventAt))
	if at == 0 && d.EventAt != "" {
		return // said already
	}
	scan := schemas.Scan{
		Number: string(d.Payload.Number), ShipmentRef: string(d.Payload.ShipmentID), At: at, Zone: assumed, Code: string(d.Payload.Status),
	}
	switch {
	case scan.Code != "":
	case d.Event == "shipment_confirmed":
		scan.Code = "confirmed"
	default:
		scan.Code = string(d.Event)
	}
	trackVocabulary.Mean(&scan, "status")
	sheet.Add(path+".event_ts", scan)
}

func trackShipment(sheet *scans.Sheet, path string, s *trackedShipment) {
	at, assumed := trackClock.Read(sheet, path+".updated_at", string(cmp.Or(s.UpdatedAt, s.CreatedAt)))
	if at == 0 && cmp.Or(s.UpdatedAt, s.CreatedAt) != "" {
		return // said already
	}
	scan := schemas.Scan{Number: string(s.Number), ShipmentRef: string(s.ID), At: at, Zone: assumed, Code: string(s.Status)}
	trackVocabulary.Mean(&scan, "status")
	parcels := 0
	for _, p := range s.Parcels { // of several, each has a number of its own
		if p.Number != "" {
			parcels++
			scan.Number = string(p.Number)
			sheet.Add(path+".updated_at", scan)
		}
	}
	if parcels == 0 {
		sheet.Add(path+".updated_at", scan)
	}
}

func trackDetails(sheet *scans.Sheet, path string, d *trackedDocument) {
	for i, detail := range d.Details {
		at := scans.At(path+".tracking_details", i) + ".datetime"
		moment, assumed := trackClock.Read(sheet, at, string(detail.At))
		if moment == 0 && detail.At != "" {
			continue // said already
		}
		scan := schemas.Scan{
			Number: string(d.Number), ShipmentRef: string(d.ID), At: moment, Zone: assumed, Code: string(detail.Status), Reason: string(detail.Origin),
			Location: string(detail.Agency),
		}
		trackVocabulary.Mean(&scan, "status")
		sheet.Add(at, scan)
	}
}
