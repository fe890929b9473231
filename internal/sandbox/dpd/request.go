package dpd

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"unicode/utf8"

	"waybill/internal/sandbox/party"
)

// shipment is the specification's Shipment, as far as it matters here.
type shipment struct {
	References []string `json:"customerReferenceNumbers"`
	Parcels    string   `json:"numberOfParcels"`
	Infos      struct {
		Product string `json:"productCode"`
	} `json:"shipmentInfos"`
	Sender   *person `json:"sender"`
	Receiver *person `json:"receiver"`
	Parcel   []struct {
		Infos struct {
			Weight     string `json:"weight"`
			Dimensions *struct {
				Length, Width, Height int
			} `json:"dimensions"`
		} `json:"parcelInfos"`
		References []string `json:"senderParcelRefs"`
	} `json:"parcel"`
}

type person struct {
	PudoID  string `json:"pudoId"`
	Address *struct {
		Company string `json:"companyName"`
		Name1   string `json:"name1"`
		Name2   string `json:"name2"`
		Street  string `json:"street"`
		House   string `json:"houseNumber"`
		Line2   string `json:"addressLine2"`
		Line3   string `json:"addressLine3"`
		Country string `json:"country"`
		State   string `json:"state"`
		Code    string `json:"zipCode"`
		City    string `json:"city"`
	} `json:"address"`
	Contact struct {
		Person string `json:"contactPerson"`
		Phone  string `json:"phone1"`
		Email  string `json:"email"`
	} `json:"contact"`
}

// Limits (OpenAPI description 0.0.1, whose lengths the newer one leaves out).
const (
	textMax      = 35
	houseMax     = 8
	phoneMax     = 30
	emailMax     = 100
	codeMax      = 9
	referenceMax = 35
	pointMax     = 20
	gramsMax     = 31_500
	sideMax      = 999 // centimetres
	parcelsMax   = 999
)

var (
	country = regexp.MustCompile(`^([A-Z]{2}|[A-Z]{3}|[0-9]{3})$`)
	zip     = regexp.MustCompile(`^[A-Za-z0-9 -]+$`)
	product = regexp.MustCompile(`^[0-9]{3,4}$`)
	point   = regexp.MustCompile(`^[A-Z]{2}[A-Za-z0-9]+$`)
)

func invalid(field string) *party.Reply {
	return refused(http.StatusBadRequest, "VALIDATION_ERROR", "Invalid value of "+field, meta)
}

// check is what can be seen without knowing anything.
func (s *shipment) check() *party.Reply {
	switch {
	case s.Parcels != strconv.Itoa(len(s.Parcel)) || len(s.Parcel) == 0 || len(s.Parcel) > parcelsMax:
		return invalid("numberOfParcels")
	case !product.MatchString(s.Infos.Product):
		return invalid("shipmentInfos.productCode")
	case len(s.References) > 4:
		return invalid("customerReferenceNumbers")
	case s.Sender == nil:
		return invalid("sender")
	case s.Receiver == nil:
		return invalid("receiver")
	case s.Infos.Product == "337" && s.Receiver.PudoID == "":
		return invalid("receiver.pudoId")
	}
	for i, reference := range s.References {
		if reference == "" || longer(reference, referenceMax) {
			return invalid(fmt.Sprintf("customerReferenceNumbers[%d]", i))
		}
	}
	for i, p := range s.Parcel {
		if grams, err := strconv.Atoi(p.Infos.Weight); err != nil || grams < 1 || grams > gramsMax {
			return invalid(fmt.Sprintf("parcel[%d].parcelInfos.weight", i))
		}
		if d := p.Infos.Dimensions; d != nil && (d.Length > sideMax || d.Width > sideMax || d.Height > sideMax) {
			return invalid(fmt.Sprintf("parcel[%d].parcelInfos.dimensions", i))
		}
	}
	if wrong := s.Sender.check("sender"); wrong != nil {
		return wrong
	}
	return s.Receiver.check("receiver")
}

func (p *person) check(at string) *party.Reply {
	a := p.Address
	switch {
	case p.PudoID != "" && (!point.MatchString(p.PudoID) || longer(p.PudoID, pointMax)):
		return invalid(at + ".pudoId")
	case a == nil:
		return invalid(at + ".address")
	case a.Name1 == "" && a.Company == "":
		return invalid(at + ".address.name1")
	case a.Street == "":
		return invalid(at + ".address.street")
	case !country.MatchString(a.Country):
		return invalid(at + ".address.country")
	case !zip.MatchString(a.Code) || longer(a.Code, codeMax):
		return invalid(at + ".address.zipCode")
	case a.City == "":
		return invalid(at + ".address.city")
	case longer(a.House, houseMax):
		return invalid(at + ".address.houseNumber")
	case longer(a.State, 2):
		return invalid(at + ".address.state")
	case longer(p.Contact.Phone, phoneMax):
		return invalid(at + ".contact.phone1")
	case longer(p.Contact.Email, emailMax):
		return invalid(at + ".contact.email")
	}
	for _, text := range []struct{ field, value string }{
		{"address.companyName", a.Company},
		{"address.name1", a.Name1},
		{"address.name2", a.Name2},
		{"address.street", a.Street},
		{"address.addressLine2", a.Line2},
		{"address.addressLine3", a.Line3},
		{"address.city", a.City},
		{"contact.contactPerson", p.Contact.Person},
	} {
		if longer(text.value, textMax) {
			return invalid(at + "." + text.field)
		}
	}
	return nil
}

func longer(text string, most int) bool { return utf8.RuneCountInString(text) > most }
