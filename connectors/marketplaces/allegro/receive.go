package allegro

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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
	document := bytes.Trim(withoutMark(body), " \t\r\n")
	var c cutter
	var err error
	if jx.Raw(document).Type() == jx.Array {
		err = c.each(document, c.element)
	} else {
		err = c.element(document)
	}
	switch {
	case len(c.orders) > ordersMax:
		return nil, fmt.Errorf("cut the document into orders: %w: more than %d; split it", ErrTooMany, ordersMax)
	case err != nil:
		return nil, fmt.Errorf("read JSON: %w", locate(body))
	}
	return c.orders, nil
}

// withoutMark leaves out the byte order mark, which some editors put in front of a file.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }

// cutter takes a document apart and leaves the bytes of its parts as they are.
type cutter struct{ orders []schemas.RawOrder }

// element takes the order that the element is, or all those of the page that it is.
func (c *cutter) element(element jx.Raw) error {
	found, err := pick(element, "checkoutForms", "events", "id", "order", "lineItems")
	if err != nil {
		return err
	}
	for _, page := range found[:2] {
		if page.Type() == jx.Array {
			return c.each(page, c.order)
		}
	}
	return c.take(element, found[2], found[3], found[4])
}

func (c *cutter) order(element jx.Raw) error {
	found, err := pick(element, "id", "order", "lineItems")
	if err != nil {
		return err
	}
	return c.take(element, found[0], found[1], found[2])
}

// take adds an order. An event, which has an order but no lines, has an id of its own: its order's stands further in.
func (c *cutter) take(element, id, event, lines jx.Raw) error {
	if event.Type() == jx.Object && lines == nil {
		found, _ := pick(event, "checkoutForm")
		found, _ = pick(found[0], "id")
		id = found[0]
	}
	c.orders = append(c.orders, schemas.RawOrder{Ref: reference(id), Body: schemas.Body{Bytes: element}})
	return nil
}

func (c *cutter) each(array jx.Raw, take func(element jx.Raw) error) error {
	d := jx.DecodeBytes(array)
	it, err := d.ArrIter()
	for err == nil && it.Next() && len(c.orders) <= ordersMax {
		var element jx.Raw
		if element, err = d.Raw(); err == nil {
			err = take(element)
		}
	}
	return ended(d, err, it.Err())
}

// pick is the first field of each of those names, nil where there is none. It reads to the end, so it answers whether all of it
// is JSON.
func pick(value jx.Raw, names ...string) (found [5]jx.Raw, err error) {
	d := jx.DecodeBytes(value)
	if d.Next() != jx.Object {
		return found, ended(d, d.Skip(), nil)
	}
	it, err := d.ObjIter()
	for err == nil && it.Next() {
		var field jx.Raw
		i := slices.Index(names, string(it.Key()))
		if field, err = d.Raw(); i >= 0 && found[i] == nil {
			found[i] = field
		}
	}
	return found, ended(d, err, it.Err())
}

var errRest = errors.New("something follows the document")

// ended answers the first of the errors, or whether anything but space is left.
func ended(d *jx.Decoder, err, more error) error {
	switch {
	case err != nil:
		return err
	case more != nil:
		return more
	case !errors.Is(d.Skip(), io.EOF):
		return errRest
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
