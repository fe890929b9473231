package ups

import (
	"fmt"
	"net/http"
	"regexp"
	"time"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

// Limits of Track Alert: numbers of a subscription, and for how long one is good.
const (
	alertsMax = 100
	alertsFor = 14 * parcel.Day
)

// CredentialHeader carries the secret of a push, which UPS keeps for its customer.
const CredentialHeader = "credential"

var oneZ = regexp.MustCompile(`^1Z[0-9A-Z]{16}$`)

// subscribe follows packages from now on; nothing is told of what was before. That a locale is missing is a sample's code; that there are too many
// numbers, or that none is good, is one made up beside it.
func (u *UPS) subscribe(c *party.Call) party.Reply {
	var asked struct {
		Locale  string   `json:"locale"`
		Country string   `json:"countryCode"`
		Numbers []string `json:"trackingNumberList"`
	}
	switch {
	case !isObject(c.Body, &asked):
		return *bad("VSS301", "The request can not be read. The Subscription request has been rejected.")
	case asked.Locale == "":
		return *bad("VSS300", "Locale is required. The Subscription request has been rejected.")
	case len(asked.Numbers) == 0 || len(asked.Numbers) > alertsMax:
		return *bad("VSS302", fmt.Sprintf("Give 1 to %d tracking numbers. The Subscription request has been rejected.", alertsMax))
	}
	now := u.options.Calendar.Now()
	answer, good, wrong := map[string]any{}, []string{}, []string{}
	for _, number := range asked.Numbers {
		if !oneZ.MatchString(number) {
			wrong = append(wrong, number)
			continue
		}
		good = append(good, number)
		if u.parcels.Follow(number, now.Add(alertsFor)) {
			c.Done(number+" "+now.Format(time.RFC3339Nano), now.Add(alertsFor).Format(time.RFC3339))
		}
	}
	if len(wrong) > 0 {
		answer["invalidTrackingNumbers"] = wrong
	}
	if len(good) == 0 {
		answer["response"] = map[string]any{"errors": []any{map[string]string{"code": "VSS303", "message": "No tracking number is valid. The Subscription request has been rejected."}}}
		return party.JSON(http.StatusBadRequest, answer)
	}
	answer["validTrackingNumbers"] = good
	return party.JSON(http.StatusOK, answer)
}

// Teller posts each scan of a package that is followed. How often UPS tries again is not published; three times within some three hours is chosen.
func (u *UPS) Teller() parcel.Teller {
	return parcel.Teller{
		Book: u.parcels, Pauses: []time.Duration{5 * time.Minute, 30 * time.Minute, 2 * time.Hour},
		Tell: func(p parcel.Parcel, _ uint64) parcel.Message {
			return parcel.Message{JSON: alert(p), Header: http.Header{
				http.CanonicalHeaderKey(CredentialHeader): {u.options.PushSecret}, "User-Agent": {"UPSPubSubTrackingService"}, "X-Api-Key": {u.options.ClientID},
			}}
		},
	}
}

// alert is the flat message of a scan. Not every field is filled.
func alert(p parcel.Parcel) map[string]any {
	s, says := p.Last(), saysOf(p.Scans)
	local := s.At.In(parcel.Berlin)
	m := map[string]any{
		"trackingNumber": p.Number, "localActivityDate": local.Format(day), "localActivityTime": local.Format(hour),
		"activityLocation": map[string]string{"city": s.Place.City, "postalCode": s.Place.Code, "country": s.Place.Country},
		"activityStatus":   map[string]string{"type": says.kind, "code": says.code, "description": says.text, "descriptionCode": says.status},
		"gmtActivityDate":  s.At.Format(day), "gmtActivityTime": s.At.Format(hour),
	}
	if says.kind == "D" {
		m["actualDeliveryDate"], m["actualDeliveryTime"] = local.Format(day), local.Format(hour)
	}
	return m
}
