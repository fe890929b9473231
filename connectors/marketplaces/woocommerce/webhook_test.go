package woocommerce

import (
	"errors"
	"net/http"
	"testing"

	"waybill/connectors/signature"
)

// secretOfTheTest and the signature were made with another implementation: openssl dgst -sha256 -hmac … -binary | base64.
const (
	secretOfTheTest = "not a secret"
	signedBody      = `{"id":727,"status":"processing"}`
	signedSum       = "A0CKEoMTGtuQMgDeZwOiiO6ATkW6WxpQkGdDkwgzwTg="
)

func delivered(body, sum string) *signature.Delivery {
	d := &signature.Delivery{Method: http.MethodPost, Header: http.Header{}, Body: []byte(body)}
	d.Header.Set("X-WC-Webhook-Delivery-ID", "36e520ebabc2fa725092ff4a47acedf2")
	if sum != "" {
		d.Header.Set("X-WC-Webhook-Signature", sum)
	}
	return d
}

func TestOnlyWhatTheShopSignedIsTaken(t *testing.T) {
	for _, c := range []struct {
		name, body, sum string
		secrets         []string
		want            error
	}{
		{"signed", signedBody, signedSum, []string{secretOfTheTest}, nil},
		{"signed with the secret before", signedBody, signedSum, []string{"new", secretOfTheTest}, nil},
		{"not signed", signedBody, "", []string{secretOfTheTest}, signature.ErrMissing},
		{"another body", signedBody + " ", signedSum, []string{secretOfTheTest}, signature.ErrWrong},
		{"another secret", signedBody, signedSum, []string{"new"}, signature.ErrWrong},
		{"no secret", signedBody, signedSum, nil, signature.ErrWrong},
		{"an empty secret", signedBody, "bcE8/ulYG7xBsB/KZIhZmBWo4YptT4BQZnZUKTby4MY=", []string{""}, signature.ErrWrong},
		{"cut", signedBody, signedSum[:20], []string{secretOfTheTest}, signature.ErrWrong},
	} {
		got, err := Marketplace{}.Verify(delivered(c.body, c.sum), c.secrets)
		if !errors.Is(err, c.want) || got != (signature.Verified{}) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

func TestOnlyThePingOfTheShopIsOne(t *testing.T) {
	for body, want := range map[string]bool{
		"webhook_id=7": true, "webhook_id=": false, "webhook_id=7&x=1": false, "webhook_id=-7": false, "": false, signedBody: false, " webhook_id=7": false,
	} {
		if got := (Marketplace{}).Ping(delivered(body, "")); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
	if (Marketplace{}).Ping(delivered("webhook_id=7", signedSum)) {
		t.Error("a ping is never signed")
	}
}
