package inpost

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Services that the organization has.
const (
	locker  = "inpost_locker_standard"
	courier = "inpost_courier_standard"
)

// order is what is asked for, as far as the sandbox understands it: with another field it is refused.
type order struct {
	Receiver   receiver        `json:"receiver"`
	Parcels    json.RawMessage `json:"parcels"` // an object with a template, or a list
	Attributes attributes      `json:"custom_attributes"`
	Service    string          `json:"service"`
	Reference  string          `json:"reference"`
}

type receiver struct {
	Company string   `json:"company_name"`
	First   string   `json:"first_name"`
	Last    string   `json:"last_name"`
	Email   string   `json:"email"`
	Phone   string   `json:"phone"`
	Address *address `json:"address"`
}

type address struct {
	Street   string `json:"street"`
	Building string `json:"building_number"`
	Line1    string `json:"line1"`
	City     string `json:"city"`
	Code     string `json:"post_code"`
	Country  string `json:"country_code"`
}

type attributes struct {
	TargetPoint   string `json:"target_point,omitempty"`
	SendingMethod string `json:"sending_method"`
}

type parcel struct {
	ID         string `json:"id"`
	Template   string `json:"template"`
	Dimensions *struct {
		Length string `json:"length"`
		Width  string `json:"width"`
		Height string `json:"height"`
		Unit   string `json:"unit"`
	} `json:"dimensions"`
	Weight *struct {
		Amount string `json:"amount"`
		Unit   string `json:"unit"`
	} `json:"weight"`
	NonStandard bool `json:"is_non_standard"`
}

var (
	phone    = regexp.MustCompile(`^(\+48|0048|48)?\d{9}$`)
	postCode = regexp.MustCompile(`^\d{2}-\d{3}$`)
	point    = regexp.MustCompile(`^[A-Z]{3}\d{2,3}[A-Z]{0,3}$`) // of those that are there; the sandbox knows all with such a name
)

// details say by field what is wrong, as InPost nests it.
type details map[string]any

func (d details) must(holds bool, field, key string) {
	if !holds {
		d[field] = []string{key}
	}
}

// wrong is all that is.
func (o order) wrong() details {
	all, receiver, custom := details{}, details{}, details{}
	n := utf8.RuneCountInString(o.Reference)
	all.must(n >= 3 && n <= 100, "reference", "invalid")
	all.must(o.Service == locker || o.Service == courier, "service", "invalid")
	receiver.must(phone.MatchString(o.Receiver.Phone), "phone", "invalid")
	parcels, single := o.parcels()
	all.must(len(parcels) == 1, "parcels", "invalid")
	if o.Service == locker {
		receiver.must(o.Receiver.Email != "", "email", "required")
		custom.must(point.MatchString(o.Attributes.TargetPoint), "target_point", "does_not_exist")
		all.must(single && len(parcels) == 1 && slices.Contains([]string{"small", "medium", "large"}, parcels[0].Template), "parcels", "invalid")
	}
	if o.Service == courier {
		receiver.must(o.Receiver.Company != "" || o.Receiver.First != "" && o.Receiver.Last != "", "first_name", "required")
		if wrong := o.Receiver.Address.wrong(); len(wrong) > 0 {
			receiver["address"] = []any{wrong}
		}
		all.must(!single && len(parcels) == 1 && parcels[0].isMeasured(), "parcels", "invalid")
	}
	if len(receiver) > 0 {
		all["receiver"] = []any{receiver}
	}
	if len(custom) > 0 {
		all["custom_attributes"] = []any{custom}
	}
	return all
}

func (a *address) wrong() details {
	wrong := details{}
	if a == nil {
		a = &address{}
	}
	wrong.must(a.Line1 != "" || a.Street != "" && a.Building != "", "street", "required")
	wrong.must(a.City != "", "city", "required")
	wrong.must(postCode.MatchString(a.Code), "post_code", "invalid")
	wrong.must(a.Country == "PL", "country_code", "invalid")
	return wrong
}

// parcels are those of a list, or the single one that is none.
func (o order) parcels() (parcels []parcel, single bool) {
	strict := json.NewDecoder(bytes.NewReader(o.Parcels))
	strict.DisallowUnknownFields()
	if bytes.HasPrefix(bytes.TrimSpace(o.Parcels), []byte("[")) {
		if strict.Decode(&parcels) != nil {
			return nil, false
		}
		return parcels, false
	}
	one := parcel{}
	if strict.Decode(&one) != nil {
		return nil, true
	}
	return []parcel{one}, true
}

func (p parcel) isMeasured() bool {
	if p.ID == "" || p.Dimensions == nil || p.Weight == nil || p.Dimensions.Unit != "mm" || p.Weight.Unit != "kg" {
		return false
	}
	for _, text := range []string{p.Dimensions.Length, p.Dimensions.Width, p.Dimensions.Height, p.Weight.Amount} {
		if n, err := strconv.ParseFloat(text, 64); err != nil || n <= 0 {
			return false
		}
	}
	return true
}
