package signature

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// SuffixOld behind the name of a secret is the one that it replaces: both are good while they are exchanged.
const SuffixOld = "_old"

// Secrets are those of that name which there are.
func Secrets(settings map[string]string, name string) (all []string) {
	for _, name := range []string{name, name + SuffixOld} {
		if secret := settings[name]; secret != "" {
			all = append(all, secret)
		}
	}
	return all
}

// Shown tells whether what a sender shows is one of the secrets. It takes the same time for every wrong one, of whatever length.
func Shown(given string, secrets []string) error {
	if len(secrets) == 0 {
		return ErrNoSecret
	}
	if given == "" {
		return ErrMissing
	}
	sum := sha256.Sum256([]byte(given))
	match := 0
	for _, secret := range secrets {
		if secret == "" {
			continue // anybody has that one
		}
		want := sha256.Sum256([]byte(secret))
		match |= subtle.ConstantTimeCompare(sum[:], want[:])
	}
	if match == 0 {
		return ErrWrong
	}
	return nil
}

// InHeader tells whether a header that stands there once shows one of the secrets.
func InHeader(header http.Header, name string, secrets []string) error {
	given, _ := only(header, name)
	return Shown(given, secrets)
}
