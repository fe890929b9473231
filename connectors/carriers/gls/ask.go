package gls

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
)

// What is to be known of Track & Trace V1 (1.0.7): 10 parcels a call, and 500 calls a day unless GLS grants more. The calls a second are
// chosen.
const (
	askMax     = 20 * time.Second
	askedMax   = 8 << 20 // bytes: all events of 10 parcels
	numbersMax = 10
	askDay     = 500
	askSecond  = 5

	askAddress = "https://api.gls-group.net/track-and-trace-v1"
)

// quotaViolation is the fault of the door in front of the service when the calls of a day are used up.
const quotaViolation = "policies.ratelimit.QuotaViolation"

// Asker asks GLS how parcels stand.
type Asker struct{ client *remote.Client }

// NewAsker is that of an account, nil if the account has nothing to ask with.
func NewAsker(settings map[string]string) (*Asker, scans.Asking, error) {
	id, secret := settings["client_id"], settings["client_secret"]
	if id == "" && secret == "" {
		return nil, scans.Asking{}, nil
	}
	if id == "" || secret == "" {
		return nil, scans.Asking{}, fmt.Errorf("gls: client_id and client_secret go together: one of them is missing")
	}
	client := remote.New(cmp.Or(settings["tracking_url"], askAddress), func(*http.Request) {}).With(remote.ForClient(login(settings)), bear)
	return &Asker{client.Long(askedMax)}, scans.Asking{NumbersMax: numbersMax, CallMax: askMax, PerSecond: askSecond, PerDay: askDay}, nil
}

// Ask is what GLS says of parcels. One that it does not know is one within a good answer.
func (a *Asker) Ask(ctx context.Context, numbers []string) ([]byte, error) {
	ids := make([]string, len(numbers))
	for i, number := range numbers {
		ids[i] = url.PathEscape(number)
	}
	said, err := a.client.Get(ctx, "/tracking/simple/trackids/"+strings.Join(ids, ","), nil, new(json.RawMessage))
	said, err = remote.Heard(said, err, scans.Answers(Track, numbers[0]))
	var f *remote.Failure
	if errors.As(err, &f) && f.Class == remote.Throttled && f.RetryAfter == 0 && bytes.Contains(f.Said, []byte(quotaViolation)) {
		f.RetryAfter = remote.UntilQuota(time.Now())
	}
	return said, err
}
