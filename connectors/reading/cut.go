package reading

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"waybill/schemas"
)

// Limits of a delivery.
const (
	RefBytesMax = 200     // of a reference: it becomes the key of every record about its order
	OrdersMax   = 100_000 // of one document: a page of an API has some hundred, but a file may hold many
	picksMax    = 12      // names that Pick looks for at once
)

// ErrTooMany is the answer to a document with more orders than are taken at once.
var ErrTooMany = errors.New("too many orders in one document")

// Cutter takes a document apart into orders, and leaves the bytes of its parts as they are.
type Cutter struct{ orders []schemas.RawOrder }

// Cut cuts a document into orders: element takes what stands in it, or each element of an array that holds everything.
// It fails with a *schemas.SyntaxError on what is no JSON, and with ErrTooMany.
func Cut(body []byte, element func(c *Cutter, element jx.Raw) error) ([]schemas.RawOrder, error) {
	document := bytes.Trim(withoutMark(body), " \t\r\n")
	var c Cutter
	var err error
	if jx.Raw(document).Type() == jx.Array {
		err = c.Each(document, element)
	} else {
		err = element(&c, document)
	}
	switch {
	case len(c.orders) > OrdersMax:
		return nil, fmt.Errorf("cut the document into orders: %w: more than %d; split it", ErrTooMany, OrdersMax)
	case err != nil:
		return nil, fmt.Errorf("read JSON: %w", locate(body))
	}
	return c.orders, nil
}

// Each takes every element of an array.
func (c *Cutter) Each(array jx.Raw, take func(c *Cutter, element jx.Raw) error) error {
	d := jx.DecodeBytes(array)
	it, err := d.ArrIter()
	for err == nil && it.Next() && len(c.orders) <= OrdersMax {
		var element jx.Raw
		if element, err = d.Raw(); err == nil {
			err = take(c, element)
		}
	}
	return ended(d, err, it.Err())
}

// Add adds an order, of which the element has at least its reference: Ref and Body, and what else only the channel knows.
func (c *Cutter) Add(order schemas.RawOrder) { c.orders = append(c.orders, order) }

// Pick is the first field of each of those names, nil where there is none. It reads to the end, so it answers whether all of it
// is JSON.
func Pick(value jx.Raw, names ...string) (found [picksMax]jx.Raw, err error) {
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

// Reference reads an identifier, which is a text or a number; "" if it is neither or can not be a reference.
func Reference(value jx.Raw) string {
	switch value.Type() {
	case jx.String:
		s, _ := jx.DecodeBytes(value).Str()
		if s = strings.TrimSpace(s); IsReference(s) {
			return s
		}
	case jx.Number:
		if s := string(value); IsReference(s) {
			return s
		}
	}
	return ""
}

// IsReference refuses what could not be a key: too long, not UTF-8, or with something invisible in it.
func IsReference(s string) bool {
	return len(s) <= RefBytesMax && utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsGraphic(c) })
}

// withoutMark leaves out the byte order mark, which some editors put in front of a file.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) }
