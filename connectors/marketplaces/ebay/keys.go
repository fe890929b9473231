package ebay

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"waybill/connectors/remote"
	"waybill/connectors/signature"
)

// Settings of a party that its notifications take.
const (
	settingURL      = "api_url"
	settingClient   = "api_client"
	settingSecret   = "api_secret"
	settingLogin    = "api_login_url"
	settingEndpoint = "callback_url"   // where eBay sends notifications, as it was told
	settingToken    = "webhook_secret" // the verification token that it was told, 32 to 80 characters
)

// applicationScope is all that it takes to ask for a key (commerce_notification_v1_oas3.json, getPublicKey).
const applicationScope = "https://api.ebay.com/oauth/api_scope"

// key is one that eBay signs with; nil stands for one that it does not have.
type key struct {
	public *ecdsa.PublicKey
	digest string
}

// Limits of what is remembered, and of what strangers can make us ask: the name of a key is anybody's word until its signature fits.
const (
	keyTime    = time.Hour // as eBay asks (event-notification-nodejs-sdk, README)
	noKeyTime  = 5 * time.Minute
	keysMax    = 64
	keyWait    = 3 * time.Second
	keysEvery  = time.Second
	keysAtOnce = 10
)

// keys are those of eBay that were asked for lately, for concurrent use.
type keys struct {
	client *remote.Client
	now    func() time.Time
	asked  *rate.Limiter
	flight singleflight.Group

	mu    sync.Mutex
	known map[string]known
}

type known struct {
	key   *key
	until time.Time
}

// keysOf are nil where nothing says how eBay is called.
func keysOf(settings map[string]string) (*keys, error) {
	if settings[settingURL] == "" || settings[settingClient] == "" {
		return nil, nil
	}
	login := remote.TokenSettings{
		URL: cmp.Or(settings[settingLogin], LoginURL), Client: settings[settingClient], Secret: settings[settingSecret], InHeader: true, Scope: applicationScope,
	}
	client := newClient(settings[settingURL], remote.ForClient(login))
	return &keys{client: client, now: time.Now, asked: rate.NewLimiter(rate.Every(keysEvery), keysAtOnce), known: map[string]known{}}, nil
}

// get is the key of that name: signature.ErrWrong if eBay has none, signature.ErrUnchecked if it can not be asked now. An old one is better
// than none.
func (k *keys) get(kid string) (*key, error) {
	k.mu.Lock()
	had, is := k.known[kid]
	k.mu.Unlock()
	if is && k.now().Before(had.until) {
		return had.answer()
	}
	got, err, _ := k.flight.Do(kid, func() (any, error) {
		if !k.asked.AllowN(k.now(), 1) {
			return nil, signature.ErrUnchecked
		}
		return k.fetch(kid)
	})
	switch {
	case err == nil:
		return got.(known).answer()
	case is && had.key != nil:
		return had.key, nil
	}
	return nil, signature.ErrUnchecked
}

func (n known) answer() (*key, error) {
	if n.key == nil {
		return nil, signature.ErrWrong
	}
	return n.key, nil
}

// fetch asks eBay, and remembers what it says, be it that there is no such key.
func (k *keys) fetch(kid string) (known, error) {
	ctx, cancel := context.WithTimeout(context.Background(), keyWait)
	defer cancel()
	var said struct {
		Key, Algorithm, Digest string
	}
	_, err := k.client.Get(ctx, "/commerce/notification/v1/public_key/"+kid, nil, &said)
	got := known{until: k.now().Add(noKeyTime)}
	var f *remote.Failure
	switch {
	case errors.As(err, &f) && (f.Status == http.StatusNotFound || f.Status == http.StatusBadRequest):
	case err != nil:
		return known{}, err
	default:
		if public := parseKey(said.Key); public != nil && strings.EqualFold(said.Algorithm, "ECDSA") {
			got = known{&key{public, strings.ToUpper(strings.ReplaceAll(said.Digest, "-", ""))}, k.now().Add(keyTime)}
		}
	}
	k.keep(kid, got)
	return got, nil
}

// keep remembers a key, in the place of the one that is good for the shortest time if there are too many: names that mean nothing go first.
func (k *keys) keep(kid string, got known) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, is := k.known[kid]; !is && len(k.known) >= keysMax {
		shortest := ""
		for name, n := range k.known {
			if shortest == "" || n.until.Before(k.known[shortest].until) {
				shortest = name
			}
		}
		delete(k.known, shortest)
	}
	k.known[kid] = got
}

// parseKey reads a key in PEM, which eBay writes without line breaks; nil if it is none.
func parseKey(text string) *ecdsa.PublicKey {
	text = strings.NewReplacer("-----BEGIN PUBLIC KEY-----", "", "-----END PUBLIC KEY-----", "", "\n", "", "\r", "", " ", "").Replace(text)
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil
	}
	curve, _ := public.(*ecdsa.PublicKey)
	return curve
}
