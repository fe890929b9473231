package shopify

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// seeds are all payloads, good orders broken in each of the known ways, and rubbish.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no payloads", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, wrong := range wrongs {
		f.Add(changed(f, wrong.change))
	}
	for _, rubbish := range []string{"", "{", "[[[[", "\xff", `{"id":"\ud800"}`, `{"id":1e999,"line_items":[{}]}`, strings.Repeat(`{"x":`, 200), "\x00"} {
		f.Add([]byte(rubbish))
	}
}

// FuzzReceive: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func FuzzReceive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := Marketplace{}.Receive(nil, body)
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
	})
}

// FuzzNormalize: whatever comes is an order that keeps its promises, or refused with faults that have a place.
func FuzzNormalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
		if err != nil {
			checkFaults(t, err)
			return
		}
		if order.Ref == "" || len(order.Lines) == 0 || order.Status == "" || order.FulfilledBy == "" || order.Total.Minor < 0 {
			t.Fatalf("half an order: %+v", order)
		}
		sum := int64(0)
		for _, l := range order.Lines {
			if l.SKU == "" || l.LineRef == "" || l.Quantity < 1 || l.LineTotal.Minor < 0 || l.UnitPrice.Minor < 0 || l.LineTotal.Currency != order.Total.Currency {
				t.Fatalf("half a line: %+v", l)
			}
			wanted := l.Quantity
			if order.Status != schemas.StatusCancelled {
				wanted -= l.Cancelled
			}
			if off := l.LineTotal.Minor - l.UnitPrice.Minor*wanted; wanted > 0 && 2*max(off, -off) > wanted {
				t.Fatalf("the price of one is more than rounded: %+v", l)
			}
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
	})
}

func checkFaults(t *testing.T, err error) {
	t.Helper()
	var faults schemas.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("an error that is no faults: %v", err)
	}
	for _, fault := range faults {
		if fault.Code == "" || fault.Text == "" || !strings.HasPrefix(fault.Path, "$") {
			t.Fatalf("half a fault: %+v", fault)
		}
	}
}
