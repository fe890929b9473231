// Package signature tells whether a delivery comes from who has the secret. It works on the bytes that came, compares in constant
// time, and takes any of a party's secrets, so that one can be exchanged for another without a gap. It knows no channel.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"time"
)

// Delivery is a request as it came.
type Delivery struct {
	Method string
	URL    string // by which the sender knows the door: scheme, host, path and query
	Header http.Header
	Body   []byte
	At     time.Time // of its arrival
}

// Verified is what a good signature vouches for.
type Verified struct {
	ID string    // the sender's own id of the delivery, the same when it is sent again; "" if the signature does not cover one
	At time.Time // when it was signed; zero if the signature does not say
}

// Why a delivery is not taken. All of them are answered alike: who guesses learns nothing.
var (
	ErrMissing = errors.New("there is no signature")
	ErrWrong   = errors.New("the signature does not match")
	ErrStale   = errors.New("it was signed too long ago, or in the future")
	// ErrNoSecret is our own lack: a door without a secret is shut.
	ErrNoSecret = errors.New("there is no secret to check it with")
	// ErrUnchecked is no word about the delivery: what it is to be checked with can not be had now.
	ErrUnchecked = errors.New("the key that it was signed with can not be had now")
)

// Tolerance is how far the time of a signature may be from that of its arrival, either way: five minutes, as Kaufland and
// Standard Webhooks have it.
const Tolerance = 5 * time.Minute

// Fresh tells whether a delivery was signed just now.
func Fresh(signed, arrived time.Time) bool {
	d := arrived.Sub(signed)
	return d <= Tolerance && d >= -Tolerance
}

// SHA256 is the HMAC-SHA256 of the parts of a message, one behind the other.
func SHA256(secret []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, secret)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// IsHex tells, in constant time, whether given is the sum in lower-case hex.
func IsHex(given string, sum []byte) bool { return Equal(given, hex.EncodeToString(sum)) }

// IsBase64 tells, in constant time, whether given is the sum in base64 (RFC 4648 §4).
func IsBase64(given string, sum []byte) bool {
	return Equal(given, base64.StdEncoding.EncodeToString(sum))
}

// Equal compares in constant time.
func Equal(given, want string) bool { return hmac.Equal([]byte(given), []byte(want)) }
