package readingtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// Seed gives a fuzz target all payloads of the channel's folder, and rubbish: what every channel is given, and some of its own.
func Seed(f *testing.F, rubbish ...string) (payloads [][]byte) {
	f.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no payloads", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		payloads = append(payloads, body)
		f.Add(body)
	}
	for _, text := range append([]string{"", "{", "[[[[", "\xff", "\x00", strings.Repeat(`{"x":`, 200)}, rubbish...) {
		f.Add([]byte(text))
	}
	return payloads
}

// CheckReceived: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func CheckReceived(t *testing.T, body []byte, raws []schemas.RawOrder, err error) {
	t.Helper()
	var at *schemas.SyntaxError
	switch valid := json.Valid(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))); {
	case err == nil && !valid:
		t.Fatal("taken, but no JSON")
	case err != nil && valid && !errors.Is(err, reading.ErrTooMany):
		t.Fatalf("JSON, but refused: %v", err)
	case err != nil && !valid && (!errors.As(err, &at) || at.Offset < 0 || at.Offset > len(body)):
		t.Fatalf("refused without its place: %v", err)
	}
	rest := body
	for _, raw := range raws {
		i := bytes.Index(rest, raw.Body.Bytes)
		if i < 0 || !json.Valid(raw.Body.Bytes) {
			t.Fatalf("no part of what came: %q", raw.Body.Bytes)
		}
		rest = rest[i+len(raw.Body.Bytes):]
	}
}

// CheckFaults: what is refused has faults, each with its place.
func CheckFaults(t *testing.T, err error) {
	t.Helper()
	var faults schemas.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("an error that is no faults: %v", err)
	}
	for _, fault := range faults {
		if fault.Code == "" || fault.Text == "" || !strings.HasPrefix(fault.Path, "$") || !utf8.ValidString(fault.Path) {
			t.Fatalf("half a fault: %+v", fault)
		}
	}
}

// CheckTotal: the lines and the charges of an order are its total, and the order can be written down.
func CheckTotal(t *testing.T, order *schemas.Order) {
	t.Helper()
	sum := int64(0)
	for _, l := range order.Lines {
		sum += l.LineTotal.Minor
	}
	for _, c := range order.Charges {
		sum += c.Amount.Minor
	}
	if sum != order.Total.Minor {
		t.Fatalf("the parts are %d, the total is %d", sum, order.Total.Minor)
	}
	if _, err := schemas.OrderSchema.Append(nil, order); err != nil {
		t.Fatal(err)
	}
}
