package amazon

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"waybill/connectors/remote"
)

// codeInvalid is Amazon's word that a request is wrong as it is.
const codeInvalid = "InvalidInput"

// classes are the failures by Amazon's codes (ErrorList of orders_2026-01-01.json and ordersV0.json; developer-docs.amazon.com/sp-api, SP-API
// errors). Codes that are not here are sorted by their status.
var classes = []struct{ code, class string }{
	{"QuotaExceeded", remote.Throttled},
	{"Unauthorized", remote.Authentication},
	{"AccessDenied", remote.Authentication},
	{codeInvalid, remote.Permanent},
	{"BadRequest", remote.Permanent},
	{"InternalFailure", remote.Transient},
	{"InternalError", remote.Transient},
	{"ServiceUnavailable", remote.Transient},
}

// understood sorts a refusal by its code. Amazon spells the same one with and without spaces: its own example of confirmShipment says
// "Invalid Input". A 404 that does not come from the API says that its address is wrong, and nothing of an order.
func understood(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	var list struct {
		Errors []struct{ Code, Message, Details string }
	}
	if json.Unmarshal(f.Said, &list) != nil || len(list.Errors) == 0 || list.Errors[0].Code == "" {
		return err
	}
	first := list.Errors[0]
	f.Code = cut(strings.Join(strings.Fields(first.Code), ""))
	if f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	f.Reason = "Amazon says: " + cut(first.Message)
	if first.Details != "" && first.Details != first.Message {
		f.Reason += "; " + cut(first.Details)
	}
	for _, known := range classes {
		if strings.EqualFold(known.code, f.Code) {
			f.Code, f.Class = known.code, known.class
			f.Perhaps = known.class == remote.Transient
		}
	}
	return f
}

// saidMax bounds what is repeated of Amazon's words, in bytes.
const saidMax = 300

func cut(text string) string { return strings.ToValidUTF8(text[:min(len(text), saidMax)], "") }

func isThrottled(err error) bool {
	var f *remote.Failure
	return errors.As(err, &f) && f.Class == remote.Throttled
}
