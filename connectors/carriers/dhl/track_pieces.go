package dhl

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

// trackClock is of DHL Parcel DE: dd.MM.yyyy HH:mm, the time of day in Germany.
var trackClock = scans.Clock{
	Zone:    scans.Zone("Europe/Berlin"),
	Layouts: append([]string{"02.01.2006 15:04", "02.01.2006 15:04:05", "02.01.2006, 15:04"}, scans.ISO...),
}

// standardEvent is the attribute that the vocabulary is about, as the parcel and each of its events have it.
const standardEvent = "standard-event-code"

// trackPieces reads <data name="piece-shipment-list">: a piece-shipment for each parcel, with its events (DHL Parcel DE,
// Shipment Tracking v0). Code 0 is an answer, 100 that there is no such parcel.
func trackPieces(sheet *scans.Sheet, root *scans.Node) {
	pieces := namedData(root, "piece-shipment")
	if len(pieces) == 0 {
		pieces = namedData(root, "piece-status-public") // the request that needs no account
	}
	code := cmp.Or(root.Attr["code"], root.Attr["error-status"])
	switch {
	case len(pieces) > 0:
	case code == "100":
		sheet.Absent(numberOf(root), code, root.Attr["error"])
		return
	case code != "" && code != "0":
		sheet.Refused("/data/@code", code, root.Attr["error"])
		return
	case root.Name != "data":
		sheet.Fault("not_tracking", "/"+root.Name, "it is no answer of the parcel tracking")
		return
	}
	for i, piece := range pieces {
		trackPiece(sheet, fmt.Sprintf("/data/data[%d]", i+1), piece)
	}
}

// namedData are the <data> of that name, at any depth.
func namedData(in *scans.Node, name string) (found []*scans.Node) {
	if in.Attr["name"] == name {
		return []*scans.Node{in}
	}
	for _, kid := range in.Kids {
		found = append(found, namedData(kid, name)...)
	}
	return found
}

func numberOf(piece *scans.Node) string {
	return cmp.Or(piece.Attr["piece-code"], piece.Attr["searched-piece-code"], piece.Attr["piece-identifier"])
}

func trackPiece(sheet *scans.Sheet, path string, piece *scans.Node) {
	events := namedData(piece, "piece-event")
	if failed := piece.Attr["error-status"]; failed != "" && failed != "0" && len(events) == 0 {
		sheet.Absent(numberOf(piece), failed, cmp.Or(piece.Attr["error"], piece.Attr["piece-status-desc"], piece.Attr["status"]))
		return
	}
	for i, event := range events {
		at := fmt.Sprintf("%s/data/data[%d]/@", path, i+1)
		addPiece(sheet, at, piece, event, "event-timestamp", cmp.Or(event.Attr["event-status"], event.Attr["event-text"]))
	}
	if piece.Attr["status-timestamp"] != "" { // the last event once more, or the only one that is told
		addPiece(sheet, path+"/@", piece, piece, "status-timestamp", piece.Attr["status"])
	}
}

func addPiece(sheet *scans.Sheet, path string, piece, event *scans.Node, timestamp, description string) {
	at, assumed := trackClock.Read(sheet, path+timestamp, event.Attr[timestamp])
	if at == 0 && event.Attr[timestamp] != "" {
		return // said already
	}
	scan := schemas.Scan{
		Number: numberOf(piece), At: at, Zone: assumed, Code: event.Attr[standardEvent], Description: description,
		ShipmentRef: cmp.Or(piece.Attr["shipment-code"], piece.Attr["shipment-customer-reference"], piece.Attr["piece-customer-reference"]),
		Location:    scans.Place(event.Attr["event-location"], event.Attr["event-country"]),
		Returning:   cmp.Or(event.Attr["ruecksendung"], piece.Attr["ruecksendung"]) == "true",
	}
	ice, ric := event.Attr["ice"], event.Attr["ric"]
	if ice != "" || ric != "" {
		scan.Reason = ice + "/" + ric
	}
	trackVocabulary.Mean(&scan, standardEvent)
	if scan.Status == schemas.ParcelDelivered {
		handedOut(&scan, ice, piece.Attr["recipient-name"])
	}
	sheet.Add(path+timestamp, scan)
}

// handedOut tells what ZU, which says that a parcel was handed out, is about: the receiver has it, or the sender has it back, or
// nobody has, since it was disposed of (8 of the 338 combinations of the list are ICE DSPSD with ZU).
func handedOut(scan *schemas.Scan, ice, receiver string) {
	switch {
	case ice == "DSPSD":
		scan.Status, scan.Terminal = schemas.ParcelException, false
	case scan.Returning:
		scan.Status = schemas.ParcelReturned
	default:
		scan.Receiver = scans.Named(receiver)
	}
}
