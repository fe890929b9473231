package dhl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// order is a ShipmentOrderRequest, as far as the sandbox understands it: with another field it is refused.
type order struct {
	Profile   string     `json:"profile"`
	Shipments []shipment `json:"shipments"`
}

type shipment struct {
	Product       string  `json:"product"`
	BillingNumber string  `json:"billingNumber"`
	RefNo         string  `json:"refNo"`
	ShipDate      string  `json:"shipDate"`
	Shipper       place   `json:"shipper"`
	Consignee     place   `json:"consignee"`
	Details       details `json:"details"`

	Services json.RawMessage `json:"services"` // they change nothing here
	Customs  json.RawMessage `json:"customs"`  // only asked for, not read
}

// number is one that DHL also takes as a text: its own examples write both.
type number float64

// UnmarshalJSON takes both.
func (n *number) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(bytes.Trim(b, `"`), (*float64)(n))
}

// place is a Shipper, or one of what a Consignee may be.
type place struct {
	Name1      string `json:"name1"`
	Name2      string `json:"name2"`
	Name3      string `json:"name3"`
	Street     string `json:"addressStreet"`
	House      string `json:"addressHouse"`
	Extra1     string `json:"additionalAddressInformation1"`
	Code       string `json:"postalCode"`
	City       string `json:"city"`
	State      string `json:"state"`
	Country    string `json:"country"`
	Phone      string `json:"phone"`
	Email      string `json:"email"`
	Name       string `json:"name"`
	LockerID   number `json:"lockerID"`
	RetailID   number `json:"retailID"`
	PostNumber string `json:"postNumber"`
}

type details struct {
	Dim *struct {
		Unit   string `json:"uom"`
		Height number `json:"height"`
		Length number `json:"length"`
		Width  number `json:"width"`
	} `json:"dim"`
	Weight struct {
		Unit  string `json:"uom"`
		Value number `json:"value"`
	} `json:"weight"`
}

// broken is a field that breaks the schema.
type broken struct {
	Path    string `json:"propertyPath"`
	Message string `json:"message"`
}

var (
	products      = []string{"V01PAK", "V53WPAK", "V54EPAK", "V62WP", "V62KP", "V66WPI"}
	billingNumber = regexp.MustCompile(`^\w{10}\d{2}\w{2}$`)
	postalCode    = regexp.MustCompile(`^[0-9A-Za-z]+([ -]?[0-9A-Za-z]+)*$`)
	postNumber    = regexp.MustCompile(`^[0-9]{6,10}$`)
	countryCode   = regexp.MustCompile(`^[A-Z]{3}$`)
)

// rules collects what breaks them.
type rules struct {
	at     string
	broken []any
}

func (r *rules) must(holds bool, field, what string) {
	if !holds {
		r.broken = append(r.broken, broken{r.at + field, what})
	}
}

func (r *rules) length(text, field string, low, high int) {
	n := utf8.RuneCountInString(text)
	r.must(n >= low && n <= high, field, fmt.Sprintf("The length must be from %d to %d.", low, high))
}

// broken is all of it that breaks the schema.
func (o order) broken() []any {
	r := &rules{}
	r.length(o.Profile, "profile", 1, 35)
	r.must(len(o.Shipments) >= 1 && len(o.Shipments) <= shipmentsMax, "shipments", "There must be 1 to 30 shipments.")
	for i, s := range o.Shipments {
		r.at = fmt.Sprintf("shipments[%d].", i)
		r.must(slices.Contains(products, s.Product), "product", "Parameter product must be one of "+strings.Join(products, ", ")+".")
		r.must(billingNumber.MatchString(s.BillingNumber), "billingNumber", "Parameter billingNumber does not match the pattern.")
		if s.RefNo != "" {
			r.length(s.RefNo, "refNo", 8, 35)
		}
		weight := s.Details.Weight
		r.must(weight.Unit == "g" || weight.Unit == "kg", "details.weight.uom", "Parameter uom must be g or kg.")
		r.must(weight.Value > 0, "details.weight.value", "The weight is missing.")
		if dim := s.Details.Dim; dim != nil {
			r.must((dim.Unit == "mm" || dim.Unit == "cm") && dim.Height > 0 && dim.Length > 0 && dim.Width > 0, "details.dim", "All dimensions need to be provided.")
		}
		r.address("shipper.", s.Shipper)
		switch to := s.Consignee; {
		case to.LockerID != 0 || to.RetailID != 0:
			r.point("consignee.", to)
		default:
			r.address("consignee.", to)
		}
	}
	return r.broken
}

func (r *rules) place(at string, p place) {
	r.length(p.Code, at+"postalCode", 3, 10)
	r.must(postalCode.MatchString(p.Code), at+"postalCode", "Parameter postalCode does not match the pattern.")
	r.length(p.City, at+"city", 1, 40)
	r.must(countryCode.MatchString(p.Country), at+"country", "Parameter country must be a valid country code consisting of three characters according to ISO 3166-1 alpha-3.")
}

func (r *rules) address(at string, p place) {
	r.place(at, p)
	r.length(p.Name1, at+"name1", 1, 50)
	r.length(p.Name2, at+"name2", 0, 50)
	r.length(p.Name3, at+"name3", 0, 50)
	r.length(p.Street, at+"addressStreet", 1, 50)
	r.length(p.House, at+"addressHouse", 0, 10)
	r.length(p.State, at+"state", 0, 20)
	r.length(p.Phone, at+"phone", 0, 20)
	r.length(p.Email, at+"email", 0, 80)
	r.must(p.Name == "" && p.PostNumber == "", at+"name", "The address is of no kind that is known.")
}

func (r *rules) point(at string, p place) {
	r.place(at, p)
	r.length(p.Name, at+"name", 1, 50)
	r.must(p.Name1 == "" && p.Street == "", at+"name1", "The address is of no kind that is known.")
	if p.LockerID != 0 {
		r.must(p.LockerID >= 100 && p.LockerID <= 999, at+"lockerID", "Parameter lockerID must be from 100 to 999.")
		r.must(postNumber.MatchString(p.PostNumber), at+"postNumber", "Parameter postNumber does not match the pattern.")
		return
	}
	r.must(p.RetailID >= 401 && p.RetailID <= 999, at+"retailID", "Parameter retailID must be from 401 to 999.")
	r.must(postNumber.MatchString(p.PostNumber) || p.PostNumber == "" && p.Email != "", at+"postNumber", "Either postNumber or email is needed.")
}
