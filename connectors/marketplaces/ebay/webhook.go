package ebay

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha1" //nolint:gosec // eBay signs with it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/connectors/signature"
)

// headerSignature carries the signature: base64 of {"alg":"ecdsa","kid":…,"signature":…,"digest":"SHA1"} (eBay/event-notification-nodejs-sdk).
const headerSignature = "X-EBAY-SIGNATURE"

// Bounds of what a stranger may say before he is known.
const (
	signatureBytesMax = 2048
	challengeBytesMax = 256
)

// Verify tells whether eBay signed a notification: with ECDSA, over the message as compact JSON, under a key of eBay's that is fetched by its
// name. The secret of the party is the verification token, which takes part in the challenge alone. A notification says when it was sent, but
// for how long it may be sent again nobody documents, so that its id alone tells a repeat.
func (m Marketplace) Verify(d *signature.Delivery, _ []string) (none signature.Verified, err error) {
	given := d.Header.Values(headerSignature)
	if len(given) == 0 || given[0] == "" {
		return none, signature.ErrMissing
	}
	kid, sum, ok := signed(given)
	if !ok {
		return none, signature.ErrWrong
	}
	if m.keys == nil {
		return none, signature.ErrUnchecked
	}
	public, err := m.keys.get(kid)
	if err != nil {
		return none, err
	}
	if !public.signed(d.Body, sum) {
		return none, signature.ErrWrong
	}
	found, _ := reading.Pick(jx.Raw(bytes.TrimSpace(d.Body)), "notification")
	inner, _ := reading.Pick(found[0], "notificationId")
	return signature.Verified{ID: reading.Reference(inner[0])}, nil
}

// signed is the name of the key and the signature that a header has; of two, each reader could believe another.
func signed(given []string) (kid string, sum []byte, ok bool) {
	if len(given) > 1 || len(given[0]) > signatureBytesMax {
		return "", nil, false
	}
	text, err := base64.StdEncoding.DecodeString(given[0])
	if err != nil {
		return "", nil, false
	}
	var said struct {
		Alg, Kid, Signature string
	}
	if json.Unmarshal(text, &said) != nil || !strings.EqualFold(said.Alg, "ecdsa") || !isKeyName(said.Kid) {
		return "", nil, false
	}
	sum, err = base64.StdEncoding.DecodeString(said.Signature)
	return said.Kid, sum, err == nil
}

// keyNameMax is longer than a UUID.
const keyNameMax = 64

// isKeyName refuses what could mean more than itself within an address that is asked for.
func isKeyName(kid string) bool {
	return kid != "" && len(kid) <= keyNameMax && strings.IndexFunc(kid, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-'
	}) < 0
}

// signed tells whether the key signed the body as it came, or as eBay's own libraries check it: as compact JSON, its fields in their order.
func (k *key) signed(body, sum []byte) bool {
	if k.verify(body, sum) {
		return true
	}
	var compact bytes.Buffer
	return json.Compact(&compact, body) == nil && k.verify(compact.Bytes(), sum)
}

func (k *key) verify(message, sum []byte) bool {
	if k.digest == "SHA256" {
		digest := sha256.Sum256(message)
		return ecdsa.VerifyASN1(k.public, digest[:], sum)
	}
	digest := sha1.Sum(message) //nolint:gosec // eBay signs with it
	return ecdsa.VerifyASN1(k.public, digest[:], sum)
}

// Challenge answers the GET by which eBay makes sure who listens at an address: with the SHA-256 of the challenge, the verification token and
// the address, in hex, as JSON. The address is callback_url, letter for letter as it was given to eBay.
func (m Marketplace) Challenge(query url.Values) (answer string, ok bool) {
	challenges := query["challenge_code"]
	if len(challenges) != 1 || challenges[0] == "" || len(challenges[0]) > challengeBytesMax || m.token == "" || m.endpoint == "" {
		return "", false
	}
	sum := sha256.Sum256([]byte(challenges[0] + m.token + m.endpoint))
	return `{"challengeResponse":"` + hex.EncodeToString(sum[:]) + `"}`, true
}
