package processors

import "waybill/schemas"

// ShipmentStand is how a shipment stands, of which each parcel stands for itself.
type ShipmentStand struct {
	Status    string // of the parcel that is the furthest behind, or in trouble; "" if nothing is known of any
	Terminal  bool   // nothing is expected of any parcel
	Parcels   int
	Delivered int
	Returned  int
}

// StandOfShipment puts together how the parcels of a shipment stand, nil for one of which nothing is known. It is delivered when all
// are, and returned when all are: one of which a part came back, or is in trouble, is for a person to look at, even at its end.
func StandOfShipment(parcels []*schemas.Scan) ShipmentStand {
	s := ShipmentStand{Terminal: len(parcels) > 0, Parcels: len(parcels)}
	known, least := 0, ""
	counts := map[string]int{}
	for _, p := range parcels {
		status, terminal := schemas.ParcelCreated, false
		if p != nil {
			known++
			status, terminal = p.Status, p.Terminal
		}
		counts[status]++
		s.Terminal = s.Terminal && terminal
		if least == "" || stageOf(status) < stageOf(least) {
			least = status
		}
	}
	s.Delivered, s.Returned = counts[schemas.ParcelDelivered], counts[schemas.ParcelReturned]
	switch {
	case known == 0:
	case counts[schemas.ParcelException] > 0, s.Returned > 0 && s.Returned < s.Parcels:
		s.Status = schemas.ParcelException
	case counts[schemas.ParcelFailedAttempt] > 0:
		s.Status = schemas.ParcelFailedAttempt
	default:
		s.Status = least
	}
	return s
}
