package kaufland

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"waybill/connectors/reading"
	"waybill/connectors/signature"
)

// Headers of a signed message, either way (sellerapi.kaufland.com/?page=rest-api).
const (
	HeaderTimestamp = "Shop-Timestamp" // Unix seconds
	HeaderSignature = "Shop-Signature"
)

// Bounds of what a stranger may say before he is known.
const (
	timestampDigitsMax = 11 // seconds until the year 5138
	challengeBytesMax  = 256
)

// Sign is the signature of a message to or from Kaufland, in lower-case hex: HMAC-SHA256 over four lines, which are the method,
// the whole URI, the body and the Unix time in seconds. The key is the secret as it is written, though it looks like hex.
func Sign(secret, method, uri string, body []byte, unix int64) string {
	return hex.EncodeToString(sum(secret, method, uri, body, strconv.FormatInt(unix, 10)))
}

func sum(secret, method, uri string, body []byte, timestamp string) []byte {
	return signature.SHA256([]byte(secret), []byte(method+"\n"+uri+"\n"), body, []byte("\n"+timestamp))
}

// Verify tells whether a push was signed with one of the secrets, within the tolerance of its arrival. The signature may be in hex,
// as in the documentation's own example, or in base64, as its text has it. Every secret and both spellings are tried, whichever fits.
func (Marketplace) Verify(d *signature.Delivery, secrets []string) (signature.Verified, error) {
	timestamp, given, err := signed(d.Header)
	if err != nil {
		return signature.Verified{}, err
	}
	known := false
	for _, secret := range secrets {
		want := sum(secret, d.Method, d.URL, d.Body, timestamp)
		isHex, isBase64 := signature.IsHex(given, want), signature.IsBase64(given, want)
		known = known || (secret != "" && (isHex || isBase64)) // both were compared by now
	}
	at, plain := unixTime(timestamp)
	switch {
	case !known || !plain || strings.Contains(d.Method+d.URL, "\n"): // a line of its own could be another's
		return signature.Verified{}, signature.ErrWrong
	case !signature.Fresh(at, d.At):
		return signature.Verified{}, signature.ErrStale
	}
	found, _ := reading.Pick(d.Body, "id_message")
	return signature.Verified{ID: reading.Reference(found[0]), At: at}, nil
}

// signed is the one time and the one signature that a message must have: of two, each reader could believe another.
func signed(header http.Header) (timestamp, given string, err error) {
	timestamps, signatures := header.Values(HeaderTimestamp), header.Values(HeaderSignature)
	switch {
	case len(timestamps) == 0 || len(signatures) == 0 || timestamps[0] == "" || signatures[0] == "":
		return "", "", signature.ErrMissing
	case len(timestamps) > 1 || len(signatures) > 1:
		return "", "", signature.ErrWrong
	}
	return timestamps[0], signatures[0], nil
}

// unixTime reads plain digits: no sign, no space, no fraction, no zero in front.
func unixTime(digits string) (at time.Time, ok bool) {
	if len(digits) > timestampDigitsMax || !isDigits(digits) || digits[0] == '0' {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(digits, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// Challenge answers the GET by which Kaufland makes sure who listens at an address, before it subscribes it: the challenge comes
// back as it is (sellerapi.kaufland.com/?page=push-notifications).
func (Marketplace) Challenge(query url.Values) (answer string, ok bool) {
	modes, challenges := query["mode"], query["challenge"]
	if len(modes) != 1 || modes[0] != "subscribe" || len(challenges) != 1 {
		return "", false
	}
	challenge := challenges[0]
	if challenge == "" || len(challenge) > challengeBytesMax || strings.IndexFunc(challenge, func(c rune) bool { return c <= ' ' || c > '~' }) >= 0 {
		return "", false
	}
	return challenge, true
}
