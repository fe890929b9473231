// Package dpd reads what DPD says of parcels.
package dpd

import (
	"cmp"
	_ "embed"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// Track reads what DPD says of parcels: SOAP answers of ParcelLifeCycleService 2.0 and, in Poland, of DPDInfoServices, and the calls
// of the Tracking Push Service, which are query strings. asked is the parcel that was asked for: ParcelLifeCycleService does not
// name it in its answer.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("dpd", asked)
	switch scans.KindOf(said) {
	case scans.XML:
		if root := sheet.TakeXML(said); root != nil {
			trackSOAP(sheet, root)
		}
	case scans.Other:
		trackPush(sheet, string(said))
	default:
		sheet.Fault("not_tracking", "$", "it is neither XML nor a query string")
	}
	return sheet.Tracked()
}

func trackSOAP(sheet *scans.Sheet, root *scans.Node) {
	fault := root.First("Fault") // DPD Polska sends some with HTTP 200
	result := root.First("trackingresult")
	events := root.All("eventsList")
	switch {
	case fault.Name != "":
		sheet.Refused("/Envelope/Body/Fault", cmp.Or(fault.First("errorCode").Words(), fault.Of("faultcode")),
			cmp.Or(fault.First("errorMessage").Words(), fault.Of("faultstring")))
	case result.Name != "":
		trackMilestones(sheet, result)
	case len(events) > 0:
		trackEvents(sheet, events)
	case root.First("getEventsForWaybillV1Response").Name != "":
		sheet.Absent("", "", "there are no events of it")
	default:
		sheet.Fault("not_tracking", "/"+root.Name, "it is no answer about parcels")
	}
}
