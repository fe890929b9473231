package pairs

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waybill/schemas"
)

// Writer writes a file that Read reads back as it was.
type Writer struct {
	columns []string
	csv     *csv.Writer   // nil for NDJSON
	json    *json.Encoder // nil for CSV
}

// NewWriter writes a file of offers, or with a kind of links, in that format.
func NewWriter(w io.Writer, format Format, kind string) (*Writer, error) {
	out := &Writer{columns: columnsOf(kind)}
	if format == NDJSON {
		out.json = json.NewEncoder(w)
		out.json.SetEscapeHTML(false)
		return out, nil
	}
	out.csv = csv.NewWriter(w)
	if err := out.csv.Write(out.columns); err != nil {
		return nil, fmt.Errorf("write the header: %w", err)
	}
	return out, nil
}

// Offer writes one offer.
func (w *Writer) Offer(e *schemas.CatalogueEntry) error {
	price, currency, grams := "", "", ""
	if e.Price != nil {
		price, currency = e.Price.String(), e.Price.Currency
	}
	if e.Grams > 0 {
		grams = strconv.FormatInt(e.Grams, 10)
	}
	return w.row(e.Party, e.OfferRef, e.SKU, e.Quantity, e.Unit, e.StockUnit, componentsText(e.Components), price, currency, e.Title, strings.Join(e.EANs, " "), grams)
}

// Link writes one link.
func (w *Writer) Link(l *schemas.Link) error { return w.row(l.Party, l.Ref, l.OurID) }

func (w *Writer) row(cells ...string) error {
	if w.csv != nil {
		for i := range cells {
			cells[i] = guarded(cells[i])
		}
		return w.csv.Write(cells)
	}
	fields := map[string]any{}
	for i, name := range w.columns {
		switch {
		case cells[i] == "":
		case name == "components":
			fields[name] = json.RawMessage(cells[i])
		default:
			fields[name] = cells[i]
		}
	}
	return w.json.Encode(fields)
}

// Flush writes out what is left.
func (w *Writer) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

// A cell that a spreadsheet would take for a formula gets an apostrophe in front, which Read takes away again; one that has an
// apostrophe there already gets another (OWASP, CSV Injection).
const formulaStarts = "=+-@\t\r"

func guarded(cell string) string {
	if cell != "" && strings.ContainsRune(formulaStarts+"'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// plain takes the apostrophe of guarded away.
func plain(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formulaStarts+"'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
