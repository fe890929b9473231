package connectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// reader finds the order that a request is about: its reference, and its form.
type reader func(v *visit, body []byte) (schemas.RawOrder, error)

// created reads the order of a POST. Whether it can be taken, check says.
func created(v *visit, body []byte) (schemas.RawOrder, error) {
	if err := oneObject(body); err != nil {
		return schemas.RawOrder{}, err
	}
	orders, err := v.party.Receiver.Receive(v.r.Header, body)
	if err != nil || len(orders) != 1 {
		return schemas.RawOrder{}, faulty(schemas.Faults{{Code: reading.WrongType, Path: "$", Text: "this is not one order"}})
	}
	return orders[0], nil
}

// patched reads the change of a PATCH, to the order in its path.
func patched(v *visit, body []byte) (schemas.RawOrder, error) {
	ref, err := url.PathUnescape(strings.TrimPrefix(v.r.URL.EscapedPath(), OrdersPath+"/"))
	if err != nil || !isReference(ref) || strings.Contains(strings.TrimPrefix(v.r.URL.EscapedPath(), OrdersPath+"/"), "/") {
		return schemas.RawOrder{}, refuse(http.StatusBadRequest, outcomeWrongReference, fmt.Sprintf(
			"what stands behind %s/ is no reference: up to %d bytes, nothing invisible, a slash as %%2F", OrdersPath, refBytesMax))
	}
	switch kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type")); kind {
	case "application/merge-patch+json", "application/json":
	default:
		return schemas.RawOrder{}, refuse(http.StatusUnsupportedMediaType, outcomeWrongType, "a change comes as application/merge-patch+json (RFC 7396)")
	}
	if err := oneObject(body); err != nil {
		return schemas.RawOrder{}, err
	}
	return schemas.RawOrder{Ref: ref, Form: schemas.FormPatch}, keepsReference(body, ref)
}

// keepsReference refuses a change that would make another order of it, however often it names the field.
func keepsReference(patch []byte, ref string) error {
	kept := true
	err := jx.DecodeBytes(patch).ObjBytes(func(d *jx.Decoder, key []byte) error {
		value, err := d.Raw()
		kept = kept && (string(key) != "ref" || reading.Reference(value) == ref)
		return err
	})
	if err != nil {
		return refuse(http.StatusBadRequest, outcomeNotJSON, "the body is no JSON object")
	}
	if !kept {
		return refuse(http.StatusBadRequest, outcomeWrongReference, "$.ref is another reference than that of the path: a change keeps it, or leaves it out")
	}
	return nil
}

// check asks the channel whether it understands the order. A change is understood where the order is known.
func check(party Party, raw *schemas.RawOrder) error {
	channel, ok := party.Receiver.(Normalizer)
	if !ok || raw.Form != schemas.FormWhole {
		return nil
	}
	asked := *raw
	if strings.HasPrefix(raw.Ref, schemas.Unidentified) {
		asked.Ref = "" // it is not the order's own
	}
	_, err := channel.Normalize(&asked)
	var faults schemas.Faults
	switch {
	case errors.As(err, &faults):
		return faulty(faults)
	case err != nil:
		return faulty(schemas.Faults{{Code: reading.WrongType, Path: "$", Text: "the order can not be read"}})
	case asked.Ref == "":
		faults.Add(reading.MissingID, "$.ref", "an order has a reference of its own: up to %d bytes, nothing invisible", refBytesMax)
		return faulty(faults)
	}
	return nil
}

// oneObject says whether the body is one JSON object and nothing else.
func oneObject(body []byte) error {
	documents := 0
	for document, err := range documentsOf(body) {
		if documents++; documents > 1 {
			break
		}
		if err != nil {
			return malformed(&documentError{Document: document.Index + 1, Line: document.Line, err: err})
		}
	}
	if text := bytes.TrimLeft(body, " \t\r\n"); documents != 1 || text[0] != '{' {
		return refuse(http.StatusBadRequest, outcomeNotJSON, "the body is one JSON object")
	}
	return nil
}

// keyBytesMax bounds an idempotency key.
const keyBytesMax = 255

// idempotencyKey is the request's own, under which it is carried out once
// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header).
func idempotencyKey(header http.Header) (string, error) {
	keys := header.Values("Idempotency-Key")
	if len(keys) == 1 && keys[0] != "" && len(keys[0]) <= keyBytesMax && strings.IndexFunc(keys[0], notPrintableASCII) < 0 {
		return keys[0], nil
	}
	return "", refuse(http.StatusBadRequest, outcomeNoKey, fmt.Sprintf(
		"send one Idempotency-Key, 1 to %d printable ASCII characters, that is new for what is new and the same for what is sent again", keyBytesMax))
}

func notPrintableASCII(c rune) bool { return c < ' ' || c > '~' }

func hexSum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
