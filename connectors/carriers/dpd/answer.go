package dpd

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// answer is a ShipmentResponse, or a LabelResponse.
type answer struct {
	Warning    string   `json:"warningMessage"`
	ShipmentID string   `json:"shipmentId"`
	ParcelIDs  []string `json:"parcelIds"`
	Label      struct {
		Base64 string `json:"base64Data"`
	} `json:"label"`
}

// booked is what was made of a booking.
func (a *answer) booked(b *schemas.Booking, format string) (booked schemas.Booked, err error) {
	if len(a.ParcelIDs) > len(b.Parcels) {
		return booked, unclear(fmt.Sprintf("it names %d parcels, not one", len(a.ParcelIDs)))
	}
	number := a.ShipmentID // of one parcel they are the same
	if len(a.ParcelIDs) == 1 && a.ParcelIDs[0] != "" {
		number = a.ParcelIDs[0]
	}
	if number == "" {
		return booked, unclear("it names no parcel")
	}
	booked.Ref = number
	if a.Warning != "" {
		if addresses.Repeats(a.Warning, b) {
			a.Warning = "DPD warns, and names who sends or receives: its answer says why"
		}
		booked.Warnings = append(booked.Warnings, a.Warning)
	}
	a.put(&booked, number, format)
	return booked, nil
}

// put gives the parcel its label, with the format that its bytes say; without one, it is asked for again.
func (a *answer) put(booked *schemas.Booked, number, format string) {
	p := schemas.BookedParcel{Number: number, Format: format}
	label, err := base64.StdEncoding.DecodeString(a.Label.Base64)
	if is := schemas.FormatOf(label); err == nil && is != "" {
		p.Label, p.Format = label, is
	} else {
		booked.Pending = true
		booked.Warnings = append(booked.Warnings, "the label did not come with the shipment")
	}
	booked.Parcels = []schemas.BookedParcel{p}
}

// unclear is a success of which nobody can say what was bought.
func unclear(why string) error {
	return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "DPD answered success, but " + why, Perhaps: true}
}

// problem is the specification's Error.
type problem struct {
	Code    string `json:"errorCode"`
	Message string `json:"errorMessage"`
	Origin  string `json:"errorOrigin"`
}

// problems are one, or several in a list: the two versions of the description differ.
func problems(said []byte) (all []problem) {
	var one problem
	if json.Unmarshal(said, &one) == nil && one.Code != "" {
		return []problem{one}
	}
	_ = json.Unmarshal(said, &all) // what is neither says nothing
	return all
}

// codeForm is that of a code: anything else is none.
var codeForm = regexp.MustCompile(`^[\w.-]{1,64}$`)

// reasonMax bounds what is told of a refusal, in bytes.
const reasonMax = 300

// understood sorts a refusal. DPD publishes no codes: a message that names no person is told with them.
func understood(err error, b *schemas.Booking) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 || f.Class == remote.Authentication || f.Class == remote.Throttled {
		return err
	}
	if f.Status == http.StatusBadRequest {
		f.Class, f.Code, f.Reason = remote.Business, "refused", "DPD refuses the shipment"
	}
	var why []string
	for i, p := range problems(f.Said) {
		if i == 0 && codeForm.MatchString(p.Code) {
			f.Code = p.Code
		}
		if text := strings.TrimSpace(p.Origin + " " + p.Message); p.Message != "" && !addresses.Repeats(text, b) {
			why = append(why, text)
		}
	}
	if len(why) > 0 {
		f.Reason += ": " + strings.Join(why, "; ")
	}
	f.Reason = strings.ToValidUTF8(f.Reason[:min(len(f.Reason), reasonMax)], "")
	return f
}
