package ebay

import (
	"testing"

	"waybill/schemas"
)

func BenchmarkReceive(b *testing.B) {
	body := changed(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Marketplace{}).Receive(nil, body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	raw := schemas.RawOrder{Body: schemas.Body{Bytes: changed(b)}}
	b.SetBytes(int64(len(raw.Body.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Marketplace{}).Normalize(&raw); err != nil {
			b.Fatal(err)
		}
	}
}
