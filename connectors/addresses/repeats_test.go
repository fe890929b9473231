package addresses

import (
	"testing"

	"waybill/schemas"
)

func TestWhatRepeatsAPersonIsSeen(t *testing.T) {
	b := &schemas.Booking{To: schemas.Person{Name: "Łucja Żak", Street: "Am Markt 5", PostalCode: "01067"}, PostNumber: "1234567"}
	for text, want := range map[string]bool{
		"łucja is no name": true, "Value AM MARKT 5 is too long": true, "01067": true, "no 1234567": true,
		"Value is too long. Maximum is 40": false, "": false, "am 5": false,
	} {
		if got := Repeats(text, b); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if Repeats("anything", nil) || Repeats("anything", &schemas.Booking{}) {
		t.Error("nobody is repeated")
	}
}
