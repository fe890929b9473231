// Package packeta reads what Packeta (Zásilkovna) says of parcels.
package packeta

import (
	"cmp"
	_ "embed"
	"fmt"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackClock is of Packeta: the wall clock of Czechia.
var trackClock = scans.Clock{Zone: scans.Zone("Europe/Prague"), Layouts: scans.ISO}

// Track reads what Packeta says of a parcel: answers of packetStatus and packetTracking, with or without a SOAP envelope. They do
// not name the parcel: asked does.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("packeta", asked)
	if scans.KindOf(said) != scans.XML {
		sheet.Fault("not_tracking", "$", "it is no XML")
	} else if root := sheet.TakeXML(said); root != nil {
		trackAnswer(sheet, root)
	}
	return sheet.Tracked()
}

func trackAnswer(sheet *scans.Sheet, root *scans.Node) {
	fault := cmp.Or(root.Of("fault"), root.First("faultcode").Words())
	text := cmp.Or(root.Of("string"), root.First("faultstring").Words())
	switch result := trackedResult(root); {
	case fault == "PacketIdFault":
		sheet.Absent("", fault, text)
	case fault != "":
		sheet.Refused("/response/fault", fault, text)
	case result == nil:
		sheet.Fault("not_tracking", "/"+root.Name, "there is no status in it")
	case len(result.All("record")) > 0:
		for i, record := range result.All("record") {
			addRecord(sheet, fmt.Sprintf("/result/record[%d]", i), record)
		}
	case result.Of("statusCode") != "":
		addRecord(sheet, "/result", result)
	default:
		sheet.Absent("", "", "there is no record of it")
	}
}

func trackedResult(root *scans.Node) *scans.Node {
	for _, name := range []string{"result", "packetStatusResult", "packetTrackingResult"} {
		if result := root.First(name); result.Name != "" {
			return result
		}
	}
	return nil
}

// addRecord takes a status down. codeText stays the same in every language; the number is for what it does not know. What is ready
// for pickup on its way back waits for the sender: it will not be delivered.
func addRecord(sheet *scans.Sheet, path string, r *scans.Node) {
	at, assumed := trackClock.Read(sheet, path+"/dateTime", r.Of("dateTime"))
	if at == 0 && r.Of("dateTime") != "" {
		return // said already
	}
	scan := schemas.Scan{
		At: at, Zone: assumed, Code: r.Of("codeText"), Description: r.Of("statusText"), Linked: r.Of("externalTrackingCode"),
		Returning: r.Of("isReturning") == "true" || r.Of("isReturning") == "1",
	}
	if branch := r.Of("branchId"); branch != "" && branch != "0" {
		scan.Location = "branch " + branch
	}
	if trackVocabulary.Mean(&scan, "codeText"); !scan.Known {
		text := scan.Code
		scan.Code = r.Of("statusCode")
		trackVocabulary.Mean(&scan, "statusCode")
		scan.Reason = text
	} else {
		scan.Code, scan.Reason = cmp.Or(r.Of("statusCode"), scan.Code), scan.Code
	}
	if scan.Returning && scan.Status == schemas.ParcelAtPickupPoint {
		scan.Status = schemas.ParcelReturned
	}
	sheet.Add(path+"/dateTime", scan)
}
