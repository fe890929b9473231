package connectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"waybill/connectors/reading"
	"waybill/schemas"
	"waybill/topics"
)

// refBytesMax bounds a reference: it becomes the key of every record about its order.
const refBytesMax = 200

// delivery is what came in one request, on its way to become messages.
type delivery struct {
	Party
	origin       string
	id           string // the sender's own of the delivery
	at           schemas.Millis
	contentType  string
	headers      []schemas.Header
	traceparent  string
	bodyBytesMax int
	ordersMax    int
	messages     []topics.Message
}

// delivery is what the visit brings.
func (d *door) delivery(v *visit, origin string) *delivery {
	header := v.r.Header
	return &delivery{
		Party: v.party, origin: origin, at: schemas.At(v.at),
		contentType: clip(header.Get("Content-Type")), headers: kept(header), traceparent: traceparent(header),
		bodyBytesMax: d.limits.BodyBytesMax, ordersMax: d.limits.DocumentsMax,
	}
}

// cut makes one message an order of the body.
func (d *delivery) cut(header http.Header, body []byte) error {
	documents := 0
	for document, err := range documentsOf(body) {
		documents++
		if err == nil {
			err = d.add(header, document)
		}
		if err != nil {
			return &documentError{Document: document.Index + 1, Line: document.Line, err: err}
		}
	}
	if documents == 0 && !holdsArray(body) {
		return &documentError{Document: 1, Line: 1, err: schemas.SyntaxAt(body, len(body), "the body holds no document")}
	}
	return nil
}

// add appends the orders of one document. A document that is JSON but tells its channel nothing is an order without a
// reference: it is stored as it came, and the trash will say what is wrong with it.
func (d *delivery) add(header http.Header, document Document) error {
	orders, err := d.Receiver.Receive(header, document.Bytes)
	switch {
	case errors.Is(err, reading.ErrTooMany):
		return d.tooMany()
	case err != nil:
		orders = []schemas.RawOrder{{Body: schemas.Body{Bytes: document.Bytes}}}
	}
	if len(d.messages)+len(orders) > d.ordersMax {
		return d.tooMany()
	}
	for i := range orders {
		if len(orders[i].Body.Bytes) > d.bodyBytesMax {
			return &tooMuchError{fmt.Sprintf("the order is longer than %d bytes", d.bodyBytesMax)}
		}
		d.messages = append(d.messages, d.message(orders[i]))
	}
	return nil
}

func (d *delivery) tooMany() error {
	return &tooMuchError{fmt.Sprintf("more than %d orders in one request: send them in several", d.ordersMax)}
}

// asSent keeps the only order of a body as it was sent, with the white space around it, so that its hash is that of the sender.
func (d *delivery) asSent(body []byte) {
	if len(d.messages) != 1 || len(body) > d.bodyBytesMax {
		return
	}
	raw := d.messages[0].Value.(*schemas.RawOrder)
	if bytes.Equal(bytes.Trim(body, " \t\r\n"), raw.Body.Bytes) {
		raw.Body.Bytes = body
	}
}

func (d *delivery) message(raw schemas.RawOrder) topics.Message {
	raw.Ref = reference(raw)
	raw.OrderID = schemas.OrderID(d.Name, raw.Ref)
	raw.Party, raw.Seller, raw.Channel, raw.Origin = d.Name, d.Seller, d.Channel, d.origin
	raw.ReceivedAt, raw.ContentType, raw.Headers = d.at, d.contentType, d.headers
	if d.id != "" {
		raw.DeliveryID = clip(d.id)
	}
	return topics.Message{
		Topic: topics.OrdersRaw,
		Key:   raw.OrderID,
		Value: &raw,
		Headers: []topics.Header{
			{Key: topics.HeaderOrigin, Value: []byte(raw.Origin)},
			{Key: topics.HeaderOrderID, Value: []byte(raw.OrderID)},
			{Key: topics.HeaderTraceparent, Value: []byte(d.traceparent)},
		},
	}
}

// reference is the order's own, if it is fit to be part of a key.
func reference(raw schemas.RawOrder) string {
	if isReference(raw.Ref) {
		return raw.Ref
	}
	sum := sha256.Sum256(raw.Body.Bytes)
	return schemas.Unidentified + hex.EncodeToString(sum[:16])
}

func isReference(ref string) bool {
	return ref != "" && len(ref) <= refBytesMax && utf8.ValidString(ref) && strings.IndexFunc(ref, unprintable) < 0
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
