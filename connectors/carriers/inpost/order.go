package inpost

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// order is what a shipment is asked for with, in the simplified mode: it names the service, and InPost buys it.
type order struct {
	Receiver   receiver          `json:"receiver"`
	Parcels    any               `json:"parcels"` // a template, or a list of one parcel
	Attributes map[string]string `json:"custom_attributes"`
	Service    string            `json:"service"`
	Reference  string            `json:"reference"` // 3 to 100 characters; printed on the label, and not unique
}

type receiver struct {
	Company string `json:"company_name,omitempty"`
	First   string `json:"first_name,omitempty"`
	Last    string `json:"last_name,omitempty"`
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone"`
	Address *place `json:"address,omitempty"`
}

type place struct {
	Line1   string `json:"line1"` // street and house in one: where the one ends is not ours to guess
	City    string `json:"city"`
	Code    string `json:"post_code"`
	Country string `json:"country_code"`
}

type template struct {
	Template string `json:"template"`
}

type parcel struct {
	ID          string `json:"id"`
	Dimensions  size   `json:"dimensions"`
	Weight      weight `json:"weight"`
	NonStandard bool   `json:"is_non_standard"`
}

type size struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
	Unit   string `json:"unit"`
}

type weight struct {
	Amount string `json:"amount"`
	Unit   string `json:"unit"`
}

const (
	locker  = "inpost_locker_standard"
	courier = "inpost_courier_standard"
)

// order says a booking in InPost's words. The sender is the organization.
func (i *InPost) order(b *schemas.Booking) (*order, error) {
	toLocker := b.Point != ""
	if len(b.Parcels) != 1 {
		return nil, refusal("parcels", "InPost books one parcel a call, and the booking has "+strconv.Itoa(len(b.Parcels)))
	}
	if !slices.Contains(Formats, i.format(b)) {
		return nil, refusal("format", "InPost makes labels as "+strings.Join(Formats, ", ")+", not as "+i.format(b))
	}
	o := &order{Receiver: receives(b.To), Reference: b.Reference}
	if toLocker {
		size := cmp.Or(i.setting(b, "template"), templateOf(b.Parcels[0]))
		if size == "" {
			return nil, refusal("parcel", "the parcel fits in no locker of InPost's, or it was not measured: the setting template names one")
		}
		o.Service = cmp.Or(b.Service, i.setting(b, "service"), locker)
		o.Parcels = template{size}
		o.Attributes = map[string]string{"target_point": b.Point, "sending_method": cmp.Or(i.setting(b, "sending_method"), "any_point")}
		return o, nil
	}
	p := b.Parcels[0]
	if p.Length <= 0 || p.Width <= 0 || p.Height <= 0 {
		return nil, refusal("parcel", "InPost asks for the length, width and height of a parcel that goes to a door")
	}
	o.Service = cmp.Or(b.Service, i.setting(b, "service"), courier)
	o.Receiver.Address = &place{b.To.Street, b.To.City, b.To.PostalCode, b.To.Country}
	o.Attributes = map[string]string{"sending_method": cmp.Or(i.setting(b, "sending_method"), "dispatch_order")}
	o.Parcels = []parcel{{
		ID: "1", Dimensions: size{text(p.Length), text(p.Width), text(p.Height), "mm"}, Weight: weight{kilograms(p.Grams), "kg"}, NonStandard: isLarge(p),
	}}
	return o, nil
}

// refusal is of what can be seen without asking InPost.
func refusal(field, why string) *remote.Failure {
	return &remote.Failure{Class: remote.Business, Code: "invalid_" + field, Reason: why}
}

func text(millimetres int64) string { return strconv.FormatInt(millimetres, 10) }

// kilograms are exact: the point moves.
func kilograms(grams int64) string {
	whole, rest := grams/1000, strings.TrimRight(strconv.FormatInt(1000+grams%1000, 10)[1:], "0")
	if rest == "" {
		return strconv.FormatInt(whole, 10)
	}
	return strconv.FormatInt(whole, 10) + "." + rest
}

// templates are the compartments of a locker, in millimetres (inpost.pl, sizes A, B and C).
var templates = []struct {
	name string
	size [3]int64 // the smallest side first
}{{"small", [3]int64{80, 380, 640}}, {"medium", [3]int64{190, 380, 640}}, {"large", [3]int64{380, 410, 640}}}

// templateOf is the smallest that the parcel fits in; "": none, or it was not measured.
func templateOf(p schemas.Parcel) string {
	sides := []int64{p.Length, p.Width, p.Height}
	slices.Sort(sides)
	if sides[0] <= 0 {
		return ""
	}
	for _, t := range templates {
		if sides[0] <= t.size[0] && sides[1] <= t.size[1] && sides[2] <= t.size[2] {
			return t.name
		}
	}
	return ""
}

// isLarge is what InPost calls not standard: a side above 1.2 m, or the three together above 2.2 m.
func isLarge(p schemas.Parcel) bool {
	return max(p.Length, p.Width, p.Height) > 1200 || p.Length+p.Width+p.Height > 2200
}

// receives parts a name at its last space. One that can not be parted is the company's, or the last name beside one.
func receives(who schemas.Person) receiver {
	r := receiver{Company: who.Company, Email: who.Email, Phone: national(who.Phone)}
	name := strings.TrimSpace(who.Name)
	switch at := strings.LastIndexByte(name, ' '); {
	case at > 0:
		r.First, r.Last = strings.TrimSpace(name[:at]), name[at+1:]
	case r.Company == "":
		r.Company = name
	default:
		r.Last = name
	}
	return r
}

// national is a Polish number without its prefix.
func national(phone string) string {
	digits := strings.TrimPrefix(addresses.Digits(phone), "00")
	if len(digits) == 11 {
		digits = strings.TrimPrefix(digits, "48")
	}
	return digits
}
