// Package readingtest breaks good payloads for the tests of channels, one thing at a time, and says what a channel finds.
package readingtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"waybill/schemas"
)

// Gone in place of a value leaves the field out.
var Gone = struct{ gone bool }{}

// Load is the object in a file, its numbers as they are written.
func Load(t testing.TB, file string) map[string]any {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	form := map[string]any{}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	if err := in.Decode(&form); err != nil {
		t.Fatal(err)
	}
	return form
}

// Put puts a value at a path of a document, such as lineItems.0.price.amount.
func Put(t testing.TB, document any, path string, value any) {
	t.Helper()
	name, rest, deeper := strings.Cut(path, ".")
	switch in := document.(type) {
	case map[string]any:
		switch {
		case deeper:
			Put(t, in[name], rest, value)
		case value == any(Gone):
			delete(in, name)
		default:
			in[name] = value
		}
	case []any:
		i, err := strconv.Atoi(name)
		if err != nil {
			t.Fatal(err)
		}
		if deeper {
			Put(t, in[i], rest, value)
		} else {
			in[i] = value
		}
	default:
		t.Fatalf("nothing at %s", path)
	}
}

// Bytes writes a document.
func Bytes(t testing.TB, document any) []byte {
	t.Helper()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// Faults is "code path" of each fault that a channel finds in a body.
func Faults(t testing.TB, normalize func(*schemas.RawOrder) (*schemas.Order, error), body []byte) []string {
	t.Helper()
	_, err := normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
	var faults schemas.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("an error that is no faults: %v", err)
	}
	var all []string
	for _, f := range faults {
		all = append(all, f.Code+" "+f.Path)
	}
	return all
}
