package ups

import "waybill/internal/sandbox/parcel"

// word is how UPS says that something happened: type of activity, code of the scan, and the three digits of statusCode and descriptionCode with
// their text (Appendix, activity types and status codes). Scan codes are those of the samples, and made up where there is none.
type word struct{ kind, code, status, text string }

var scans = map[parcel.Kind]word{
	parcel.Announced:    {"M", "MP", "003", "Shipper created a label, UPS has not received the package yet. "},
	parcel.PickedUp:     {"I", "OR", "038", "Picked Up by UPS"},
	parcel.InTransit:    {"I", "AR", "010", "On the Way"},
	parcel.Out:          {"I", "OT", "021", "Out for Delivery"},
	parcel.Failed:       {"X", "48", "022", "First Attempt Made"},
	parcel.AtPoint:      {"I", "2Q", "040", "Ready for Customer Pickup"},
	parcel.NotCollected: {"X", "RP", "069", "Unable to Deliver"},
	parcel.TurnedBack:   {"X", "RS", "035", "Returning to Sender"},
	parcel.Damaged:      {"X", "DG", "059", "Damage Reported"},
	parcel.Held:         {"X", "HD", "083", "Held"},
	parcel.Missing:      {"X", "LF", "068", "Sent to Lost and Found"},
	parcel.Delivered:    {"D", "FS", "011", "DELIVERED "},
	parcel.Neighbour:    {"D", "F4", "011", "DELIVERED TO NEIGHBOR "},
	parcel.Collected:    {"D", "2W", "011", "DELIVERED "},
	parcel.Returned:     {"D", "RT", "034", "Returned to Sender"},
}

var (
	left         = word{"I", "DP", "005", "On the Way"}
	onTheWayBack = word{"I", "AR", "036", "Returning to Sender: In Transit"}
	again        = word{"X", "49", "023", "Second Delivery Attempted"}
	voided       = word{"MV", "VP", "007", "Shipment Information Voided"}
)

// saysOf is what is said of the last scan of a parcel.
func saysOf(scanned []parcel.Scan) word {
	switch s := scanned[len(scanned)-1]; {
	case s.Left:
		return left
	case s.Kind == parcel.InTransit && s.Back:
		return onTheWayBack
	case s.Kind == parcel.Failed && (parcel.Parcel{Scans: scanned[:len(scanned)-1]}).Has(parcel.Failed):
		return again
	default:
		return scans[s.Kind]
	}
}
