// Package bills reads a carrier's invoice: what it asks for which parcel, a row each, as CSV with a header or as a JSON object a line. A file is read
// whole or not at all: half an invoice proves nothing. It knows no carrier's own form of an invoice, and no database.
package bills

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"waybill/schemas"
)

// Limits of a file.
const (
	BytesMax = 256 << 20
	RowsMax  = 1_000_000
)

// Bill is one row of an invoice.
type Bill struct {
	Row       int    // in the file; the header is row 1
	Number    string // that the carrier tracks the parcel by
	Reference string // ours, or the carrier's own name of the booking
	Charge    string // what it is for; empty: for all
	Amount    schemas.Money
}

// Invoice is a file of them.
type Invoice struct {
	SHA256 string // of its bytes
	Bills  []Bill
}

// Columns are what a file calls them; where one is empty, a usual name is looked for.
type Columns struct{ Number, Reference, Amount, Currency, Charge string }

// usual are the names by which columns are known, in small letters and without what stands between words: our own, and what they are called in
// English, German and Polish. Those further left are better.
var usual = map[string][]string{
	"number":    {"number", "trackingnumber", "trackingno", "tracking", "shipmentnumber", "parcelnumber", "waybillnumber", "airwaybill", "awb", "sendungsnummer", "paketnummer", "paketscheinnummer", "numerprzesyłki", "numerpaczki"},
	"reference": {"reference", "ref", "yourreference", "customerreference", "shipmentreference", "referenz", "referenznummer", "kundenreferenz", "sendungsreferenz", "numerreferencyjny", "referencja"},
	"amount":    {"amount", "netamount", "net", "chargeamount", "price", "total", "betrag", "nettobetrag", "netto", "preis", "kwota", "kwotanetto"},
	"currency":  {"currency", "currencycode", "währung", "waehrung", "waluta"},
	"charge":    {"charge", "chargedescription", "description", "chargetype", "leistung", "bezeichnung", "beschreibung", "opis", "usługa"},
}

// RowError is what is wrong with a row.
type RowError struct {
	Row    int
	Column string // as the file calls it; empty: the row as a whole
	Reason string
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("row %d %s", e.Row, e.Reason)
	}
	return fmt.Sprintf("row %d, column %q: %s", e.Row, e.Column, e.Reason)
}

// Read reads an invoice. What has no currency of its own is in that which is given.
func Read(r io.Reader, columns Columns, currency string) (*Invoice, error) {
	sum := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(&bounded{r, BytesMax}, sum), 64<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(len(mark)) // they are there
	}
	rows := tableRows
	if begin, _ := in.Peek(1); string(begin) == "{" { // what can not be read shows below
		rows = objectRows
	}
	v := &Invoice{}
	for row, err := range rows(in, columns) {
		if err != nil {
			return nil, err
		}
		b, err := row.bill(currency)
		if err != nil {
			return nil, err
		}
		if v.Bills = append(v.Bills, b); len(v.Bills) > RowsMax {
			return nil, fmt.Errorf("it has more than %d rows: cut it into several files", RowsMax)
		}
	}
	if len(v.Bills) == 0 {
		return nil, errors.New("it has no rows: nothing is billed in it")
	}
	v.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return v, nil
}

// cells are those of a row, by our name of their column.
type cells struct {
	row    int
	values map[string]string
	called map[string]string // the file's name of each column
}

func (c *cells) fault(column, format string, args ...any) error {
	return &RowError{c.row, c.called[column], fmt.Sprintf(format, args...)}
}

func (c *cells) bill(currency string) (Bill, error) {
	b := Bill{Row: c.row, Number: compact(c.values["number"]), Reference: strings.TrimSpace(c.values["reference"]), Charge: strings.TrimSpace(c.values["charge"])}
	if b.Number == "" && b.Reference == "" {
		column := "number"
		if c.called[column] == "" {
			column = "reference"
		}
		return b, c.fault(column, "it names neither a tracking number nor a reference: of which parcel it is can not be told")
	}
	if own := strings.ToUpper(strings.TrimSpace(c.values["currency"])); own != "" {
		currency = own
	}
	if _, known := schemas.Exponent(currency); !known {
		column := "currency"
		if c.called[column] == "" {
			return b, c.fault("amount", "%q is no currency of ISO 4217: give --currency", currency)
		}
		return b, c.fault(column, "%q is no currency of ISO 4217", currency)
	}
	plain, err := decimalOf(c.values["amount"])
	if err == nil {
		b.Amount, err = schemas.ParseMoney(plain, currency)
	}
	if err != nil {
		return b, c.fault("amount", "%q is no amount of %s: %v", c.values["amount"], currency, err)
	}
	return b, nil
}

// compact is a number as we keep it: invoices print some in groups.
func compact(number string) string { return strings.ToUpper(strings.Join(strings.Fields(number), "")) }

var errGroups = errors.New("it is not clear which of its signs is the decimal one")

// decimalOf is an amount with a decimal point, of one that is written as people do: 5.90, 5,90, 1.234,50 or 1,234.50. One sign alone is the decimal one;
// of two kinds it is the last. Nothing is guessed beyond that: 1,234 has three decimals, which most currencies do not.
func decimalOf(written string) (string, error) {
	s := strings.Join(strings.Fields(written), "")
	at := strings.LastIndexAny(s, ".,")
	if at < 0 {
		return s, nil
	}
	whole, rest := s[:at], s[at+1:]
	if strings.IndexByte(whole, s[at]) >= 0 {
		return "", errGroups
	}
	if groups := strings.FieldsFunc(whole, func(r rune) bool { return r == '.' || r == ',' }); len(groups) > 1 {
		if slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
			return "", errGroups
		}
		whole = strings.Join(groups, "")
	}
	return whole + "." + rest, nil
}

// bounded refuses what is longer than a file may be.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, fmt.Errorf("it is longer than %d MiB: cut it into several files", BytesMax>>20)
	}
	return n, err
}
