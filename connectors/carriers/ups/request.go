package ups

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

type code struct{ Code string }

type reference struct{ Value string }

// creation is a ShipmentRequest.
type creation struct {
	ShipmentRequest struct {
		Request            request
		Shipment           shipment
		LabelSpecification labels
	}
}

type request struct {
	RequestOption        string      `json:",omitempty"`
	SubVersion           string      `json:",omitempty"`
	TransactionReference transaction `json:",omitzero"`
}

type transaction struct{ CustomerContext string }

type shipment struct {
	Description             string `json:",omitempty"`
	Shipper, ShipTo         somebody
	PaymentInformation      *payment `json:",omitempty"` // of a shipment
	PaymentDetails          *payment `json:",omitempty"` // of a rate
	Service                 *code    `json:",omitempty"`
	Package                 []pack
	ReferenceNumber         []reference `json:",omitempty"`
	ShipmentRatingOptions   *negotiated `json:",omitempty"`
	DeliveryTimeInformation *pickup     `json:",omitempty"` // of a rate with the day of arrival, as the next two
	ShipmentTotalWeight     *weight     `json:",omitempty"`
	InvoiceLineTotal        *amount     `json:",omitempty"`
}

// pickup says when UPS has it, and that it is not of documents alone (PackageBillType 03).
type pickup struct {
	PackageBillType string
	Pickup          struct{ Date string } // YYYYMMDD
}

type payment struct{ ShipmentCharge []charge }

type charge struct {
	Type        string
	BillShipper struct{ AccountNumber string }
}

type negotiated struct{ NegotiatedRatesIndicator string }

type somebody struct {
	Name          string
	AttentionName string `json:",omitempty"`
	ShipperNumber string `json:",omitempty"`
	Phone         *phone `json:",omitempty"`
	EMailAddress  string `json:",omitempty"`
	Address       place
}

type phone struct{ Number string }

type place struct {
	AddressLine       []string
	City              string
	StateProvinceCode string `json:",omitempty"`
	PostalCode        string `json:",omitempty"`
	CountryCode       string
}

type pack struct {
	Packaging       *code `json:",omitempty"` // of a shipment
	PackagingType   *code `json:",omitempty"` // of a rate
	PackageWeight   weight
	Dimensions      *size       `json:",omitempty"`
	ReferenceNumber []reference `json:",omitempty"`
}

type weight struct {
	UnitOfMeasurement code
	Weight            string
}

type size struct {
	UnitOfMeasurement     code
	Length, Width, Height string
}

type labels struct {
	LabelImageFormat code
	LabelStockSize   stock
}

type stock struct{ Height, Width string } // inches

// labelsOf asks for labels of 4 × 6 inches; GIF is always of that size.
func labelsOf(format string) labels {
	return labels{code{strings.ToUpper(format)}, stock{"6", "4"}}
}

// creation says a booking in UPS's words.
func (u *UPS) creation(b *schemas.Booking) (*creation, error) {
	switch {
	case len(b.Parcels) == 0 || len(b.Parcels) > ParcelsMax:
		return nil, refusal("parcels", fmt.Sprintf("UPS books 1 to %d packages a call, and the booking has %d", ParcelsMax, len(b.Parcels)))
	case !slices.Contains(Formats, u.format(b)):
		return nil, refusal("format", "UPS makes labels as "+strings.Join(Formats, ", ")+", not as "+u.format(b))
	case b.Point != "":
		return nil, refusal("point", "this version books no UPS Access Points")
	}
	c := new(creation)
	c.ShipmentRequest.Request = request{RequestOption: "nonvalidate", SubVersion: "2409", TransactionReference: transaction{b.Reference}}
	c.ShipmentRequest.LabelSpecification = labelsOf(u.format(b))
	s := u.shipment(b)
	s.PaymentInformation, s.Service = u.payment(), &code{u.service(b)}
	own := &code{cmp.Or(u.setting(b, "packaging"), "02")}
	domestic := isAmerican(b.From.Country) && isAmerican(b.To.Country)
	if !domestic {
		s.ReferenceNumber = []reference{{b.Reference}}
	}
	for i := range s.Package {
		s.Package[i].Packaging = own
		if domestic { // within the United States only packages have references
			s.Package[i].ReferenceNumber = []reference{{b.Reference}}
		}
	}
	c.ShipmentRequest.Shipment = s
	return c, nil
}

// shipment is what a shipment and a rate have in common.
func (u *UPS) shipment(b *schemas.Booking) shipment {
	s := shipment{Shipper: somebodyOf(b.From), ShipTo: somebodyOf(b.To)}
	s.Shipper.ShipperNumber = u.settings["shipper_number"]
	s.Shipper.Phone = phoneOf(b.From)
	abroad := b.From.Country != b.To.Country
	if abroad {
		s.Description = cmp.Or(u.setting(b, "description"), "Goods")
	}
	if contacts := u.setting(b, "contacts") == "send"; contacts || abroad {
		s.ShipTo.Phone = phoneOf(b.To)
		if contacts {
			s.ShipTo.EMailAddress = b.To.Email
		}
	}
	if u.setting(b, "negotiated") == "yes" {
		s.ShipmentRatingOptions = &negotiated{"Y"}
	}
	for _, p := range b.Parcels {
		s.Package = append(s.Package, packOf(p, isAmerican(b.From.Country)))
	}
	return s
}

func (u *UPS) service(b *schemas.Booking) string {
	return cmp.Or(b.Service, u.setting(b, "service"), "11")
}

// payment bills the shipper for the transport (Type 01).
func (u *UPS) payment() *payment {
	c := charge{Type: "01"}
	c.BillShipper.AccountNumber = u.settings["shipper_number"]
	return &payment{[]charge{c}}
}

// isAmerican is where inches and pounds are used, and references belong to packages (Shipping.yaml, ReferenceNumber).
func isAmerican(country string) bool { return country == "US" || country == "PR" }

func somebodyOf(who schemas.Person) somebody {
	lines, _ := addresses.Split(who.Street, Profile.Street)
	return somebody{
		Name: cmp.Or(who.Company, who.Name), AttentionName: cmp.Or(who.Name, who.Company),
		Address: place{lines, who.City, who.Region, who.PostalCode, who.Country},
	}
}

func phoneOf(who schemas.Person) *phone {
	if who.Phone == "" {
		return nil
	}
	return &phone{addresses.Digits(who.Phone)}
}

// packOf is a parcel in the units of where it comes from; what is between two units counts as the larger.
func packOf(p schemas.Parcel, american bool) pack {
	heavy, long, tenths, unit := "KGS", "CM", up(p.Grams*10, 1000), int64(1000)
	if american {
		heavy, long, tenths, unit = "LBS", "IN", up(p.Grams*10_000_000, 453_592_370), 2540 // a pound is 453.59237 g
	}
	made := pack{PackageWeight: weight{code{heavy}, fmt.Sprintf("%d.%d", tenths/10, tenths%10)}}
	if p.Length > 0 && p.Width > 0 && p.Height > 0 {
		sides := []int64{p.Length, p.Width, p.Height}
		slices.Sort(sides) // the length is the longest
		text := func(side int64) string { return strconv.FormatInt(up(side*100, unit), 10) }
		made.Dimensions = &size{code{long}, text(sides[2]), text(sides[1]), text(sides[0])}
	}
	return made
}

// up divides, and rounds up.
func up(amount, by int64) int64 { return (amount + by - 1) / by }

// refusal is of what can be seen without asking UPS.
func refusal(field, why string) *remote.Failure {
	return &remote.Failure{Class: remote.Business, Code: "invalid_" + field, Reason: why}
}
