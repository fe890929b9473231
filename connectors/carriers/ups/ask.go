package ups

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
	"waybill/connectors/signature"
)

// What is to be known of the Tracking API and of Track Alert v2 (Tracking.yaml, UPSTrackAlert.yaml): one parcel a call, 100 in a
// subscription, which ends after 14 days. The calls a second are chosen.
const (
	askMax        = 20 * time.Second
	askedMax      = 4 << 20 // bytes: all packages of a shipment are in it
	askSecond     = 5
	subscribeMax  = 100
	subscribedFor = 14 * 24 * time.Hour
)

// Asker asks UPS how parcels stand, and subscribes to what it pushes of them.
type Asker struct {
	client      *remote.Client
	destination *destination
}

// NewAsker is that of an account, nil if the account has nothing to ask with. Without a secret for pushes, none is subscribed to.
func NewAsker(settings map[string]string) (*Asker, scans.Asking, error) {
	id, secret := settings["client_id"], settings["client_secret"]
	if id == "" && secret == "" {
		return nil, scans.Asking{}, nil
	}
	if id == "" || secret == "" {
		return nil, scans.Asking{}, fmt.Errorf("ups: client_id and client_secret go together: one of them is missing")
	}
	a := &Asker{client: speak(cmp.Or(settings["tracking_url"], settings["url"], address), settings).Long(askedMax)}
	asking := scans.Asking{NumbersMax: 1, CallMax: askMax, PerSecond: askSecond}
	secrets := signature.Secrets(settings, scans.SettingPushSecret)
	if len(secrets) > 0 {
		asking.SubscribeMax, asking.SubscribedFor = subscribeMax, subscribedFor
	}
	back := settings["push_url"]
	if back == "" {
		return a, asking, nil
	}
	if u, err := url.Parse(back); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, scans.Asking{}, fmt.Errorf("ups: push_url is no http(s) address: write the one by which UPS reaches the door of this party")
	}
	if len(secrets) == 0 {
		return nil, scans.Asking{}, fmt.Errorf("ups: the setting push_secret is missing: push_url is told to UPS with it, and the door takes nothing without it")
	}
	a.destination = &destination{URL: back, CredentialType: "Bearer", Credential: secrets[0]}
	a.client.Hide(secrets[0])
	return a, asking, nil
}

// Ask is what UPS says of a parcel. One that it does not know it answers with 200 and a warning, or with 404.
func (a *Asker) Ask(ctx context.Context, numbers []string) ([]byte, error) {
	said, err := a.client.Get(ctx, "/track/v1/details/"+url.PathEscape(numbers[0]), url.Values{"locale": {"en_US"}}, new(json.RawMessage))
	said, err = remote.Heard(said, err, scans.Answers(Track, numbers[0]))
	return said, remote.Asked(understood(err, nil))
}

// subscription is a TrackSubsServiceRequest. The locale is asked for, and reserved for future use.
type subscription struct {
	Locale      string       `json:"locale"`
	Country     string       `json:"countryCode"`
	Numbers     []string     `json:"trackingNumberList"`
	Destination *destination `json:"destination,omitempty"` // else the one that the account has at UPS
}

// destination is where UPS pushes to, and what it shows there in the header credential.
type destination struct {
	URL            string `json:"url"`
	CredentialType string `json:"credentialType"`
	Credential     string `json:"credential"`
}

// Subscribe has UPS push what happens to parcels from now on. A subscription that is made again is only longer: it can be repeated. Its
// answer names those that UPS took, and those that it did not.
func (a *Asker) Subscribe(ctx context.Context, numbers []string) ([]byte, error) {
	said, err := a.client.Send(ctx, http.MethodPost, "/track/v2/subscription/standard/package", nil, subscription{
		Locale: "en_US", Country: "US", Numbers: numbers, Destination: a.destination,
	})
	return said, remote.Asked(understood(err, nil))
}
