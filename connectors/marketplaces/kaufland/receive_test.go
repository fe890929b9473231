package kaufland

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// received is "form ref part delivery" of each element, "-" for nothing.
func received(t *testing.T, document string) []string {
	t.Helper()
	raws, err := Marketplace{}.Receive(nil, []byte(document))
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	var all []string
	for _, raw := range raws {
		words := []string{raw.Form, raw.Ref, raw.Part, raw.DeliveryID}
		for i, word := range words {
			if word == "" {
				words[i] = "-"
			}
		}
		all = append(all, strings.Join(words, " "))
	}
	return all
}

func TestReceiveTellsOrdersUnitsAndNotices(t *testing.T) {
	for _, c := range []struct {
		document string
		want     []string
	}{
		{`{"data":{"id_order":"A","order_units":[]}}`, []string{"- A - -"}},
		{`{"id_order":"A","order_units":null}`, []string{"- A - -"}},
		{`{"order_units":[{"id_order":"A"}]}`, []string{"- - - -"}},
		{`{"\u0069d_order":" A ","order_units":[]}`, []string{"- A - -"}},
		{`{"data":[{"id_order_unit":1,"id_order":"A"},{"id_order_unit":"2","id_order":"A"}],"pagination":{}}`, []string{"part A 1 -", "part A 2 -"}},
		{`{"data":{"id_order_unit":314567896580917,"id_order":"A"}}`, []string{"part A 314567896580917 -"}},
		{`{"id_order_unit":9223372036854775807,"id_order":"A"}`, []string{"part A 9223372036854775807 -"}},
		{`{"id_order_unit":1}`, []string{"- - - -"}},
		{`{"id_order_unit":null,"id_order":"A"}`, []string{"- A - -"}},
		{`{"data":[{"id_order":"A","order_units_count":3},{"id_order":"B"}]}`, []string{"notice A - -", "notice B - -"}},
		{`{"data":[]}`, nil},
		{`{"data":null}`, []string{"- - - -"}},
		{`{"data":"A","id_order":"B"}`, []string{"notice B - -"}},
		{`{"event_name":"order_new","id_message":"m-1","resource":"https://x.example/v2/orders/A/","storefront":"de"}`, []string{"notice A - m-1"}},
		{`{"event_name":"order_unit_new","id_message":17,"resource":"https://x.example/v2/order-units/5/"}`, []string{"notice unit:5 - 17"}},
		{`{"event_name":"return_new","id_message":"m-1","resource":"https://x.example/v2/returns/5/"}`, []string{"notice - - m-1"}},
		{`{"resource":null,"id_message":null}`, []string{"notice - - -"}},
		{`{"parts":{"1":{"id_order":"A"},"2":{"id_order":"B"}}}`, []string{"- A - -"}},
		{`{"parts":{"x":{"id_order":"X"},"1":{"id_order":"A"}}}`, []string{"- A - -"}},
		{`{"parts":{"":{"id_order":"A"}}}`, []string{"- A - -"}},
		{`{"parts":{}}`, []string{"- - - -"}},
		{`{"parts":7}`, []string{"- - - -"}},
		{`[{"data":[{"id_order_unit":1,"id_order":"A"}]},{"id_order":"B","order_units":[]},{"data":{"id_order":"C","order_units":[]}},null]`, []string{"part A 1 -", "- B - -", "- C - -", "- - - -"}},
		{`[]`, nil},
		{`17`, []string{"- - - -"}},
		{`null`, []string{"- - - -"}},
	} {
		if got := received(t, c.document); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.document, got, c.want)
		}
	}
}

func TestNothingButTheEndOfAResourceIsRead(t *testing.T) {
	for resource, want := range map[string]string{
		"https://sellerapi.kaufland.com/v2/orders/MB7UWLD/": "MB7UWLD",
		"https://sellerapi.kaufland.com/v2/orders/MB7UWLD":  "MB7UWLD",
		"https://evil.example/orders/MB7UWLD/":              "MB7UWLD",
		"/orders/MB7UWLD/":                                  "MB7UWLD",
		"orders/MB7UWLD":                                    "MB7UWLD",
		"/order-units/314567896580917/":                     "unit:314567896580917",
		"/order-units/31456789658091x/":                     "",
		"/order-units//":                                    "",
		"/orders/":                                          "",
		"/orders//":                                         "",
		"/orders/..":                                        "",
		"/orders/../admin/":                                 "",
		"/orders/a%2f..%2fadmin/":                           "",
		"/orders/MB7UWLD/?x=1":                              "",
		"/orders/MB7UWLD?x=/orders/EVIL":                    "",
		"/orders/MB7UWLD#/orders/EVIL":                      "",
		"/orders/MB7 UWLD":                                  "",
		"/orders/MB7ÜWLD":                                   "",
		"/orders/unit:5":                                    "",
		"/orders/MB7UWLD//":                                 "",
		"/returns/675849321/":                               "",
		"/ORDERS/MB7UWLD/":                                  "",
		"MB7UWLD":                                           "",
		"":                                                  "",
		"/orders/" + strings.Repeat("A", idBytesMax):        strings.Repeat("A", idBytesMax),
		"/orders/" + strings.Repeat("A", idBytesMax+1):      "",
		strings.Repeat("/", reading.RefBytesMax) + "orders/A": "",
	} {
		document := `{"id_message":"m","resource":"` + resource + `"}`
		raws, err := Marketplace{}.Receive(nil, []byte(document))
		if err != nil || len(raws) != 1 || raws[0].Ref != want || raws[0].Form != schemas.FormNotice {
			t.Errorf("%q: %+v %v, want %q", resource, raws, err, want)
		}
		if got := faultsOf(t, []byte(document)); !slices.Equal(got, []string{"not_an_order $"}) {
			t.Errorf("%q: %q", resource, got)
		}
	}
}

func TestWhatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		document             string
		offset, line, column int
	}{
		{``, 0, 1, 1},
		{`{"data":[{"id_order":"A"}`, 25, 1, 26},
		{"{\"data\":[\n{\"id_order\": x}]}", 23, 2, 14},
		{`{"data":[]}{"data":[]}`, 11, 1, 12},
		{`{"data":[{"id_order":01}]}`, 22, 1, 23},
		{`<html>`, 0, 1, 1},
	} {
		_, err := Marketplace{}.Receive(nil, []byte(c.document))
		var at *schemas.SyntaxError
		if !errors.As(err, &at) || at.Offset != c.offset || at.Line != c.line || at.Column != c.column {
			t.Errorf("%q: %v, want byte %d, line %d, column %d", c.document, err, c.offset, c.line, c.column)
		}
	}
}

func TestADocumentHoldsOnlySoManyOrders(t *testing.T) {
	document := []byte(`{"data":[` + strings.Repeat("1,", reading.OrdersMax) + `1]}`)
	if _, err := (Marketplace{}).Receive(nil, document); !errors.Is(err, reading.ErrTooMany) {
		t.Error(err)
	}
}
