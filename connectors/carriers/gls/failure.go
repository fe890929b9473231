package gls

import (
	"errors"
	"regexp"
	"strings"

	"waybill/connectors/addresses"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// How GLS words a fault, in the header message (samples of fault responses, webservices 3_4_19). The value that it quotes is not passed on.
var (
	invalidField = regexp.MustCompile(`(?s)^Invalid field ([\w.\[\]]+)\. Value .*is not a valid value\. *(.*)$`)
	codeForm     = regexp.MustCompile(`^[A-Z_]{1,64}$`)
	missingField = regexp.MustCompile(`^The Mandatory parameter ([\w.\[\]]+) is not set$`)
)

// reasonMax bounds what is told of a fault, in bytes.
const reasonMax = 300

// understood sorts a refusal by the headers error and message.
func understood(err error, b *schemas.Booking) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 || f.Class != remote.Permanent {
		return err
	}
	f.Class, f.Code = remote.Business, "refused"
	if code := f.Header.Get("Error"); codeForm.MatchString(code) {
		f.Code = code
	}
	message := f.Header.Get("Message")
	f.Reason = "GLS refuses the shipment"
	if field := missingField.FindStringSubmatch(message); field != nil {
		f.Reason += ": " + field[1] + " is missing"
	} else if field := invalidField.FindStringSubmatch(message); field != nil {
		f.Reason += ": " + field[1]
		if rule := field[2]; rule != "" && !addresses.Repeats(rule, b) {
			f.Reason += ": " + rule
		}
	}
	f.Reason = strings.ToValidUTF8(f.Reason[:min(len(f.Reason), reasonMax)], "")
	return f
}
