package signature

import (
	"net/http"
	"strings"
)

// Bearer tells whether a request shows one of the secrets, as "Authorization: Bearer …" (RFC 6750 §2.1) or as X-Api-Key: for
// senders that can not sign, such as relays. It takes the same time for every wrong one, of whatever length.
func Bearer(header http.Header, secrets []string) error {
	given, ok := shown(header)
	if !ok {
		return ErrMissing
	}
	if given == "" {
		return ErrWrong
	}
	if err := Shown(given, secrets); err != ErrNoSecret {
		return err
	}
	return ErrWrong
}

func shown(header http.Header) (secret string, ok bool) {
	if authorization, ok := only(header, "Authorization"); ok {
		scheme, secret, _ := strings.Cut(authorization, " ")
		return strings.TrimSpace(secret), strings.EqualFold(scheme, "Bearer")
	}
	return only(header, "X-Api-Key")
}
