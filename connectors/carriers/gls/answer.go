package gls

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// created is a CreateParcelsResponse, or a ReprintParcelResponse.
type created struct {
	CreatedShipment struct {
		ParcelData []parcel
		PrintData  []document
	}
}

type parcel struct {
	TrackID      string
	ParcelNumber string
}

type document struct {
	Data        pieces
	LabelFormat string
}

// pieces are of one document. The specification says a list, the samples are one text.
type pieces []string

// UnmarshalJSON takes both.
func (p *pieces) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(p))
	}
	var one string
	err := json.Unmarshal(b, &one)
	*p = pieces{one}
	return err
}

// label is one with the format that its bytes say.
type label struct {
	bytes  []byte
	format string
}

// labels are all that came, in their order; nil if one of them is none.
func (a *created) labels() (all []label) {
	for _, d := range a.CreatedShipment.PrintData {
		for _, piece := range d.Data {
			drawn, err := base64.StdEncoding.DecodeString(piece)
			is := schemas.FormatOf(drawn)
			if err != nil || is == "" {
				return nil
			}
			all = append(all, label{drawn, is})
		}
	}
	return all
}

// booked is what was made of a booking. Parcels whose labels can not be read are there, and their labels are asked for again.
func (a *created) booked(b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	parcels := a.CreatedShipment.ParcelData
	if len(parcels) != len(b.Parcels) {
		return booked, unclear(fmt.Sprintf("it names %d parcels, not %d", len(parcels), len(b.Parcels)))
	}
	var ids []string
	for _, p := range parcels {
		if p.TrackID == "" || strings.Contains(p.TrackID, trackIDs) {
			return booked, unclear("a parcel in it has no TrackID")
		}
		ids = append(ids, p.TrackID)
		booked.Parcels = append(booked.Parcels, schemas.BookedParcel{Number: p.TrackID, Format: format})
	}
	booked.Ref = strings.Join(ids, trackIDs)
	a.put(&booked)
	return booked, nil
}

// put gives each parcel its label.
func (a *created) put(booked *schemas.Booked) {
	all := a.labels()
	switch {
	case len(all) == len(booked.Parcels):
		for i, l := range all {
			booked.Parcels[i].Label, booked.Parcels[i].Format = l.bytes, l.format
		}
	case len(all) == 1:
		booked.Parcels[0].Label, booked.Parcels[0].Format = all[0].bytes, all[0].format
		booked.Warnings = append(booked.Warnings, fmt.Sprintf("GLS put the labels of all %d parcels into one document: it is kept with the first", len(booked.Parcels)))
	default:
		booked.Pending = true
		booked.Warnings = append(booked.Warnings, "the labels did not come with the shipment")
	}
}

// unclear is a success of which nobody can say what was bought.
func unclear(why string) error {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "GLS answered success, but " + why, Perhaps: true}
}

// cancelled is a CancelParcelResponse.
type cancelled struct{ TrackID, Result string }

// failure tells that a parcel was not taken back. The results that there are stand in ShipIT's documentation of cancelParcelByID.
func (a cancelled) failure(id string) error {
	switch a.Result {
	case "CANCELLED", "CANCELLATION_PENDING":
		return nil
	case "SCANNED":
		return &remote.Failure{Class: remote.TooLate, Code: "SCANNED", Reason: "GLS has parcel " + id + " under way"}
	case "":
		return unclear("it does not say what became of parcel " + id)
	}
	return &remote.Failure{Class: remote.TooLate, Code: "not_cancelled", Reason: "GLS did not cancel parcel " + id + ": its day may be closed"}
}
