package allegro

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/schemas"
)

// What allegro/1 made of a form it still makes of it.
func TestAnEarlierMappingSaysWhatItSaid(t *testing.T) {
	raw := &schemas.RawOrder{Body: schemas.Body{Bytes: changed(t)}}
	then, err := New(first).Normalize(raw)
	if err != nil {
		t.Fatal(err)
	}
	now, err := New(second).Normalize(raw)
	if err != nil {
		t.Fatal(err)
	}
	if then.PricesIncludeTax != nil || now.PricesIncludeTax == nil || !*now.PricesIncludeTax {
		t.Errorf("prices include tax: %v, then %v", then.PricesIncludeTax, now.PricesIncludeTax)
	}
	now.PricesIncludeTax = nil
	if diff := cmp.Diff(then, now); diff != "" {
		t.Errorf("they differ in more (-first +second):\n%s", diff)
	}
}
