package woocommerce

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

// change is one thing done to a good order, at a path such as line_items.0.total.
type change struct {
	path  string
	value any // gone: the field is left out
}

type absent struct{}

var gone absent

// good is an order with everything in it.
func good(t testing.TB) map[string]any {
	t.Helper()
	body, err := os.ReadFile("testdata/edge.complete.json")
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

func (c change) apply(t testing.TB, form map[string]any) {
	t.Helper()
	var at any = form
	names := strings.Split(c.path, ".")
	for _, name := range names[:len(names)-1] {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil {
				t.Fatal(err)
			}
			at = in[i]
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
		i, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		in[i] = c.value
	default:
		t.Fatalf("nothing at %s", c.path)
	}
}

func changed(t testing.TB, changes ...change) []byte {
	t.Helper()
	form := good(t)
	for _, c := range changes {
		c.apply(t, form)
	}
	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// faultsOf is "code path" of each fault of a body.
func faultsOf(t testing.TB, body []byte) []string {
	t.Helper()
	_, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
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
