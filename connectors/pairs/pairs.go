// Package pairs reads and writes pairs of references as files: offers with their articles, and links of their references to our
// ids; CSV for spreadsheets, NDJSON for programs. It knows what a row means, and nothing of where pairs are kept.
package pairs

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"waybill/schemas"
)

// Row is one row of a file: an offer and its article, or a link, the other being nil.
type Row struct {
	Line  int // where it begins, counted from 1
	Offer *schemas.CatalogueEntry
	Link  *schemas.Link
}

// RowError is what is wrong with one row. Those behind it can still be read.
type RowError struct {
	Line   int
	Field  string // name of the column, "" if it is the row as a whole
	Code   string // stable
	Reason string
}

func (e *RowError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d, %s: %s", e.Line, e.Field, e.Reason)
}

// Format is how a file is written.
type Format string

// The formats there are.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson"
)

// FormatOf tells the format by the name of a file, and without a telling name by how it begins.
func FormatOf(name string, begin []byte) Format {
	switch {
	case strings.HasSuffix(name, ".csv"):
		return CSV
	case strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".json"):
		return NDJSON
	case strings.HasPrefix(strings.TrimLeft(string(begin), " \t\r\n\ufeff"), "{"):
		return NDJSON
	}
	return CSV
}

// Limits of a file.
const (
	RowBytesMax  = 64 << 10
	cellBytesMax = 8 << 10
	refBytesMax  = 200
)

// Read reads a file of that party: rows that name another are refused, and rows that name none are its own. With a kind "" they are
// offers, else links of that kind. A *RowError comes in place of a row; any other error is the last.
func Read(r io.Reader, format Format, party, kind string) iter.Seq2[Row, error] {
	cells := readCSV
	if format == NDJSON {
		cells = readNDJSON
	}
	return func(yield func(Row, error) bool) {
		for c, err := range cells(r, columnsOf(kind)) {
			row := Row{Line: c.line}
			if err == nil {
				row, err = c.row(party, kind)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Columns of the two kinds of file; an export writes them in this order.
var (
	offerColumns = []string{
		"party", "offer_ref", "sku", "quantity", "unit", "stock_unit", "components", "price", "currency", "title", "eans", "grams",
	}
	linkColumns = []string{"party", "ref", "our_id"}
)

func columnsOf(kind string) []string {
	if kind == "" {
		return offerColumns
	}
	return linkColumns
}

// cells is a row by the names of its columns.
type cells struct {
	line  int
	named map[string]string
}

func (c *cells) fault(field, code, format string, args ...any) error {
	return &RowError{Line: c.line, Field: field, Code: code, Reason: fmt.Sprintf(format, args...)}
}

func (c *cells) row(party, kind string) (Row, error) {
	for name, text := range c.named {
		if len(text) > cellBytesMax {
			return Row{}, c.fault(name, "too_long", "longer than %d bytes", cellBytesMax)
		}
	}
	if own := c.named["party"]; own != "" && own != party {
		return Row{}, c.fault("party", "other_party", "is %q, but the file was said to be of %q", own, party)
	}
	if kind == "" {
		return c.offer(party)
	}
	return c.link(party, kind)
}

func (c *cells) offer(party string) (Row, error) {
	entry := &schemas.CatalogueEntry{
		Party: party, OfferRef: c.named["offer_ref"], SKU: c.named["sku"], Quantity: c.or("quantity", "1"), Unit: c.or("unit", schemas.UnitPiece),
		StockUnit: c.named["stock_unit"], Title: c.named["title"], EANs: strings.Fields(c.named["eans"]),
	}
	if err := c.reference("offer_ref", entry.OfferRef); err != nil {
		return Row{}, err
	}
	var err error
	if entry.Price, err = c.money("price", c.named["price"], c.named["currency"]); err != nil {
		return Row{}, err
	}
	if entry.Grams, err = c.grams(); err != nil {
		return Row{}, err
	}
	if entry.Components, err = c.components(); err != nil {
		return Row{}, err
	}
	return Row{Line: c.line, Offer: entry}, nil
}

// grams are what one piece weighs, 0 if the cell is empty.
func (c *cells) grams() (int64, error) {
	text := c.named["grams"]
	if text == "" {
		return 0, nil
	}
	grams, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, c.fault("grams", "bad_weight", "%q is no whole number of grams", text)
	}
	return grams, nil
}

func (c *cells) link(party, kind string) (Row, error) {
	link := &schemas.Link{Party: party, Kind: kind, Ref: c.named["ref"], OurID: c.named["our_id"]}
	for field, ref := range map[string]string{"ref": link.Ref, "our_id": link.OurID} {
		if err := c.reference(field, ref); err != nil {
			return Row{}, err
		}
	}
	return Row{Line: c.line, Link: link}, nil
}

func (c *cells) or(name, other string) string {
	if text := c.named[name]; text != "" {
		return text
	}
	return other
}

func (c *cells) reference(field, ref string) error {
	switch {
	case ref == "":
		return c.fault(field, "missing_ref", "is empty")
	case len(ref) > refBytesMax:
		return c.fault(field, "bad_ref", "is longer than %d bytes", refBytesMax)
	case strings.ContainsFunc(ref, unprintable):
		return c.fault(field, "bad_ref", "has characters that are not printed")
	}
	return nil
}

func (c *cells) money(field, amount, currency string) (*schemas.Money, error) {
	if amount == "" && currency == "" {
		return nil, nil
	}
	money, err := schemas.ParseMoney(amount, currency)
	switch {
	case errors.Is(err, schemas.ErrCurrency):
		return nil, c.fault("currency", "unknown_currency", "%q is no currency of ISO 4217", currency)
	case err != nil:
		return nil, c.fault(field, "bad_amount", "%v", err)
	case money.Minor < 0:
		return nil, c.fault(field, "negative_price", "is below zero")
	}
	return &money, nil
}

// Kinds are the kinds of link that a file can hold.
func Kinds() []string {
	return []string{schemas.LinkOrder, schemas.LinkUnit, schemas.LinkCustomer, schemas.LinkShipment, schemas.LinkTracking}
}

// IsKind tells whether there are links of that kind.
func IsKind(kind string) bool { return slices.Contains(Kinds(), kind) }
