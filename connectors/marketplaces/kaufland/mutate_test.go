package kaufland

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

// change is one thing done to a good order, at a path such as order_units.0.price.
type change struct {
	path  string
	value any // gone: the field is left out
}

type absent struct{}

var gone absent

// good is an order with everything in it: four units, one of them cancelled, and a pick-up location.
func good(t testing.TB) map[string]any {
	t.Helper()
	body, err := os.ReadFile("testdata/edge.complete.json")
	if err != nil {
		t.Fatal(err)
	}
	envelope := map[string]any{}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	if err := in.Decode(&envelope); err != nil {
		t.Fatal(err)
	}
	return envelope["data"].(map[string]any)
}

func (c change) apply(t testing.TB, order map[string]any) {
	t.Helper()
	var at any = order
	names := strings.Split(c.path, ".")
	for _, name := range names[:len(names)-1] {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			at = in[index(t, name)]
		}
	}
	last := names[len(names)-1]
	switch in := at.(type) {
	case map[string]any:
		if c.value == gone {
			delete(in, last)
		} else {
			in[last] = c.value
		}
	case []any:
		in[index(t, last)] = c.value
	default:
		t.Fatalf("nothing at %s", c.path)
	}
}

func index(t testing.TB, name string) int {
	t.Helper()
	i, err := strconv.Atoi(name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func changed(t testing.TB, changes ...change) []byte {
	t.Helper()
	order := good(t)
	for _, c := range changes {
		c.apply(t, order)
	}
	return written(t, order)
}

func written(t testing.TB, document any) []byte {
	t.Helper()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return body
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
	_, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
	var faults schemas.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("an error that is no faults: %v", err)
	}
	return codes(faults)
}

func codes(faults []schemas.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Code+" "+f.Path)
	}
	return all
}
