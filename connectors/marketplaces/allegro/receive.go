package allegro

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"waybill/schemas"
)

// Limits of a delivery.
const (
	refBytesMax = 200     // Allegro's own references are UUIDs of 36
	ordersMax   = 100_000 // of one document: a page of the API has 100, but a file may hold many
)

// ErrTooMany is the answer to a document with more orders than are taken at once.
var ErrTooMany = errors.New("too many orders in one document")

// Receive cuts what was delivered into orders: a checkout form, a page of them as the API answers it, an array of either, or
// a page of order events, which do no more than name their order.
func (Marketplace) Receive(_ http.Header, body []byte) ([]schemas.RawOrder, error) {
	document := withoutMark(body)
	if err := validate(body, document); err != nil {
		return nil, err
	}
	var c cutter
	if document = bytes.TrimSpace(document); jx.Raw(document).Type() == jx.Array {
		c.each(document, c.element)
	} else {
		c.element(document)
	}
	if len(c.orders) > ordersMax {
		return nil, fmt.Errorf("cut the document into orders: %w: more than %d; split it", ErrTooMany, ordersMax)
	}
	return c.orders, nil
}

// withoutMark leaves out the byte order mark, which some editors put in front of a file.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }

// cutter walks a document that is known to be JSON, so it looks at no errors.
type cutter struct{ orders []schemas.RawOrder }

// element takes the order that the element is, or all those of the page that it is.
func (c *cutter) element(element jx.Raw) {
	if page := member(element, "checkoutForms", "events"); page.Type() == jx.Array {
		c.each(page, c.order)
		return
	}
	c.order(element)
}

func (c *cutter) order(element jx.Raw) {
	id := member(element, "id")
	if event := member(element, "order"); event.Type() == jx.Object {
		id = member(member(event, "checkoutForm"), "id") // the event has an id of its own
	}
	c.orders = append(c.orders, schemas.RawOrder{Ref: reference(id), Body: schemas.Body{Bytes: element}})
}

func (c *cutter) each(array jx.Raw, take func(element jx.Raw)) {
	d := jx.DecodeBytes(array)
	it, _ := d.ArrIter()
	for it.Next() && len(c.orders) <= ordersMax {
		element, _ := d.Raw()
		take(element)
	}
}

// member is the first field of any of those names, nil if there is none.
func member(object jx.Raw, names ...string) jx.Raw {
	if object.Type() != jx.Object {
		return nil
	}
	d := jx.DecodeBytes(object)
	it, _ := d.ObjIter()
	for it.Next() {
		for _, name := range names {
			if string(it.Key()) == name {
				value, _ := d.Raw()
				return value
			}
		}
		_ = d.Skip()
	}
	return nil
}

// reference reads an identifier, which is a text or a number; "" if it is neither or can not be a reference.
func reference(value jx.Raw) string {
	switch value.Type() {
	case jx.String:
		s, _ := jx.DecodeBytes(value).Str()
		if s = strings.TrimSpace(s); isReference(s) {
			return s
		}
	case jx.Number:
		if s := string(value); isReference(s) {
			return s
		}
	}
	return ""
}

// isReference refuses what could not be a key: too long, not UTF-8, or with something invisible in it.
func isReference(s string) bool {
	return len(s) <= refBytesMax && utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsGraphic(c) })
}
