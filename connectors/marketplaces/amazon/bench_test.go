package amazon

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"waybill/schemas"
)

// wire is the only order of a recorded payload, as it comes over the wire.
func wire(tb testing.TB, file string) []byte {
	tb.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		tb.Fatal(err)
	}
	return compact.Bytes()
}

var benchmarked = map[string]string{"2026": "testdata/2026-getOrder.sandbox-br-gift.json", "v0-parts": goodParts}

func BenchmarkReceive(b *testing.B) {
	for name, file := range benchmarked {
		b.Run(name, func(b *testing.B) {
			body := wire(b, file)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (Marketplace{}).Receive(nil, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNormalize(b *testing.B) {
	for name, file := range benchmarked {
		b.Run(name, func(b *testing.B) {
			raws, err := Marketplace{}.Receive(nil, wire(b, file))
			if err != nil {
				b.Fatal(err)
			}
			var order *schemas.Order
			b.SetBytes(int64(len(raws[0].Body.Bytes)))
			b.ReportAllocs()
			for b.Loop() {
				if order, err = (Marketplace{}).Normalize(&raws[0]); err != nil {
					b.Fatal(err)
				}
			}
			_ = order
		})
	}
}
