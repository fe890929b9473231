// Package inpost reads what InPost says of parcels.
package inpost

import (
	_ "embed"
	"encoding/json"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackClock is of InPost: with an offset, as a rule; a time without one is Poland's.
var trackClock = scans.Clock{Zone: scans.Zone("Europe/Warsaw"), Layouts: scans.ISO}

// trackedDocument is what InPost answers or pushes, in one of its shapes.
type trackedDocument struct {
	trackedShipment                             // ShipX: a shipment
	Items           scans.List[trackedShipment] `json:"items"` // ShipX: a list of them

	Details []trackedDetail `json:"tracking_details"` // ShipX: GET /v1/tracking/{number}

	Event   scans.Word `json:"event"` // ShipX: a webhook
	EventAt scans.Word `json:"event_ts"`
	Payload struct {
		ShipmentID scans.Word `json:"shipment_id"`
		Status     scans.Word `json:"status"`
		Number     scans.Word `json:"tracking_number"`
	} `json:"payload"`

	groupEvent // Group API: a webhook, topic Shipment.Tracking

	Error   scans.Word `json:"error"` // ShipX: an error; Status is its number
	Message scans.Word `json:"message"`
}

// Track reads what InPost says of parcels: shipments, lists and tracking of ShipX and its webhooks (Poland), tracking and webhooks
// of the Group API. asked is the parcel that was asked for, where one was.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("inpost", asked)
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
	case d.Event != "":
		trackWebhook(sheet, path, d)
	case d.EventCode != "":
		addGroup(sheet, path, &d.groupEvent)
	case d.Error != "" && d.Error == "resource_not_found":
		sheet.Absent("", string(d.Error), string(d.Message))
	case d.Error != "":
		sheet.Refused(path, string(d.Error), string(d.Message))
	case d.Items != nil:
		for i := range d.Items {
			trackShipment(sheet, scans.At(path+".items", i), &d.Items[i])
		}
	case d.Details != nil:
		trackDetails(sheet, path, d)
	case d.Status != "":
		trackShipment(sheet, path, &d.trackedShipment)
	case d.Parcels != nil:
		for i := range d.Parcels {
			trackGroupParcel(sheet, scans.At(path+".parcels", i), &d.Parcels[i])
		}
	default:
		sheet.Fault("not_tracking", path, "there is no shipment in it")
	}
}
