// Package dhl reads what DHL (Parcel DE and Shipment Tracking - Unified) says of parcels.
package dhl

import (
	"encoding/json"

	"waybill/connectors/scans"
	"waybill/schemas"
)

// Track reads what DHL says of parcels: answers of the tracking of DHL Parcel DE (XML, request d-get-piece-detail), answers and
// pushes of Shipment Tracking - Unified (JSON). asked is the parcel that was asked for, where one was.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("dhl", asked)
	switch scans.KindOf(said) {
	case scans.XML:
		if root := sheet.TakeXML(said); root != nil {
			trackPieces(sheet, root)
		}
	case scans.JSON:
		sheet.EachJSON(said, func(path string, document json.RawMessage) { trackUnified(sheet, path, document) })
	default:
		sheet.Fault("not_tracking", "$", "it is neither XML nor JSON")
	}
	return sheet.Tracked()
}
