package gls

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"waybill/internal/sandbox/party"
)

// address is the specification's Address, with the names of the samples.
type address struct {
	Name1, Name2, Name3  string
	CountryCode, City    string
	Street, StreetNumber string
	ZIPCode              string
	Province             string
	ContactPerson        string
	Email                string `json:"eMail"`
	Fixed                string `json:"FixedLinePhonenumber"`
	Mobile               string `json:"MobilePhoneNumber"`
}

// shipment is the specification's Shipment, as far as it matters here.
type shipment struct {
	ShipmentReference []string
	ShippingDate      string
	Product           string
	Consignee         *struct {
		ConsigneeID, Category string
		Address               *address
	}
	Shipper *struct {
		ContactID                          string
		Address, AlternativeShipperAddress *address
	}
	ShipmentUnit []struct {
		ShipmentUnitReference []string
		Weight                float64
		Note1, Note2          string
	}
	Service []struct {
		Service      *struct{ ServiceName string }
		ShopDelivery *struct{ ServiceName, ParcelShopID string }
	}
}

// printing is the specification's PrintingOptions.
type printing struct {
	ReturnLabels *struct{ TemplateSet, LabelFormat string }
}

type creating struct {
	Shipment        *shipment
	PrintingOptions *printing
}

// The values of the specification that are taken.
var (
	products  = []string{"PARCEL", "EXPRESS", "FREIGHT", "PHARMA", "PHARMAPLUS"}
	formats   = []string{"PDF", "ZEBRA", "INTERMEC", "DATAMAX", "TOSHIBA", "PNG"}
	templates = []string{"NONE", "D_200", "PF_4_I", "PF_4_I_200", "PF_4_I_300", "PF_8_D_200", "T_200_BF", "T_300_BF", "ZPL_200", "ZPL_300"}
	country   = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Limits: of a text in characters (samples, "Maximum is 40"), of a parcel in kilograms.
const (
	textMax   = 40
	weightMin = 0.1
	weightMax = 40
	unitsMax  = 99
)

// read decodes a body of the API's own media type.
func read(c *party.Call, into any) *party.Reply {
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind != "application/glsversion1+json" {
		return &party.Reply{Status: http.StatusUnsupportedMediaType}
	}
	if json.Unmarshal(c.Body, into) != nil {
		return faulty("UNMARSHALLING_FAILED", "The request can not be read")
	}
	return nil
}

// check is what can be seen without knowing anything.
func (n creating) check() *party.Reply {
	switch s := n.Shipment; {
	case s == nil:
		return missing("Shipment")
	case s.Consignee == nil || s.Consignee.Address == nil:
		return missing("Consignee")
	case s.Shipper == nil || s.Shipper.ContactID == "":
		return missing("ContactID")
	case len(s.ShipmentUnit) == 0:
		return missing("ShipmentUnit")
	case !slices.Contains(products, s.Product):
		return invalid("ShipmentRequestData.Shipment.Product", s.Product, "Shipment validation failed")
	case len(s.ShipmentUnit) > unitsMax:
		return invalid("ShipmentRequestData.Shipment.ShipmentUnit", strconv.Itoa(len(s.ShipmentUnit)), "Shipment validation failed")
	}
	for i, reference := range n.Shipment.ShipmentReference {
		if utf8.RuneCountInString(reference) > textMax {
			return invalid(fmt.Sprintf("ShipmentRequestData.Shipment.ShipmentReference[%d]", i), reference, fmt.Sprintf("Value is too long. Maximum is %d", textMax))
		}
	}
	for _, unit := range n.Shipment.ShipmentUnit {
		if unit.Weight < weightMin || unit.Weight > weightMax {
			return invalid("ShipmentRequestData.Shipment.Product", n.Shipment.Product,
				"No matching product available for shipper for the given input data (weight and addresses).")
		}
	}
	if wrong := n.PrintingOptions.check(); wrong != nil {
		return wrong
	}
	if a := n.Shipment.Shipper.AlternativeShipperAddress; a != nil {
		if wrong := a.check("Shipper.AlternativeShipperAddress"); wrong != nil {
			return wrong
		}
	}
	return n.Shipment.Consignee.Address.check("Consignee.Address")
}

func (p *printing) check() *party.Reply {
	switch {
	case p == nil || p.ReturnLabels == nil:
		return missing("PrintingOptions")
	case !slices.Contains(templates, p.ReturnLabels.TemplateSet):
		return invalid("PrintingOptions.ReturnLabels.TemplateSet", p.ReturnLabels.TemplateSet, "Shipment validation failed")
	case !slices.Contains(formats, p.ReturnLabels.LabelFormat):
		return invalid("PrintingOptions.ReturnLabels.LabelFormat", p.ReturnLabels.LabelFormat, "Shipment validation failed")
	}
	return nil
}

func (a *address) check(path string) *party.Reply {
	for _, needed := range []struct{ field, value string }{{"Name1", a.Name1}, {"Street", a.Street}, {"City", a.City}, {"CountryCode", a.CountryCode}} {
		if needed.value == "" {
			return missing(needed.field)
		}
	}
	for _, text := range []struct{ field, value string }{
		{"Name1", a.Name1}, {"Name2", a.Name2}, {"Name3", a.Name3}, {"Street", a.Street}, {"City", a.City}, {"ContactPerson", a.ContactPerson},
	} {
		if utf8.RuneCountInString(text.value) > textMax {
			return invalid("Shipment."+path+"."+text.field, text.value, fmt.Sprintf("Value is too long. Maximum is %d", textMax))
		}
	}
	if !country.MatchString(a.CountryCode) {
		return invalid("Shipment."+path+".CountryCode", a.CountryCode, "Shipment validation failed")
	}
	return nil
}
