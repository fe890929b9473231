package inpost

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
)

// What is to be known of the tracking of ShipX: one parcel a call. Limits are not published: the calls a second are chosen.
const (
	askMax    = 20 * time.Second
	askSecond = 5
)

// Asker asks InPost how parcels stand.
type Asker struct{ client *remote.Client }

// NewAsker is that of an account. InPost tells everybody, so nothing of the account is shown.
func NewAsker(settings map[string]string) (*Asker, scans.Asking, error) {
	client := remote.New(cmp.Or(settings["tracking_url"], settings["url"], address), func(r *http.Request) { r.Header.Set("Accept-Language", "keys") })
	return &Asker{client}, scans.Asking{NumbersMax: 1, CallMax: askMax, PerSecond: askSecond}, nil
}

// Ask is what InPost says of a parcel; of one that it does not know it says so with 404.
func (a *Asker) Ask(ctx context.Context, numbers []string) ([]byte, error) {
	said, err := a.client.Get(ctx, "/v1/tracking/"+url.PathEscape(numbers[0]), nil, new(json.RawMessage))
	said, err = remote.Heard(said, err, scans.Answers(Track, numbers[0]))
	var f *remote.Failure
	if errors.As(err, &f) && f.Status == http.StatusNotFound { // of another page: it is no word on the parcel
		return nil, f
	}
	return said, remote.Asked(understood(err))
}
