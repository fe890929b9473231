package kaufland

import (
	"testing"

	"waybill/connectors/reading/readingtest"
	"waybill/schemas"
)

// change is one thing done to a good order, at a path such as order_units.0.price.
type change struct {
	path  string
	value any // gone: the field is left out
}

var gone = readingtest.Gone

// good is an order with everything in it: four units, one of them cancelled, and a pick-up location.
func good(t testing.TB) map[string]any {
	t.Helper()
	return readingtest.Load(t, "testdata/edge.complete.json")["data"].(map[string]any)
}

func (c change) apply(t testing.TB, order map[string]any) {
	t.Helper()
	readingtest.Put(t, order, c.path, c.value)
}

func changed(t testing.TB, changes ...change) []byte {
	t.Helper()
	order := good(t)
	for _, c := range changes {
		c.apply(t, order)
	}
	return readingtest.Bytes(t, order)
}

func normalized(t testing.TB, body []byte) *schemas.Order {
	t.Helper()
	order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// faultsOf is "code path" of each fault of a body.
func faultsOf(t testing.TB, body []byte) []string {
	t.Helper()
	return readingtest.Faults(t, Marketplace{}.Normalize, body)
}

func codes(faults []schemas.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Code+" "+f.Path)
	}
	return all
}
