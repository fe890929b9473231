// Package dhlexpress reads what DHL Express says of parcels.
package dhlexpress

import (
	_ "embed"
	"encoding/json"
	"time"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackClock is of DHL Express: the wall clock of the service area. Where no offset is told beside it, it is read as UTC: which one it is,
// the answer does not say.
var trackClock = scans.Clock{Zone: time.UTC, Layouts: append([]string{"2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05"}, scans.ISO...)}

// Track reads what DHL Express says of parcels: answers of MyDHL API (JSON) and of XML-PI. asked is the parcel that was asked for,
// where one was.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("dhl-express", asked)
	switch scans.KindOf(said) {
	case scans.JSON:
		sheet.EachJSON(said, func(path string, document json.RawMessage) {
			var a trackedAnswer
			if sheet.Take(path, document, &a) {
				trackAnswer(sheet, path, &a)
			}
		})
	case scans.XML:
		if root := sheet.TakeXML(said); root != nil {
			trackWaybills(sheet, root)
		}
	default:
		sheet.Fault("not_tracking", "$", "it is neither JSON nor XML")
	}
	return sheet.Tracked()
}

// event is one checkpoint, however it was written.
type event struct {
	number, shipment   string
	date, time, offset string
	code, text, place  string
	signed             string
}

func (e *event) add(sheet *scans.Sheet, path string) {
	text := e.date
	if e.time != "" {
		text += "T" + e.time + e.offset
	}
	at, assumed := trackClock.Read(sheet, path, text)
	if at == 0 && text != "" {
		return // said already
	}
	scan := schemas.Scan{Number: e.number, ShipmentRef: e.shipment, At: at, Zone: assumed, Code: e.code, Description: e.text, Location: e.place}
	trackVocabulary.Mean(&scan, "typeCode")
	if scan.Status == schemas.ParcelDelivered {
		var name string
		if scan.Description, name = scans.SignedFor(scan.Description); name != "" {
			e.signed = name
		}
		scan.Receiver = scans.Named(e.signed)
	}
	sheet.Add(path, scan)
}
