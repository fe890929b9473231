package connectors

import (
	"errors"
	"net/http"
	"time"

	"waybill/connectors/signature"
)

// verify tells whether a delivery comes from who has a secret of the party. Whatever is wrong, the answer is the same: who guesses
// learns nothing. The metrics tell it apart.
func (h *Webhooks) verify(v *visit, sent []byte) (signature.Verified, error) {
	secrets := v.party.secrets(SettingWebhookSecret)
	if len(secrets) == 0 {
		h.complain(v)
		return signature.Verified{}, unverified(outcomeNoSecret)
	}
	signed, err := verified(v, sent, secrets)
	switch {
	case err == nil:
		return signed, nil
	case errors.Is(err, signature.ErrMissing):
		return signed, unverified(outcomeUnsigned)
	case errors.Is(err, signature.ErrStale):
		return signed, unverified(outcomeStaleSignature)
	case errors.Is(err, signature.ErrUnchecked):
		return signed, refuse(http.StatusServiceUnavailable, outcomeUnchecked, "the signature can not be checked now: send it again").after(uncheckedWait)
	}
	return signed, unverified(outcomeWrongSignature)
}

// uncheckedWait is how long a sender is asked to wait for a key that can not be had now.
const uncheckedWait = 10 * time.Second

func verified(v *visit, sent []byte, secrets []string) (signature.Verified, error) {
	if v.party.Settings[SettingWebhookAuth] == WebhookToken {
		return signature.Verified{}, signature.Bearer(v.r.Header, secrets)
	}
	d := signature.Delivery{Method: v.r.Method, Header: v.r.Header, Body: sent, At: v.at}
	channel, own := v.party.Receiver.(Verifier)
	if !own {
		return signature.Standard(&d, secrets)
	}
	var signed signature.Verified
	var err error
	for _, d.URL = range v.addresses() {
		if signed, err = channel.Verify(&d, secrets); err == nil || errors.Is(err, signature.ErrStale) {
			break // what is stale was signed well
		}
	}
	return signed, err
}

// addresses are those by which the channel may know this door. Behind a proxy that ends TLS, or writes another host or path, only
// the setting tells.
func (v *visit) addresses() []string {
	if set := v.party.Settings[SettingCallbackURL]; set != "" {
		return []string{set}
	}
	rest := v.r.Host + v.r.URL.RequestURI()
	return []string{"https://" + rest, "http://" + rest}
}

func unverified(outcome string) answer {
	a := refuse(http.StatusUnauthorized, outcome, "the delivery is not signed with a secret of this party, or was signed too long ago")
	a.scheme = "Signature"
	return a
}

// complain says, once a minute, what a party lacks: a door without a secret is shut.
func (h *Webhooks) complain(v *visit) {
	if h.quiet[v.party.Name].AllowN(v.at, 1) {
		h.Log.Warn("a webhook was turned away, because its party has no secret to verify it with: set webhook_secret (or webhook_secret_file) in the settings of the party",
			"door", h.name, "party", v.party.Name)
	}
}
