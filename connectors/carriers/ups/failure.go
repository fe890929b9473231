package ups

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// Codes that UPS was seen to answer; it publishes no list.
const (
	codeNotFound    = "9801031" // no shipment has that reference or number
	codeVoided      = "9801040" // it was voided
	codeNotVoidable = "190102"  // no shipment that may be voided still
)

// transient are the codes of severity Transient: they pass by themselves.
var transient = []string{"10004", "20001", "VSS100"}

// codeForm is that of a code: anything else is none.
var codeForm = regexp.MustCompile(`^\w{1,20}$`)

// reasonMax bounds what is told of a refusal, in bytes.
const reasonMax = 300

// understood sorts a refusal by its first code (Shipping.yaml, ErrorResponse).
func understood(err error, b *schemas.Booking) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	var refused struct {
		Response struct {
			Errors several[struct{ Code, Message string }]
		}
	}
	known := json.Unmarshal(f.Said, &refused) == nil && len(refused.Response.Errors) > 0 && codeForm.MatchString(refused.Response.Errors[0].Code)
	if known {
		f.Code = refused.Response.Errors[0].Code
		if f.Class != remote.Authentication { // what is said of credentials is not passed on
			var why []string
			for _, one := range refused.Response.Errors {
				why = append(why, told(one.Code, one.Message, b))
			}
			f.Reason = "UPS refuses it: " + strings.Join(why, "; ")
		}
	}
	f.Reason = strings.ToValidUTF8(f.Reason[:min(len(f.Reason), reasonMax)], "")
	switch {
	case f.Class == remote.Permanent && slices.Contains(transient, f.Code):
		f.Class, f.Perhaps = remote.Transient, true
	case f.Class == remote.Permanent && known:
		f.Class = remote.Business
	}
	return f
}

// told is a code with its message, if that does not say again who sends or receives.
func told(code, message string, b *schemas.Booking) string {
	if !codeForm.MatchString(code) {
		code = "without a code"
	}
	if message == "" || addresses.Repeats(message, b) {
		return code
	}
	return code + " " + message
}

// is tells whether UPS answered that code.
func is(err error, code string) bool {
	var f *remote.Failure
	return errors.As(err, &f) && f.Code == code
}

func classOf(err error) string {
	var f *remote.Failure
	if errors.As(err, &f) {
		return f.Class
	}
	return ""
}
