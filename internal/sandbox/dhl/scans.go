package dhl

import "waybill/internal/sandbox/parcel"

// word is how DHL says that something happened: event and reason (ICE and RIC) with the standard event code that its list of 2024-07 gives to
// the pair, and what Unified makes of it. The texts are those of its samples where there is one.
type word struct {
	ice, ric, code string
	unified        string // pre-transit, transit, delivered or failure
	short, text    string
}

var scans = map[parcel.Kind]word{
	parcel.Announced: {"PARCV", "NRQRD", "VA", "pre-transit", "Electronic pre-advice", "The instruction data for this shipment have been provided by the sender to DHL electronically"},
	parcel.PickedUp:  {"PCKDU", "PUBCR", "AE", "transit", "Pick-up successful", "The shipment has been picked up"},
	parcel.InTransit: {"ULFMV", "UNLDD", "EE", "transit", "Destination parcel center", "The shipment has been processed in the destination parcel center"},
	parcel.Out:       {"SRTED", "NRQRD", "PO", "transit", "In delivery", "The shipment has been loaded onto the delivery vehicle"},
	parcel.Failed:    {"NTDEL", "CNCNR", "ZN", "failure", "Delivery not successful", "The recipient could not be reached"},
	parcel.AtPoint:   {"HLDCC", "HDFCT", "ZF", "transit", "Ready for collection", "The shipment is ready for collection"},
	parcel.NotCollected: {
		"NTDEL", "NTCCN", "ZN", "failure", "Not collected", "The recipient has not collected the shipment",
	},
	parcel.TurnedBack: {"RETRN", "CNCNR", "ZN", "transit", "Return to sender", "The shipment is being returned to the sender"},
	parcel.Damaged:    {"DMGDS", "DMGPC", "BV", "failure", "Damaged", "The shipment was damaged and is being repacked"},
	parcel.Held:       {"EXPHD", "STPRB", "BV", "transit", "Delayed", "The shipment is delayed"},
	parcel.Missing:    {"EXPHD", "LOSTX", "BV", "failure", "Lost", "The shipment could not be found"},
	parcel.Delivered:  {"DLVRD", "ACCPT", "ZU", "delivered", "Delivery successful", "The shipment has been successfully delivered"},
	parcel.Neighbour:  {"DLVRD", "NGHBR", "ZU", "delivered", "Delivery successful", "The shipment has been delivered to a neighbour"},
	parcel.Collected:  {"DLVRD", "ACCPK", "ZU", "delivered", "Collected", "The recipient has collected the shipment"},
	// Codes alone do not tell a return from a delivery: ruecksendung does, which Unified has not.
	parcel.Returned: {"DLVRD", "ACCPT", "ZU", "failure", "Delivery successful", "The shipment has been delivered to the sender"},
}

var (
	left         = word{"LDTMV", "MVMTV", "AA", "transit", "Parcel center of origin", "The shipment has been processed in the parcel center of origin"}
	onTheWayBack = word{"SRTED", "NRQRD", "NB", "transit", "On the way back", "The shipment is on its way to the sender"}
)

func saysOf(s parcel.Scan) word {
	switch {
	case s.Left:
		return left
	case s.Back && s.Kind == parcel.InTransit:
		return onTheWayBack
	}
	return scans[s.Kind]
}
