package dpd

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// order is the specification's Shipment.
type order struct {
	References []string `json:"customerReferenceNumbers"`
	Parcels    string   `json:"numberOfParcels"`
	Infos      infos    `json:"shipmentInfos"`
	Sender     person   `json:"sender"`
	Receiver   person   `json:"receiver"`
	Parcel     []parcel `json:"parcel"`
}

type infos struct {
	Product string `json:"productCode"`
}

type person struct {
	Customer *customer `json:"customerInfos,omitempty"`
	PudoID   string    `json:"pudoId,omitempty"`
	Address  place     `json:"address"`
	Contact  *contact  `json:"contact,omitempty"`
}

type customer struct {
	Account string `json:"customerAccountNumber"`
}

type place struct {
	Name1   string `json:"name1"`
	Name2   string `json:"name2,omitempty"`
	Street  string `json:"street"`
	House   string `json:"houseNumber,omitempty"`
	Country string `json:"country"` // ISO 3166-1 alpha-2
	State   string `json:"state,omitempty"`
	Code    string `json:"zipCode"`
	City    string `json:"city"`
}

type contact struct {
	Person string `json:"contactPerson,omitempty"`
	Phone  string `json:"phone1,omitempty"`
	Email  string `json:"email,omitempty"`
}

type parcel struct {
	Infos      measured `json:"parcelInfos"`
	References []string `json:"senderParcelRefs"`
}

type measured struct {
	Dimensions *sides `json:"dimensions,omitempty"`
	Weight     string `json:"weight"` // grams
}

type sides struct { // centimetres
	Length int64 `json:"length"`
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
}

// labelRequest is the specification's LabelRequest.
type labelRequest struct {
	Shipment labelled  `json:"shipment"`
	Customer *customer `json:"customerInfos,omitempty"`
}

type labelled struct {
	ShipmentID string   `json:"shipmentId,omitempty"`
	Parcels    []string `json:"parcelNumbers"`
}

// Products (Specification 1.2, product mapping).
const (
	classic = "101"
	toPoint = "337"
)

// order says a booking in DPD's words.
func (d *DPD) order(b *schemas.Booking) (*order, error) {
	switch {
	case len(b.Parcels) != 1:
		return nil, refusal("parcels", fmt.Sprintf("DPD books one parcel a call, and the booking has %d", len(b.Parcels)))
	case !slices.Contains(Formats, d.format(b)):
		return nil, refusal("format", "DPD makes labels as "+strings.Join(Formats, ", ")+", not as "+d.format(b))
	}
	product := cmp.Or(b.Service, d.setting(b, "product"), classic)
	if b.Point != "" {
		product = cmp.Or(b.Service, toPoint)
	}
	o := &order{
		References: []string{b.Reference}, Parcels: "1", Infos: infos{product},
		Sender: person{Address: placeOf(b.From)}, Receiver: person{PudoID: b.Point, Address: placeOf(b.To)},
		Parcel: []parcel{{measuredOf(b.Parcels[0]), []string{b.Reference}}},
	}
	if account := d.setting(b, "account"); account != "" {
		o.Sender.Customer = &customer{account}
	}
	if d.setting(b, "contacts") == "send" || b.Point != "" {
		o.Receiver.Contact = &contact{cmp.Or(b.To.Name, b.To.Company), b.To.Phone, b.To.Email}
	}
	return o, nil
}

// placeOf is a person, the company first. A state of more than two letters has no place there.
func placeOf(who schemas.Person) place {
	p := place{
		Name1: cmp.Or(who.Company, who.Name), Street: who.Street, Country: who.Country, Code: who.PostalCode, City: who.City,
	}
	if who.Company != "" {
		p.Name2 = who.Name
	}
	if len(who.Region) == 2 {
		p.State = who.Region
	}
	if _, fits := addresses.Split(who.Street, Profile.Street); !fits {
		p.Street, p.House = addresses.House(who.Country, who.Street)
	}
	return p
}

func measuredOf(p schemas.Parcel) measured {
	m := measured{Weight: strconv.FormatInt(p.Grams, 10)}
	if p.Length > 0 && p.Width > 0 && p.Height > 0 {
		m.Dimensions = &sides{centimetres(p.Length), centimetres(p.Width), centimetres(p.Height)}
	}
	return m
}

// centimetres rounds up.
func centimetres(millimetres int64) int64 { return (millimetres + 9) / 10 }

// refusal is of what can be seen without asking DPD.
func refusal(field, why string) *remote.Failure {
	return &remote.Failure{Class: remote.Business, Code: "invalid_" + field, Reason: why}
}
