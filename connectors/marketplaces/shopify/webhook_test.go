package shopify

import (
	"errors"
	"net/http"
	"testing"

	"waybill/connectors/signature"
)

// The signature was made with another implementation: openssl dgst -sha256 -hmac … -binary | base64.
const (
	secretOfTheTest = "not a secret"
	signedBody      = `{"id":727,"status":"processing"}`
	signedSum       = "A0CKEoMTGtuQMgDeZwOiiO6ATkW6WxpQkGdDkwgzwTg="
)

func delivered(body string, header string, sums ...string) *signature.Delivery {
	d := &signature.Delivery{Method: http.MethodPost, Header: http.Header{}, Body: []byte(body)}
	d.Header.Set("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
	for _, sum := range sums {
		d.Header.Add(header, sum)
	}
	return d
}

func TestOnlyWhatTheShopSignedIsTaken(t *testing.T) {
	const name, newer = "X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256"
	both := delivered(signedBody, name, signedSum)
	both.Header.Set(newer, signedSum)
	for _, c := range []struct {
		name     string
		delivery *signature.Delivery
		secrets  []string
		want     error
	}{
		{"signed", delivered(signedBody, name, signedSum), []string{secretOfTheTest}, nil},
		{"with a line break behind it", delivered(signedBody, name, signedSum+"\n"), []string{secretOfTheTest}, nil},
		{"under the newer name", delivered(signedBody, newer, signedSum), []string{secretOfTheTest}, nil},
		{"signed with the secret before", delivered(signedBody, name, signedSum), []string{"new", secretOfTheTest}, nil},
		{"not signed", delivered(signedBody, name), []string{secretOfTheTest}, signature.ErrMissing},
		{"signed with nothing", delivered(signedBody, name, ""), []string{secretOfTheTest}, signature.ErrMissing},
		{"signed twice", delivered(signedBody, name, signedSum, signedSum), []string{secretOfTheTest}, signature.ErrWrong},
		{"signed under both names", both, []string{secretOfTheTest}, signature.ErrWrong},
		{"another body", delivered(signedBody+" ", name, signedSum), []string{secretOfTheTest}, signature.ErrWrong},
		{"another secret", delivered(signedBody, name, signedSum), []string{"new"}, signature.ErrWrong},
		{"no secret", delivered(signedBody, name, signedSum), nil, signature.ErrWrong},
		{"an empty secret", delivered(signedBody, name, "bcE8/ulYG7xBsB/KZIhZmBWo4YptT4BQZnZUKTby4MY="), []string{""}, signature.ErrWrong},
		{"cut", delivered(signedBody, name, signedSum[:20]), []string{secretOfTheTest}, signature.ErrWrong},
	} {
		got, err := Marketplace{}.Verify(c.delivery, c.secrets)
		if !errors.Is(err, c.want) || got != (signature.Verified{}) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}
