package allegro

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"waybill/schemas"
)

func form1(tb testing.TB, name string) schemas.RawOrder {
	tb.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	raws, err := Marketplace{}.Receive(nil, body)
	if err != nil || len(raws) != 1 {
		tb.Fatalf("%d orders, %v", len(raws), err)
	}
	var compact bytes.Buffer // as it comes over the wire
	if err := json.Compact(&compact, raws[0].Body.Bytes); err != nil {
		tb.Fatal(err)
	}
	raws[0].Body.Bytes = compact.Bytes()
	return raws[0]
}

func BenchmarkReceive(b *testing.B) {
	raw := form1(b, "checkout-forms.order-no-invoice-person.json")
	b.SetBytes(int64(len(raw.Body.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Marketplace{}).Receive(nil, raw.Body.Bytes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	raw := form1(b, "checkout-forms.order-no-invoice-person.json")
	b.SetBytes(int64(len(raw.Body.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Marketplace{}).Normalize(&raw); err != nil {
			b.Fatal(err)
		}
	}
}
