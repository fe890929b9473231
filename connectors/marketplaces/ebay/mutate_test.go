package ebay

import (
	"testing"

	"waybill/connectors/reading/readingtest"
)

// change is one thing done to a good order, at a path such as lineItems.0.quantity.
type change struct {
	path  string
	value any // gone: the field is left out
}

var gone = readingtest.Gone

// good is an order with everything in it.
func good(t testing.TB) map[string]any {
	t.Helper()
	return readingtest.Load(t, "testdata/edge.complete.json")
}

func (c change) apply(t testing.TB, form map[string]any) {
	t.Helper()
	readingtest.Put(t, form, c.path, c.value)
}

func changed(t testing.TB, changes ...change) []byte {
	t.Helper()
	form := good(t)
	for _, c := range changes {
		c.apply(t, form)
	}
	return readingtest.Bytes(t, form)
}

// faultsOf is "code path" of each fault of a body.
func faultsOf(t testing.TB, body []byte) []string {
	t.Helper()
	return readingtest.Faults(t, Marketplace{}.Normalize, body)
}
