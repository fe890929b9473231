package amazon

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// change is one thing done to a good order, at a path such as orderItems.0.product.title.
type change struct {
	path  string
	value any // gone: the field is left out
}

var gone = readingtest.Gone

// The good orders have everything in them, in the shape of each version and in parts.
const (
	good2026  = "testdata/edge.2026-complete.json"
	goodV0    = "testdata/edge.v0-merged.json"
	goodParts = "testdata/edge.v0-parts.json"
)

func good(t testing.TB, file string) map[string]any {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raws, err := Marketplace{}.Receive(nil, body)
	if err != nil || len(raws) != 1 {
		t.Fatalf("%d orders, %v", len(raws), err)
	}
	document := map[string]any{}
	in := json.NewDecoder(bytes.NewReader(raws[0].Body.Bytes))
	in.UseNumber()
	if err := in.Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document
}

func (c change) apply(t testing.TB, document map[string]any) {
	t.Helper()
	readingtest.Put(t, document, c.path, c.value)
}

func changed(t testing.TB, file string, changes ...change) []byte {
	t.Helper()
	document := good(t, file)
	for _, c := range changes {
		c.apply(t, document)
	}
	return readingtest.Bytes(t, document)
}

func raw(body []byte) *schemas.RawOrder { return &schemas.RawOrder{Body: schemas.Body{Bytes: body}} }

// faultsOf is "code path" of each fault of a body.
func faultsOf(t testing.TB, body []byte) []string {
	t.Helper()
	return readingtest.Faults(t, Marketplace{}.Normalize, body)
}

func normalized(t testing.TB, body []byte) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(raw(body))
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func warnings(order *schemas.Order) []string {
	var all []string
	for _, w := range order.Warnings {
		all = append(all, w.Code+" "+w.Path)
	}
	return all
}
