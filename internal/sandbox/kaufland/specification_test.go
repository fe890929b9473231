package kaufland

import (
	"testing"

	"waybill/internal/sandbox/specification"
)

func TestEveryOrderFollowsTheSpecification(t *testing.T) {
	rules, err := specification.Read("testdata/order-details.txt")
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(600) {
		for version := 1; version <= 5; version++ {
			sheet := Market(8).Order(n, version)
			if err := rules.Check(sheet.Body); err != nil {
				t.Fatalf("order %d, version %d: %v\n%s", n, version, err, sheet.Body)
			}
		}
	}
}
