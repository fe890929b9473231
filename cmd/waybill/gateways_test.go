package main

import (
	"slices"
	"testing"

	"waybill/schemas"
)

func TestAnOrderIsInThePartsThatAnERPMayRefuse(t *testing.T) {
	placing := schemas.Placing{Order: schemas.Order{Party: "amazon", Marketplace: "amazon-de", Lines: []schemas.Line{{SKU: "MUG"}, {}, {SKU: "CUP"}}}}
	body, err := placing.Body()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"account amazon", "storefront amazon-de", "article MUG", "article CUP"}
	if got := partsOfOrder(&schemas.Task{Payload: body}); !slices.Equal(got, want) {
		t.Errorf("it is in %q", got)
	}
	if got := partsOfOrder(&schemas.Task{Payload: schemas.Body{Bytes: []byte("{")}}); got != nil {
		t.Errorf("what can not be read is in %q", got)
	}
}
