package inpost

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// shipment is one as InPost shows it, also in lists.
type shipment struct {
	ID           json.Number   `json:"id"`
	Status       string        `json:"status"`
	Number       string        `json:"tracking_number"` // only when it is bought
	Reference    string        `json:"reference"`
	Offers       []offer       `json:"offers"`
	Offer        *offer        `json:"selected_offer"`
	Transactions []transaction `json:"transactions"`
}

type offer struct {
	Status   string       `json:"status"`
	Rate     *json.Number `json:"rate"`
	Currency string       `json:"currency"`
	Reasons  []struct {
		Key string `json:"key"`
	} `json:"unavailability_reasons"`
}

type transaction struct {
	Status  string `json:"status"`
	Details struct {
		Error string `json:"error"` // the rest of it may hold the e-mail address of the account's owner
	} `json:"details"`
}

// statusCancelled is that of a shipment that was taken back.
const statusCancelled = "canceled"

// readShipment reads one; without a number of its own it is none.
func readShipment(said []byte) (*shipment, error) {
	s := new(shipment)
	if err := json.Unmarshal(said, s); err != nil || !identity.MatchString(s.ID.String()) {
		return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "InPost answered success, but it names no shipment", Perhaps: true}
	}
	return s, nil
}

// booked is how far it is.
func (s *shipment) booked() (schemas.Booked, error) {
	booked := schemas.Booked{Ref: s.ID.String()}
	switch {
	case s.Status == statusCancelled:
		return booked, &remote.Failure{Class: remote.Business, Code: "is_cancelled", Reason: "the shipment was taken back at InPost"}
	case s.Number == "":
		booked.Pending = true
		return booked, s.unpaid()
	}
	if o := s.Offer; o != nil && o.Rate != nil {
		if cost, err := schemas.ParseMoney(o.Rate.String(), o.Currency); err == nil {
			booked.Cost = &cost
		}
	}
	return booked, nil
}

// unpaid is why it will not be bought; nil if it still may. There is no state for that.
func (s *shipment) unpaid() error {
	failed := ""
	for _, t := range s.Transactions {
		if t.Status != "failure" {
			return nil
		}
		failed = key(t.Details.Error, "transaction_failure")
	}
	if failed != "" {
		return &remote.Failure{Class: remote.Business, Code: failed, Reason: "InPost could not be paid for the shipment: " + failed}
	}
	for _, o := range s.Offers {
		if o.Status != "unavailable" && o.Status != "expired" {
			return nil
		}
		for _, r := range o.Reasons {
			failed = key(r.Key, failed)
		}
	}
	if len(s.Offers) == 0 {
		return nil
	}
	if failed == "" {
		failed = "offer_unavailable"
	}
	return &remote.Failure{Class: remote.Business, Code: failed, Reason: "InPost has no offer for the shipment: " + failed}
}

// keys are InPost's own words: a text with digits or capitals in it may repeat what was sent.
var keys = regexp.MustCompile(`^[a-z_]{1,60}$`)

func key(word, otherwise string) string {
	if keys.MatchString(word) {
		return word
	}
	return otherwise
}

const (
	invalidAction    = "invalid_action"
	validationFailed = "validation_failed"
)

// sent are the fields that a refusal may name: those that we send, and no others.
var sent = []string{
	"receiver", "company_name", "first_name", "last_name", "email", "phone", "address", "line1", "city", "post_code", "country_code", "parcels", "template",
	"dimensions", "length", "width", "height", "weight", "amount", "unit", "custom_attributes", "target_point", "sending_method", "service", "reference",
}

// understood sorts a refusal by its key, which says more than its status.
func understood(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) || f.Status == 0 {
		return err
	}
	if f.Status == http.StatusNotFound {
		return remote.ErrAbsent
	}
	var problem struct {
		Error   string `json:"error"`
		Details any    `json:"details"`
	}
	if json.Unmarshal(f.Said, &problem) != nil || key(problem.Error, "") == "" {
		return err
	}
	f.Code = problem.Error
	f.Reason = "InPost says: " + f.Code
	if f.Class == remote.Permanent {
		f.Class = remote.Business
	}
	if f.Code == validationFailed {
		var named []string
		fields(problem.Details, nil, &named)
		slices.Sort(named)
		if len(named) > 0 {
			f.Code = named[0]
			f.Reason = "InPost refuses " + strings.Join(named, ", ")
		}
	}
	return f
}

// fields are the paths that a refusal names, with what is wrong there: nested, or flat, in lists or not.
func fields(details any, path []string, named *[]string) {
	switch d := details.(type) {
	case map[string]any:
		for name, inner := range d {
			if slices.Contains(sent, name) {
				fields(inner, append(slices.Clone(path), name), named)
			}
		}
	case []any:
		for _, inner := range d {
			fields(inner, path, named)
		}
	case string:
		if len(path) > 0 && keys.MatchString(d) {
			*named = append(*named, strings.TrimPrefix(fmt.Sprint(strings.Join(path, "."), ".", d), "custom_attributes."))
		}
	}
}
