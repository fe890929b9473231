// Package ups reads what UPS says of parcels.
package ups

import (
	"cmp"
	_ "embed"
	"encoding/json"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackedDocument is an answer of GET /track/v1/details, an error, or a push of Track Alert, which is flat.
type trackedDocument struct {
	Response *struct {
		Shipments scans.List[trackedShipment] `json:"shipment"`
	} `json:"trackResponse"`

	Error struct {
		Errors scans.List[trackedWarning] `json:"errors"`
	} `json:"response"`

	alert
}

type trackedShipment struct {
	Inquiry  scans.Word                 `json:"inquiryNumber"`
	Packages scans.List[trackedPackage] `json:"package"` // an object where there is one only, at times
	Warnings scans.List[trackedWarning] `json:"warnings"`
}

type trackedWarning struct {
	Code    scans.Word `json:"code"`
	Message scans.Word `json:"message"`
}

// unknownNumbers are the codes with which UPS says that it has nothing of a parcel (Tracking API, table of errors).
var unknownNumbers = map[scans.Word]bool{
	"TW0001": true, // no tracking information is found; also with HTTP 200
	"TV1002": true, // it is no number of UPS
	"151044": true, // no tracking information is available
}

// Track reads what UPS says of parcels: answers of the Tracking API and pushes of Track Alert v2. asked is the parcel that was
// asked for: an answer that does not know it does not name it.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("ups", asked)
	if scans.KindOf(said) != scans.JSON {
		sheet.Fault("not_tracking", "$", "it is no JSON")
		return sheet.Tracked()
	}
	sheet.EachJSON(said, func(path string, document json.RawMessage) {
		var d trackedDocument
		if sheet.Take(path, document, &d) {
			trackDocument(sheet, path, &d)
		}
	})
	return sheet.Tracked()
}

func trackDocument(sheet *scans.Sheet, path string, d *trackedDocument) {
	switch {
	case d.Response != nil:
		for i := range d.Response.Shipments {
			trackShipment(sheet, scans.At(path+".trackResponse.shipment", i), &d.Response.Shipments[i])
		}
	case len(d.Error.Errors) > 0:
		refuse(sheet, path+".response.errors[0]", "", d.Error.Errors[0])
	case d.Number != "" || d.Status.Type != "":
		trackAlert(sheet, path, &d.alert)
	default:
		sheet.Fault("not_tracking", path, "there is no shipment in it")
	}
}

func refuse(sheet *scans.Sheet, path string, number scans.Word, w trackedWarning) {
	if unknownNumbers[w.Code] {
		sheet.Absent(string(number), string(w.Code), string(w.Message))
		return
	}
	sheet.Refused(path, string(w.Code), string(w.Message))
}

func trackShipment(sheet *scans.Sheet, path string, s *trackedShipment) {
	if len(s.Packages) == 0 && len(s.Warnings) > 0 {
		refuse(sheet, path+".warnings[0]", s.Inquiry, s.Warnings[0])
		return
	}
	for i := range s.Packages {
		p := &s.Packages[i]
		at := scans.At(path+".package", i)
		sheet.Arrives(string(cmp.Or(p.Number, s.Inquiry)), p.arrives(sheet, at))
		for k := range p.Activities {
			addActivity(sheet, scans.At(at+".activity", k), s, p, &p.Activities[k])
		}
	}
}

func addActivity(sheet *scans.Sheet, path string, s *trackedShipment, p *trackedPackage, a *activity) {
	scan := schemas.Scan{
		Number: string(cmp.Or(p.Number, s.Inquiry)), ShipmentRef: string(s.Inquiry), Description: string(a.Status.Description),
		Location: a.Location.Address.place(),
	}
	if len(p.Others) > 0 {
		scan.Linked = string(p.Others[0].Number)
	}
	if !timed(sheet, path, &scan, a.moment) {
		return // said already
	}
	mean(&scan, a.Status.Code3, a.Status.Type, a.Status.Code, p.Delivery.ReceivedBy != "")
	if scan.Status == schemas.ParcelDelivered {
		scan.Receiver = scans.Named(string(p.Delivery.ReceivedBy))
	}
	sheet.Add(path+".date", scan)
}
