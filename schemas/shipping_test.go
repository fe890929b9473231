package schemas

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAShippingIsReadAsItWasWrittenAndNothingMistypedIsPassedOver(t *testing.T) {
	due := Millis(1780000100000)
	written := Shipping{
		Ref: "12-34567-89012", Parcel: 2, Carrier: "dhl", CarrierName: "DHL Paket", Service: "V01PAK", Number: "JJD0003", URL: "https://carrier.example/JJD0003", At: 1780000000000, Due: &due,
		Lines: []ShippedLine{{LineRef: "1001", UnitRefs: []string{"7", "8"}, Quantity: 2}},
	}
	body, err := written.Body()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseShipping(body)
	if diff := cmp.Diff(written, read); err != nil || diff != "" {
		t.Errorf("%v (-written +read):\n%s", err, diff)
	}
	for _, wrong := range []string{`{"ref":"1","trackingNumber":"x"}`, `[]`, ``} {
		if _, err := ParseShipping(Body{Bytes: []byte(wrong)}); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
