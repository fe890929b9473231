package reading

import (
	"github.com/go-faster/jx"

	"waybill/schemas"
)

// What every channel does with an order, whatever its documents look like.

// CutBy cuts a document into orders, each with its reference in the field of that name: the document is one, or an array of them.
func CutBy(ref string, body []byte) ([]schemas.RawOrder, error) {
	return Cut(body, func(c *Cutter, element jx.Raw) error {
		found, err := Pick(element, ref)
		if err == nil {
			c.Add(schemas.RawOrder{Ref: Reference(found[0]), Body: schemas.Body{Bytes: element}})
		}
		return err
	})
}

// Limits of an order's lists.
const (
	LinesMax = 5000 // of what was bought
	ItemsMax = 100  // of anything else
)

// Many reads the objects of the array that comes next, as many as an order may have lines.
func Many[T any](r *Reader, fields []Field[T]) []T { return List(r, fields, LinesMax, TooManyLines) }

// Some reads the objects of the array that comes next, as many as there may be of what is not bought: charges, coupons, notes.
func Some[T any](r *Reader, fields []Field[T]) []T { return List(r, fields, ItemsMax, TooManyItems) }

// Require notes that fault unless it is so.
func (f *Findings) Require(so bool, code, path, text string) {
	if !so {
		f.Add(code, path, text)
	}
}

// Reference asks for an order's own reference, which becomes part of every key about it.
func (f *Findings) Reference(ref, path string) {
	f.Require(ref != "", MissingID, path, "an order without its reference")
	f.Require(IsReference(ref), BadID, path, "no reference: too long, or with characters that are not printed")
}

// Currency asks for a currency that amounts name elsewhere.
func (f *Findings) Currency(code, path string) {
	_, known := schemas.Exponent(code)
	f.Require(code != "", MissingCurrency, path, "an amount says nothing without its currency")
	f.Require(known, UnknownCurrency, path, "no currency of ISO 4217, in capitals")
}

// Lines asks for at least one line, each with its article and a reference of its own, in the list at that path and the fields of
// those names: two lines of one reference could not be told apart by anybody who ships or returns one.
func (f *Findings) Lines(lines []schemas.Line, path, ref, article string) {
	f.Require(len(lines) > 0, MissingLines, path, "an order of nothing")
	at := path + "[%d]."
	for i := range lines {
		if lines[i].SKU == "" {
			f.Add(MissingOffer, At(at+article, i), "nothing says what was bought")
		}
	}
	for i := range Twins(lines, func(l *schemas.Line) string { return l.LineRef }) {
		f.Add(DuplicateLine, At(at+ref, i), "the reference of an earlier line")
	}
}

// AddressFields are the parts of an address, as a channel names them.
type AddressFields struct{ Street, City, PostCode, Country string }

// Address asks for what it takes to ship to somebody, whose address stands at that path.
func (f *Findings) Address(p *schemas.Person, path string, as AddressFields) {
	const lacks = "ready to ship, but the address lacks this"
	f.Require(p.Street != "", MissingStreet, path+"."+as.Street, lacks)
	f.Require(p.City != "", MissingCity, path+"."+as.City, lacks)
	f.Require(p.PostalCode != "" || !HasPostCodes(p.Country), MissingPostCode, path+"."+as.PostCode, lacks)
	f.Require(p.Country != "", MissingCountry, path+"."+as.Country, lacks)
	f.Require(IsCountry(p.Country), UnknownCountry, path+"."+as.Country, "no country of ISO 3166-1 alpha-2")
}

// Settle makes the parts of an order add up to its total at that path, which stands as it is stated (schemas.Settle). Where they
// differ by more than rounding, the order is warned with that code. It does nothing to an order that is refused anyway.
func (f *Findings) Settle(o *schemas.Order, path, odd string) {
	if len(f.All) > 0 {
		return
	}
	switch difference := schemas.Settle(o); {
	case difference > schemas.MinorMax || difference < -schemas.MinorMax:
		f.Add(AmountOutOfRange, path, "further from what the parts add up to than any price")
	case schemas.BeyondRounding(difference, o.Total):
		Warn(o, odd, path, "not what the parts add up to; it stands as stated")
	}
}

// Warn notes on the order what is odd, but not wrong.
func Warn(o *schemas.Order, code, path, text string) {
	(*schemas.Faults)(&o.Warnings).Add(code, path, "%s", text)
}

// Answer is what comes of a raw order: the order with its identity, or the faults that were found and the order as far as it was read.
func (f *Findings) Answer(o *schemas.Order, raw *schemas.RawOrder) (*schemas.Order, error) {
	if err := f.All.Err(); err != nil {
		return o, err
	}
	o.OrderID, o.Party, o.Seller, o.Channel = raw.OrderID, raw.Party, raw.Seller, raw.Channel
	return o, nil
}
