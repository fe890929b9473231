package ups

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"waybill/internal/sandbox/party"
)

// several is a list that may be written as its one element.
type several[T any] []T

// UnmarshalJSON takes both.
func (s *several[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(s))
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*s = several[T]{one}
	return nil
}

type address struct {
	AddressLine       several[string]
	City              string
	StateProvinceCode string
	PostalCode        string
	CountryCode       string
}

type somebody struct {
	Name, AttentionName, ShipperNumber, EMailAddress string

	Phone   *struct{ Number string }
	Address address
}

type code struct{ Code string }

type reference struct{ Code, Value string }

type pack struct {
	Packaging     *code // of a shipment
	PackagingType *code // of a rate
	PackageWeight struct {
		UnitOfMeasurement code
		Weight            string
	}
	Dimensions *struct {
		UnitOfMeasurement     code
		Length, Width, Height string
	}
	ReferenceNumber several[reference]
}

// shipping is the specification's Shipment, of a ShipmentRequest and of a RateRequest, as far as it matters here.
type shipping struct {
	Description              string
	Shipper, ShipTo          somebody
	ShipFrom                 *somebody
	AlternateDeliveryAddress *struct{ Name, AttentionName, UPSAccessPointID string }
	PaymentInformation       *struct {
		ShipmentCharge several[struct {
			Type        string
			BillShipper *struct{ AccountNumber string }
		}]
	}
	Service         *code
	Package         several[pack]
	ReferenceNumber several[reference]

	DeliveryTimeInformation *struct { // of a RateRequest
		PackageBillType string
		Pickup          struct{ Date string }
	}
}

// formats of labels that are made (LabelImageFormat of a ShipmentRequest).
var formats = []string{"GIF", "ZPL", "EPL", "SPL"}

// services that there are, of those of the appendix.
var services = []string{"07", "08", "11", "54", "65", "70", "01", "02", "03", "12", "13", "14", "59"}

const packagesMax = 200

var (
	country = regexp.MustCompile(`^[A-Z]{2}$`)
	weight  = regexp.MustCompile(`^\d{1,3}(\.\d)?$|^\d{1,5}$`)
	inch    = regexp.MustCompile(`^\d{1,3}$`)
)

func bad(code, message string) *party.Reply { return refused(http.StatusBadRequest, code, message) }

// check is what can be seen without knowing anything. UPS was seen to answer 120100, 120200, 120201, 120206, 120209 and 121210; it publishes no
// list, so the other codes are like these, and made up.
func (s *shipping) check(shipper string) *party.Reply {
	switch {
	case s.Shipper.ShipperNumber != shipper:
		return bad("120100", "Missing or invalid shipper number")
	case !between(s.Shipper.Name, 1, 35):
		return bad("120102", "Missing or invalid shipper name")
	case !between(s.ShipTo.Name, 1, 35):
		return bad("120200", "Missing or invalid ship to company name")
	case s.isAbroad() && !between(s.ShipTo.AttentionName, 1, 35):
		return bad("120201", "Missing or invalid ship to attention name")
	case s.isAbroad() && s.ShipTo.Phone == nil || s.ShipTo.Phone != nil && !between(s.ShipTo.Phone.Number, 1, 15):
		return bad("120209", "Missing or invalid ship to phone number")
	case len(s.Package) == 0 || len(s.Package) > packagesMax:
		return bad("120300", "Missing or invalid package")
	}
	if wrong := s.ShipTo.Address.check(); wrong != nil {
		return wrong
	}
	for _, p := range s.Package {
		if wrong := p.check(s.from().CountryCode); wrong != nil {
			return wrong
		}
	}
	return nil
}

func (s *shipping) from() address {
	if s.ShipFrom != nil {
		return s.ShipFrom.Address
	}
	return s.Shipper.Address
}

func (s *shipping) isAbroad() bool { return s.from().CountryCode != s.ShipTo.Address.CountryCode }

func (a address) check() *party.Reply {
	switch {
	case len(a.AddressLine) == 0 || len(a.AddressLine) > 3:
		return bad("120202", "Missing or invalid ship to address line 1")
	case slices.ContainsFunc(a.AddressLine, func(line string) bool { return !between(line, 1, 35) }):
		return bad("120202", "Missing or invalid ship to address line 1")
	case !between(a.City, 1, 30):
		return bad("120205", "Missing or invalid ship to city")
	case slices.Contains([]string{"US", "CA"}, a.CountryCode) && len(a.StateProvinceCode) != 2:
		return bad("120206", "Missing or invalid ship to StateProvinceCode")
	case !between(a.PostalCode, 1, 9):
		return bad("120207", "Missing or invalid ship to postal code")
	case !country.MatchString(a.CountryCode):
		return bad("120208", "Missing or invalid ship to country code")
	}
	return nil
}

func (p pack) check(from string) *party.Reply {
	unit, length := "KGS", "CM"
	if from == "US" || from == "PR" {
		unit, length = "LBS", "IN"
	}
	kilograms, _ := strconv.ParseFloat(p.PackageWeight.Weight, 64)
	switch d := p.Dimensions; {
	case p.Packaging == nil && p.PackagingType == nil:
		return bad("120400", "Missing or invalid package type")
	case !weight.MatchString(p.PackageWeight.Weight) || kilograms <= 0:
		return bad("120500", "Missing or invalid package weight")
	case p.PackageWeight.UnitOfMeasurement.Code != unit:
		return bad("120501", "The unit of measurement is not valid for the origin country")
	case unit == "KGS" && kilograms > 70 || kilograms > 150:
		return bad("121105", "The maximum per package weight is exceeded")
	case d == nil:
		return nil
	case d.UnitOfMeasurement.Code != length || !inch.MatchString(d.Length) || !inch.MatchString(d.Width) || !inch.MatchString(d.Height):
		return bad("120600", "Missing or invalid package dimensions")
	}
	return nil
}

func between(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return least <= n && n <= most
}
