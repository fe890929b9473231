package fedex

import (
	"cmp"
	"time"

	"waybill/connectors/scans"
	"waybill/schemas"
)

type trackedEvent struct {
	At          scans.Word `json:"date"`
	Type        scans.Word `json:"eventType"`
	Description scans.Word `json:"eventDescription"`
	Exception   scans.Word `json:"exceptionCode"`
	Why         scans.Word `json:"exceptionDescription"`
	Location    struct {
		City     scans.Word `json:"city"`
		Province scans.Word `json:"stateOrProvinceCode"`
		Country  scans.Word `json:"countryCode"`
	} `json:"scanLocation"`
}

// trackEvents takes down the scans of a parcel, newest first, as FedEx tells them. One whose time has no offset, as there are among
// others that have one, gets that of the event told before it, which is the next in time: it was not far from there.
func trackEvents(sheet *scans.Sheet, path string, number scans.Word, p *trackedParcel) {
	clock := scans.Clock{Zone: time.UTC, Layouts: scans.ISO}
	for i := range p.Events {
		e := &p.Events[i]
		at := scans.At(path, i)
		if told, err := time.Parse(time.RFC3339, string(e.At)); err == nil {
			_, seconds := told.Zone()
			clock.Zone = time.FixedZone(told.Format("-07:00"), seconds)
		}
		moment, assumed := clock.Read(sheet, at+".date", string(e.At))
		if moment == 0 && e.At != "" {
			continue // said already
		}
		scan := schemas.Scan{
			Number: string(number), ShipmentRef: string(p.Info.UniqueID), At: moment, Zone: assumed, Code: string(e.Type), Reason: string(e.Exception),
			Description: string(e.Description), Location: scans.Place(string(e.Location.City), string(e.Location.Province), string(e.Location.Country)),
		}
		if why := scans.Text(string(e.Why)); why != "" && why != scan.Description {
			scan.Description = scans.Place(scan.Description, why)
		}
		trackVocabulary.Mean(&scan, "eventType")
		if scan.Status == schemas.ParcelDelivered {
			p.handedOut(&scan)
		}
		sheet.Add(at+".date", scan)
	}
}

// handedOut tells who has a parcel: the sender, if it was on its way back to them before, or the receiver.
func (p *trackedParcel) handedOut(scan *schemas.Scan) {
	clock := scans.Clock{Zone: time.UTC, Layouts: scans.ISO}
	for i := range p.Events {
		if p.Events[i].Type != returning {
			continue
		}
		began, _ := clock.Read(scans.NewSheet("", ""), "", string(p.Events[i].At))
		if began != 0 && began <= scan.At {
			scan.Status, scan.Returning = schemas.ParcelReturned, true
			return
		}
	}
	scan.Receiver = scans.Named(string(cmp.Or(p.Delivery.SignedBy, p.Delivery.ReceivedBy)))
}

// returning is the event type that a parcel goes back to the shipper.
const returning = "RS"
