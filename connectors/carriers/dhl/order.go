package dhl

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/biter777/countries"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

const (
	groupProfile = "STANDARD_GRUPPENPROFIL"
	parcelDE     = "V01PAK"
	germany      = "DE"
)

// order is a ShipmentOrderRequest with one shipment.
type order struct {
	Profile   string     `json:"profile"`
	Shipments []shipment `json:"shipments"`
}

type shipment struct {
	Product       string  `json:"product"`
	BillingNumber string  `json:"billingNumber"`
	RefNo         string  `json:"refNo"`
	Shipper       *party  `json:"shipper"`
	Consignee     any     `json:"consignee"` // a party, a locker or a post office
	Details       details `json:"details"`
}

// party is a ContactAddress or a Shipper.
type party struct {
	Name1   string `json:"name1"`
	Name2   string `json:"name2,omitempty"`
	Name3   string `json:"name3,omitempty"`
	Street  string `json:"addressStreet"`
	House   string `json:"addressHouse,omitempty"`
	Code    string `json:"postalCode,omitempty"`
	City    string `json:"city"`
	Country string `json:"country"` // ISO 3166-1 alpha-3
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
}

// point is a Locker or a PostOffice.
type point struct {
	Name       string `json:"name"`
	LockerID   int    `json:"lockerID,omitempty"`
	RetailID   int    `json:"retailID,omitempty"`
	PostNumber string `json:"postNumber,omitempty"`
	Email      string `json:"email,omitempty"`
	City       string `json:"city"`
	Code       string `json:"postalCode"`
	Country    string `json:"country"`
}

type details struct {
	Dim    *size  `json:"dim,omitempty"`
	Weight weight `json:"weight"`
}

type size struct {
	Unit   string `json:"uom"`
	Height int64  `json:"height"`
	Length int64  `json:"length"`
	Width  int64  `json:"width"`
}

type weight struct {
	Unit  string `json:"uom"`
	Value int64  `json:"value"`
}

// order says a booking in DHL's words.
func (d *DHL) order(b *schemas.Booking) (*order, error) {
	product := cmp.Or(b.Service, d.setting(b, "product"), parcelDE)
	billing := d.billing(b, product)
	switch {
	case len(b.Parcels) != 1:
		return nil, refusal("parcels", "DHL books one parcel a call, and the booking has "+strconv.Itoa(len(b.Parcels)))
	case !slices.Contains(Formats, d.format(b)):
		return nil, refusal("format", "DHL makes labels as pdf and zpl, not as "+d.format(b))
	case billing == "":
		return nil, refusal("billing_number", "no billing number is set for the product "+product)
	}
	consignee, err := d.consignee(b)
	if err != nil {
		return nil, err
	}
	p := b.Parcels[0]
	s := shipment{
		Product: product, BillingNumber: billing, RefNo: b.Reference, Shipper: address3(b.From), Consignee: consignee,
		Details: details{Weight: weight{"g", p.Grams}},
	}
	if p.Length > 0 && p.Width > 0 && p.Height > 0 {
		s.Details.Dim = &size{"mm", p.Height, p.Length, p.Width} // all or none
	}
	return &order{cmp.Or(d.setting(b, "profile"), groupProfile), []shipment{s}}, nil
}

// refusal is of what can be seen without asking DHL.
func refusal(field, why string) *remote.Failure {
	return &remote.Failure{Class: remote.Business, Code: "invalid_" + field, Reason: why}
}

// points as channels and people write them: "105", "Packstation 105", "Postfiliale 518".
var points = regexp.MustCompile(`(?i)^\s*(?:(packstation)|(postfiliale|filiale|paketshop))?\s*(\d{3})\s*$`)

func (d *DHL) consignee(b *schemas.Booking) (any, error) {
	if b.Point == "" {
		to := address3(b.To)
		if d.setting(b, "contacts") == "send" {
			to.Email = b.To.Email
			if b.To.Country != germany { // within Germany DHL takes no telephone number
				to.Phone = b.To.Phone
			}
		}
		return to, nil
	}
	named := points.FindStringSubmatch(b.Point)
	if named == nil {
		return nil, refusal("point", "a Packstation or a Postfiliale has a number of three digits")
	}
	number, _ := strconv.Atoi(named[3])
	to := &point{Name: cmp.Or(b.To.Name, b.To.Company), PostNumber: b.PostNumber, City: b.To.City, Code: b.To.PostalCode, Country: alpha3(b.To.Country)}
	if to.LockerID = number; named[2] != "" {
		to.LockerID, to.RetailID = 0, number
		if b.PostNumber == "" {
			to.Email = b.To.Email // one of the two says who may fetch it
		}
	}
	return to, nil
}

// address3 is a person with a country of three letters.
func address3(who schemas.Person) *party {
	company, _ := addresses.Split(who.Company, Profile.Company)
	names := append(company, who.Name)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.TrimSpace(name) == "" })
	names = append(names, "", "", "")
	p := &party{Name1: names[0], Name2: names[1], Name3: names[2], Street: who.Street, Code: who.PostalCode, City: who.City, Country: alpha3(who.Country)}
	if _, fits := addresses.Split(who.Street, Profile.Street); !fits {
		p.Street, p.House = addresses.House(who.Country, who.Street)
	}
	return p
}

func alpha3(alpha2 string) string { return countries.ByName(alpha2).Alpha3() }
