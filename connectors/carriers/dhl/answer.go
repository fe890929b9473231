package dhl

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// answer is a LabelDataResponse, or one of the two forms of a refusal: of fields, or of shipments.
type answer struct {
	Status state  `json:"status"`
	Items  []item `json:"items"`
}

type state struct {
	Title  string `json:"title"`
	Code   int    `json:"statusCode"` // both are used, also by DHL's own examples
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (s state) code() int {
	if s.Code != 0 {
		return s.Code
	}
	return s.Status
}

type item struct {
	Number   text      `json:"shipmentNo"`
	State    state     `json:"sstatus"`
	Label    document  `json:"label"`
	Messages []message `json:"validationMessages"`

	Path    string `json:"propertyPath"` // of a field that breaks the schema
	Message string `json:"message"`
}

type document struct {
	Base64 string `json:"b64"`
	ZPL    string `json:"zpl2"`
}

type message struct {
	Property string `json:"property"`
	Text     string `json:"validationMessage"`
	State    string `json:"validationState"` // Warning or Error
}

// text is one that some answers write as a number.
type text string

// UnmarshalJSON takes both.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	*t = text(bytes.TrimSpace(b))
	if string(*t) == "null" {
		*t = ""
	}
	return nil
}

// readBooked reads what was made of a booking. A shipment whose label can not be read is there, and its label is asked for again.
func readBooked(said []byte, b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	var a answer
	if err := json.Unmarshal(said, &a); err != nil || len(a.Items) == 0 {
		return booked, unclear("it names no shipment")
	}
	if len(a.Items) > 1 {
		return booked, unclear("it names several shipments")
	}
	one := a.Items[0]
	if code := one.State.code(); code >= http.StatusBadRequest || one.Number == "" {
		return booked, a.refusal(b)
	}
	booked.Ref = string(one.Number)
	for _, m := range one.Messages {
		booked.Warnings = append(booked.Warnings, m.told(b))
	}
	label, err := one.Label.bytes(format)
	if err != nil {
		booked.Pending = true
		booked.Warnings = append(booked.Warnings, "the label did not come with the shipment: "+err.Error())
		return booked, nil
	}
	booked.Parcels = []schemas.BookedParcel{{Number: booked.Ref, Format: format, Label: label}}
	return booked, nil
}

// unclear is a success of which nobody can say what was bought.
func unclear(why string) error {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "DHL answered success, but " + why, Perhaps: true}
}

// bytes are the label's, if they are of the form that was asked for.
func (d document) bytes(format string) ([]byte, error) {
	label, err := []byte(d.ZPL), error(nil)
	if format != schemas.LabelZPL {
		label, err = base64.StdEncoding.DecodeString(d.Base64)
	}
	if err != nil || schemas.FormatOf(label) != format {
		return nil, errors.New("it is no " + strings.ToUpper(format))
	}
	return label, nil
}

// refusal says why there is no shipment: by fields, never by what DHL's sentences say, for those are in any language.
func (a answer) refusal(b *schemas.Booking) error {
	f := &remote.Failure{Class: remote.Business, Code: "not_codeable"}
	var why []string
	for _, i := range a.Items {
		if i.Path != "" {
			f.Code = "invalid_request"
			why = append(why, message{Property: i.Path, Text: i.Message}.told(b))
		}
		for _, m := range i.Messages {
			if m.State != "Warning" && f.Code == "not_codeable" {
				f.Code = "invalid_shipment"
			}
			why = append(why, m.told(b))
		}
	}
	if len(why) == 0 {
		f.Code, why = "refused", append(why, "without saying why")
	}
	slices.Sort(why)
	f.Reason = "DHL refuses the shipment: " + strings.Join(slices.Compact(why), "; ")
	return f
}

// told is the message with its field, and without what it repeats of the booking.
func (m message) told(b *schemas.Booking) string {
	if b == nil || m.Text == "" || addresses.Repeats(m.Text, b) {
		return m.Property
	}
	return m.Property + ": " + m.Text
}

// readCancelled reads what became of the one shipment that was to be deleted.
func readCancelled(said []byte) error {
	var a answer
	if err := json.Unmarshal(said, &a); err != nil || len(a.Items) != 1 {
		return unclear("it does not say what became of the shipment")
	}
	switch s := a.Items[0].State; {
	case s.code() == http.StatusOK:
		return nil
	case s.Title == "UnknownShipmentNumber": // also of one that was deleted before
		return remote.ErrAbsent
	default:
		return &remote.Failure{Class: remote.TooLate, Code: "too_late", Reason: fmt.Sprintf("DHL does not delete the shipment: its day may be closed (status %d)", s.code())}
	}
}

// understood sorts a refusal.
func understood(err error, b *schemas.Booking) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	if f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	if f.Status != http.StatusBadRequest {
		return f
	}
	var a answer
	if json.Unmarshal(f.Said, &a) == nil && len(a.Items) > 0 {
		return a.refusal(b)
	}
	f.Class, f.Code = remote.Business, "refused"
	return f
}
