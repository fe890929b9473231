package reading

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// BenchmarkPathGet looks for a field behind twenty lines of an order, as a mended message is looked into; a pass of encoding/json over the
// whole document is what it is compared with.
func BenchmarkPathGet(b *testing.B) {
	line := `{"id":"62ae358b","offer":{"id":"3213213","name":"Oferta"},"quantity":1,"price":{"amount":"123.45","currency":"PLN"}}`
	document := fmt.Appendf(nil, `{"id":"1","lineItems":[%s],"delivery":{"address":{"city":"Praha","zipCode":"110 00"}}}`, strings.TrimSuffix(strings.Repeat(line+",", 20), ","))
	path, err := ParsePath("$.delivery.address.zipCode")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			if _, ok := path.Get(document); !ok {
				b.Fatal("it is not found")
			}
		}
	})
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			if !json.Valid(document) {
				b.Fatal("it is no JSON")
			}
		}
	})
}
