package gls

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// creation is the specification's ShipmentRequestData, with the names of the samples, which say ZIPCode where it says Zipcode.
type creation struct {
	Shipment        shipment
	PrintingOptions printing
}

type shipment struct {
	ShipmentReference []string
	Product           string
	Consignee         consignee
	Shipper           shipper
	ShipmentUnit      []unit
	Service           []service `json:",omitempty"`
}

type consignee struct{ Address place }

type shipper struct {
	ContactID                 string
	AlternativeShipperAddress *place `json:",omitempty"`
}

type place struct {
	Name1         string
	Name2         string `json:",omitempty"`
	Name3         string `json:",omitempty"`
	Street        string
	StreetNumber  string `json:",omitempty"`
	CountryCode   string
	ZIPCode       string `json:",omitempty"`
	City          string
	Province      string `json:",omitempty"`
	ContactPerson string `json:",omitempty"`
	Email         string `json:"eMail,omitempty"`
	Phone         string `json:"MobilePhoneNumber,omitempty"`
}

type unit struct {
	ShipmentUnitReference []string
	Weight                weight
}

// weight is in kilograms, written without an error of binary fractions.
type weight int64 // grams

// MarshalJSON writes kilograms.
func (w weight) MarshalJSON() ([]byte, error) {
	return []byte(strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%03d", w/1000, w%1000), "0"), ".")), nil
}

type service struct {
	Service      *named        `json:",omitempty"`
	ShopDelivery *shopDelivery `json:",omitempty"`
}

type named struct{ ServiceName string }

type shopDelivery struct{ ServiceName, ParcelShopID string }

type printing struct{ ReturnLabels labels }

type labels struct{ TemplateSet, LabelFormat string }

// formats are GLS's words for ours.
var formats = map[string]string{schemas.LabelPDF: "PDF", schemas.LabelZPL: "ZEBRA", schemas.LabelPNG: "PNG"}

// gramsMin is the least that GLS takes for a parcel: 0.1 kg.
const gramsMin = 100

// creation says a booking in GLS's words.
func (g *GLS) creation(b *schemas.Booking) (*creation, error) {
	switch {
	case len(b.Parcels) == 0 || len(b.Parcels) > ParcelsMax:
		return nil, refusal("parcels", fmt.Sprintf("GLS books 1 to %d parcels a call, and the booking has %d", ParcelsMax, len(b.Parcels)))
	case !slices.Contains(Formats, g.format(b)):
		return nil, refusal("format", "GLS makes labels as "+strings.Join(Formats, ", ")+", not as "+g.format(b))
	}
	c := &creation{shipment{
		ShipmentReference: []string{b.Reference}, Product: cmp.Or(b.Service, g.setting(b, "product"), "PARCEL"),
		Consignee: consignee{placeOf(b.To)}, Shipper: shipper{ContactID: g.settings["contact_id"]}, Service: g.services(b),
	}, g.printing(b)}
	if g.setting(b, "contacts") == "send" {
		c.Shipment.Consignee.Address.Email, c.Shipment.Consignee.Address.Phone = b.To.Email, b.To.Phone
	}
	if g.setting(b, "sender") == "booking" {
		from := placeOf(b.From)
		c.Shipment.Shipper.AlternativeShipperAddress = &from
	}
	for i, p := range b.Parcels {
		c.Shipment.ShipmentUnit = append(c.Shipment.ShipmentUnit, unit{[]string{unitReference(b, i)}, weight(max(p.Grams, gramsMin))})
	}
	return c, nil
}

// unitReference tells the parcels of a booking apart when they are looked for.
func unitReference(b *schemas.Booking, parcel int) string {
	return b.Reference + "-" + strconv.Itoa(parcel+1)
}

func (g *GLS) services(b *schemas.Booking) (all []service) {
	for name := range strings.SplitSeq(g.setting(b, "services"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, service{Service: &named{name}})
		}
	}
	if b.Point != "" {
		all = append(all, service{ShopDelivery: &shopDelivery{"service_shopdelivery", b.Point}})
	}
	return all
}

func (g *GLS) printing(b *schemas.Booking) printing {
	template := "NONE"
	if g.format(b) == schemas.LabelZPL {
		template = "ZPL_200"
	}
	return printing{labels{cmp.Or(g.setting(b, "template"), template), formats[g.format(b)]}}
}

// placeOf is a person with up to three lines of names, the company first.
func placeOf(who schemas.Person) place {
	names, _ := addresses.Split(who.Company, Profile.Company)
	names = append(names, who.Name)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.TrimSpace(name) == "" })
	names = append(names, "", "", "")
	p := place{Name1: names[0], Name2: names[1], Name3: names[2], Street: who.Street, CountryCode: who.Country, ZIPCode: who.PostalCode, City: who.City, Province: who.Region}
	if who.Company != "" {
		p.ContactPerson = who.Name
	}
	if _, fits := addresses.Split(who.Street, Profile.Street); !fits {
		p.Street, p.StreetNumber = addresses.House(who.Country, who.Street)
	}
	return p
}

// refusal is of what can be seen without asking GLS.
func refusal(field, why string) *remote.Failure {
	return &remote.Failure{Class: remote.Business, Code: "invalid_" + field, Reason: why}
}

func pathOf(id string) string { return url.PathEscape(id) }
