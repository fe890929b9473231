package allegro

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/reading"
	"waybill/schemas"
)

func TestReceiveFindsTheReferenceOfEachElement(t *testing.T) {
	for _, c := range []struct {
		document string
		want     []string
	}{
		{`{"id":"a"}`, []string{"a"}},
		{` {"x":{"id":"no"},"id":" a "} `, []string{"a"}},
		{`{"\u0069d":"\u0061"}`, []string{"a"}},
		{`{"id":9007199254740993}`, []string{"9007199254740993"}},
		{`{"id":null}`, []string{""}},
		{`{"id":{"id":"a"}}`, []string{""}},
		{`{"id":"` + strings.Repeat("a", reading.RefBytesMax+1) + `"}`, []string{""}},
		{`{"id":"a\u0000"}`, []string{""}},
		{`{"id":"a` + "\xff" + `"}`, []string{""}},
		{`{"checkoutForms":[{"id":"a"},{"id":"b"}],"count":2,"totalCount":2}`, []string{"a", "b"}},
		{`{"count":0,"checkoutForms":[]}`, nil},
		{`{"checkoutForms":{"id":"b"},"id":"a"}`, []string{"a"}},
		{`[{"id":"a"},{"id":"b"}]`, []string{"a", "b"}},
		{`[{"checkoutForms":[{"id":"a"}]},{"id":"b"},{"events":[{"order":{"checkoutForm":{"id":"c"}}}]}]`, []string{"a", "b", "c"}},
		{`{"events":[{"id":"1","order":{"checkoutForm":{"id":"a"}}},{"id":"2","order":{}}]}`, []string{"a", ""}},
		{`{"id":"1","order":{"checkoutForm":{"id":"a"}},"type":"BOUGHT"}`, []string{"a"}},
		{`[null,1,"a",[],{}]`, []string{"", "", "", "", ""}},
		{`[]`, nil},
		{`17`, []string{""}},
		{`null`, []string{""}},
	} {
		raws, err := Marketplace{}.Receive(nil, []byte(c.document))
		if err != nil {
			t.Errorf("%s: %v", c.document, err)
		}
		var got []string
		for _, raw := range raws {
			got = append(got, raw.Ref)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.document, got, c.want)
		}
	}
}

func TestWhatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		document             string
		offset, line, column int
	}{
		{``, 0, 1, 1},
		{" \n ", 3, 2, 2},
		{`{"id":"a"`, 9, 1, 10},
		{"{\"id\":\"a\",\n \"é\": x}", 18, 2, 7},
		{`{"id":"a"}{"id":"b"}`, 10, 1, 11},
		{"{\"id\":\"a\"}\n{\"id\":\"b\"}\n", 11, 2, 1},
		{`{"id":"a",}`, 10, 1, 11},
		{`[1,]`, 3, 1, 4},
		{`{'id':1}`, 1, 1, 2},
		{`{"id":01}`, 7, 1, 8},
		{`{"id":"a` + "\n" + `"}`, 8, 1, 9},
		{`{"a":"\x"}`, 7, 1, 8},
		{"\ufeff{]", 4, 1, 3},
		{"\u00a0{}", 0, 1, 1},
		{`NaN`, 0, 1, 1},
		{`<html>`, 0, 1, 1},
		{strings.Repeat("[", 20_000), 10_000, 1, 10_001},
	} {
		_, err := Marketplace{}.Receive(nil, []byte(c.document))
		var at *schemas.SyntaxError
		if !errors.As(err, &at) {
			t.Errorf("%.40q: %v", c.document, err)
			continue
		}
		if at.Offset != c.offset || at.Line != c.line || at.Column != c.column {
			t.Errorf("%.40q: byte %d, line %d, column %d; want %d, %d, %d", c.document, at.Offset, at.Line, at.Column, c.offset, c.line, c.column)
		}
	}
}

func TestADocumentHoldsOnlySoManyOrders(t *testing.T) {
	document := func(n int) []byte { return []byte("[" + strings.Repeat("1,", n-1) + "1]") }
	if raws, err := (Marketplace{}).Receive(nil, document(reading.OrdersMax)); err != nil || len(raws) != reading.OrdersMax {
		t.Errorf("%d orders: %d, %v", reading.OrdersMax, len(raws), err)
	}
	if _, err := (Marketplace{}).Receive(nil, document(reading.OrdersMax+1)); !errors.Is(err, reading.ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
}
