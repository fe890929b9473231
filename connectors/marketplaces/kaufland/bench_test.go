package kaufland

import (
	"testing"

	"waybill/connectors/reading/readingtest"
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
	order := good(b)
	large := good(b)
	large["order_units"] = many(b, 10_000)
	for name, body := range map[string][]byte{
		"4 units": readingtest.Bytes(b, order), "10000 units": readingtest.Bytes(b, large), "4 parts": joinedParts(b, 4), "10000 parts": joinedParts(b, 10_000),
	} {
		b.Run(name, func(b *testing.B) {
			raw := schemas.RawOrder{Body: schemas.Body{Bytes: body}}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (Marketplace{}).Normalize(&raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	d := delivered()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verify(d, previous, secret); err != nil {
			b.Fatal(err)
		}
	}
}
