package gls

import lives "waybill/internal/sandbox/parcel"

// word is how GLS says that something happened: the status of the parcel (ParcelDTO.status), and an event. Codes and texts are those of its
// samples and of what integrators saw; of what has none there, they are made up in the same form.
type word struct{ status, code, text string }

var scans = map[lives.Kind]word{
	lives.Announced:    {"PREADVICE", "INTIAL.PREADVICE", "The parcel data was entered into the GLS IT system; the parcel was not yet handed over to GLS."},
	lives.PickedUp:     {"INTRANSIT", "INTIAL.NORMAL", "The parcel was handed over to GLS."},
	lives.InTransit:    {"INTRANSIT", "INBOUD.NORMAL", "The parcel has reached the parcel center."},
	lives.Out:          {"INDELIVERY", "OUTDEL.NORMAL", "The parcel is expected to be delivered during the day."},
	lives.Failed:       {"NOTDELIVERED", "NODELI.ABSENT", "The parcel could not be delivered as the consignee was absent."},
	lives.AtPoint:      {"DELIVEREDPS", "DELIVD.PARCELSHOP", "The parcel has been delivered at the ParcelShop (see ParcelShop information)."},
	lives.NotCollected: {"NOTDELIVERED", "NODELI.NOTCOLLECTED", "The parcel was not collected from the ParcelShop in time."},
	lives.TurnedBack:   {"INTRANSIT", "RETURN.NORMAL", "The parcel is being returned to the shipper."},
	lives.Damaged:      {"INWAREHOUSE", "INWARE.DAMAGED", "The parcel was damaged and is being repacked."},
	lives.Held:         {"INWAREHOUSE", "INWARE.NORMAL", "The parcel is stored in the parcel center."},
	lives.Missing:      {"NOTDELIVERED", "NODELI.LOST", "The parcel could not be found."},
	lives.Delivered:    {"DELIVERED", "DELIVD.NORMAL", "The parcel has been delivered."},
	lives.Neighbour:    {"DELIVERED", "DELIVD.NEIGHBOUR", "The parcel has been delivered to a neighbour."},
	lives.Collected:    {"DELIVERED", "DELIVD.DEL_BY_PSAPP", "The parcel was collected from the ParcelShop."},
	// GLS has no status for a return: the history is closed, and what was last said of the way stands.
	lives.Returned: {"FINAL", "RETURN.DELIVERED", "The parcel has been returned to the shipper."},
}

var left = word{"INTRANSIT", "OUTBOD.NORMAL", "The parcel has left the parcel center."}

func saysOf(s lives.Scan) word {
	if s.Left {
		return left
	}
	return scans[s.Kind]
}
