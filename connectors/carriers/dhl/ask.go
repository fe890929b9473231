package dhl

import (
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
)

// What is to be known of the two ways to ask DHL. The tracking of DHL Parcel DE takes 20 numbers a call, and by the account of those who use
// it 1,000 calls a day and three a second. Shipment Tracking - Unified has, unless DHL grants more, 250 calls a day and one a second.
const (
	askMax       = 20 * time.Second
	askedMax     = 8 << 20 // bytes: all events of 20 parcels
	piecesMax    = 20
	piecesDay    = 1000
	piecesSecond = 3

	unifiedDay    = 250
	unifiedSecond = 1

	askAddress     = "https://api-eu.dhl.com/parcel/de/tracking/v0"
	unifiedAddress = "https://api-eu.dhl.com/track"
)

// trackUnifiedly is the setting tracking of an account that asks Shipment Tracking - Unified.
const trackUnifiedly = "unified"

// Asker asks DHL how parcels stand.
type Asker struct {
	client         *remote.Client
	user, password string // nobody: it asks Shipment Tracking - Unified
}

// NewAsker is that of an account, nil if the account has nothing to ask with.
func NewAsker(settings map[string]string) (*Asker, scans.Asking, error) {
	switch way := settings["tracking"]; way {
	case "":
		return newPieces(settings)
	case trackUnifiedly:
		return newUnified(settings)
	default:
		return nil, scans.Asking{}, fmt.Errorf("dhl: the setting tracking is %q: write %s, or leave it out", way, trackUnifiedly)
	}
}

// newPieces asks the tracking of DHL Parcel DE, which wants to know the application (Basic) and, in the question, the user.
func newPieces(settings map[string]string) (*Asker, scans.Asking, error) {
	user, password := settings["tracking_user"], settings["tracking_password"]
	if user == "" && password == "" {
		return nil, scans.Asking{}, nil
	}
	for _, needed := range []string{"tracking_user", "tracking_password", "api_key", "api_secret"} {
		if settings[needed] == "" {
			return nil, scans.Asking{}, fmt.Errorf("dhl: the setting %s is missing: parcels can not be asked about without it", needed)
		}
	}
	client := remote.New(cmp.Or(settings["tracking_url"], askAddress), func(r *http.Request) {
		r.Header.Set("Accept", "application/xml")
		r.SetBasicAuth(settings["api_key"], settings["api_secret"])
	}).Hide(inAttribute(password))
	return &Asker{client: client.Long(askedMax), user: user, password: password},
		scans.Asking{NumbersMax: piecesMax, CallMax: askMax, PerSecond: piecesSecond, PerDay: piecesDay}, nil
}

// newUnified asks Shipment Tracking - Unified, which wants to know the application alone.
func newUnified(settings map[string]string) (*Asker, scans.Asking, error) {
	key := settings["api_key"]
	if key == "" {
		return nil, scans.Asking{}, nil
	}
	client := remote.New(cmp.Or(settings["unified_url"], unifiedAddress), func(r *http.Request) { r.Header.Set("DHL-API-Key", key) })
	return &Asker{client: client.Long(askedMax)},
		scans.Asking{NumbersMax: 1, CallMax: askMax, PerSecond: unifiedSecond, PerDay: unifiedDay}, nil
}

// Ask is what DHL says of parcels.
func (a *Asker) Ask(ctx context.Context, numbers []string) ([]byte, error) {
	if a.user == "" {
		return a.askUnified(ctx, numbers[0])
	}
	said, err := a.client.Get(ctx, "/shipments", url.Values{"xml": {a.question(numbers)}}, nil)
	if err != nil {
		return nil, remote.Asked(err)
	}
	if err := refusedPieces(said); err != nil {
		return nil, err
	}
	return said, nil
}

// askUnified names the service: without it a number may be that of another division's shipment.
func (a *Asker) askUnified(ctx context.Context, number string) ([]byte, error) {
	said, err := a.client.Get(ctx, "/shipments", url.Values{"trackingNumber": {number}, "service": {"parcel-de"}, "language": {"en"}}, new(json.RawMessage))
	said, err = remote.Heard(said, err, scans.Answers(Track, number))
	var f *remote.Failure
	if errors.As(err, &f) && f.Class == remote.Throttled && f.RetryAfter == 0 { // we keep to one a second, so it is the day's
		f.RetryAfter = remote.UntilQuota(time.Now())
	}
	return said, err
}

// question is the request d-get-piece-detail.
func (a *Asker) question(numbers []string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="no"?><data appname="` + inAttribute(a.user) + `" language-code="en" password="` + inAttribute(a.password) +
		`" piece-code="` + inAttribute(strings.Join(numbers, ";")) + `" request="d-get-piece-detail"/>`
}

// inAttribute is a text as it is written between the quotes of an attribute.
func inAttribute(text string) string {
	var written strings.Builder
	_ = xml.EscapeText(&written, []byte(text)) // a Builder takes everything
	return written.String()
}

// refusedPieces is the no that DHL says by a code, with a success: 0 is an answer, 100 that it has nothing of what was asked for.
func refusedPieces(said []byte) error {
	root := scans.NewSheet("dhl", "").TakeXML(said)
	if root == nil || root.Name != "data" {
		return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "DHL answered success, but no answer of its tracking"}
	}
	switch code := root.Attr["code"]; {
	case code == "", code == "0", code == "100", len(namedData(root, "piece-shipment")) > 0:
		return nil
	default:
		return &remote.Failure{
			Class: remote.Permanent, Code: "code_" + scans.Text(code), Reason: "DHL refuses the question: " + scans.Text(root.Attr["error"]) + ": look at tracking_user and tracking_password",
		}
	}
}
