package signature

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0.0, "Webhook headers").
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// Limits of what a sender may claim in those headers.
const (
	idBytesMax     = 256
	timeDigitsMax  = 12 // seconds since 1970, for some 30,000 years
	signaturesMax  = 16 // one a secret of the sender, and those of other versions
	standardScheme = "v1,"
	secretPrefix   = "whsec_"
)

// Standard verifies a delivery that was signed as Standard Webhooks has it (specification 1.0.0, "Signature scheme"): HMAC-SHA256
// over "id.timestamp.body" as they came, in base64. A secret is base64 behind whsec_, or else the very bytes of its text.
//
// An id with a full stop in it is refused: what was signed could be read in two ways, of which the specification warns.
func Standard(d *Delivery, secrets []string) (Verified, error) {
	id, ok := only(d.Header, headerID)
	timestamp, timed := only(d.Header, headerTimestamp)
	given := d.Header.Values(headerSignature)
	if !ok || !timed || len(given) == 0 {
		return Verified{}, ErrMissing
	}
	signed, ok := standardTime(timestamp)
	if !ok || len(id) > idBytesMax || strings.Contains(id, ".") || !signedWithAny(d.Body, id, timestamp, given, secrets) {
		return Verified{}, ErrWrong
	}
	if !Fresh(signed, d.At) {
		return Verified{}, ErrStale
	}
	return Verified{ID: id, At: signed}, nil
}

// SignStandard signs a body as Standard verifies it, and puts id, time and signature into the header.
func SignStandard(header http.Header, id string, at time.Time, body []byte, secret string) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	header.Set(headerID, id)
	header.Set(headerTimestamp, timestamp)
	header.Set(headerSignature, standardScheme+base64.StdEncoding.EncodeToString(standardSum(standardKey(secret), id, timestamp, body)))
}

// only is the value of a header that stands there once: of two, nobody knows which was signed.
func only(header http.Header, name string) (value string, ok bool) {
	values := header.Values(name)
	if len(values) != 1 {
		return "", false
	}
	return values[0], values[0] != ""
}

func standardTime(digits string) (time.Time, bool) {
	if len(digits) > timeDigitsMax || strings.Trim(digits, "0123456789") != "" {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(digits, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

func signedWithAny(body []byte, id, timestamp string, given, secrets []string) bool {
	signatures := strings.Fields(strings.Join(given, " "))
	for _, secret := range secrets {
		key := standardKey(secret)
		if len(key) == 0 {
			continue // anybody has that one
		}
		sum := standardSum(key, id, timestamp, body)
		for _, s := range signatures[:min(len(signatures), signaturesMax)] {
			if text, ok := strings.CutPrefix(s, standardScheme); ok && IsBase64(text, sum) {
				return true
			}
		}
	}
	return false
}

func standardSum(key []byte, id, timestamp string, body []byte) []byte {
	return SHA256(key, []byte(id+"."+timestamp+"."), body)
}

func standardKey(secret string) []byte {
	if text, ok := strings.CutPrefix(secret, secretPrefix); ok {
		if key, err := base64.StdEncoding.DecodeString(text); err == nil {
			return key
		}
	}
	return []byte(secret)
}
