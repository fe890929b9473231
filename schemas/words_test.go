package schemas

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAnOrderIDIsSplitIntoWhatItWasMadeOf(t *testing.T) {
	for _, c := range [][2]string{{"allegro", "29738e61-7f6a-11e8-ac45-09db60ede9d6"}, {"amazon-jp", "503-1234567-1234567"}, {"shop", "A/1/2"}, {"shop", ""}} {
		party, ref, ok := SplitOrderID(OrderID(c[0], c[1]))
		if !ok || party != c[0] || ref != c[1] {
			t.Errorf("%q became %q, %q, %v", c, party, ref, ok)
		}
	}
	if _, _, ok := SplitOrderID("29738e61"); ok {
		t.Error("an id without a party was taken for an order's")
	}
}

func TestATrashIDSaysWhereItFailed(t *testing.T) {
	if id := TrashID("normalize", "orders.raw", 3, 9007199254740993); id != "normalize/orders.raw/3/9007199254740993" {
		t.Errorf("got %q", id)
	}
}

func TestAllFaultsOfAMessageAreNamed(t *testing.T) {
	var faults Faults
	if faults.Err() != nil {
		t.Error("no fault is an error")
	}
	faults.Add("missing_postal_code", "$.delivery.address.zipCode", "a parcel needs one")
	faults.Add("negative_quantity", "$.lineItems[2].quantity", "it is %d", -1)
	err := fmt.Errorf("normalize: %w", faults.Err())
	var got Faults
	if !errors.As(err, &got) || len(got) != 2 || got[1] != (Fault{"negative_quantity", "$.lineItems[2].quantity", "it is -1"}) {
		t.Errorf("got %v of %v", got, err)
	}
	for _, piece := range []string{"missing_postal_code at $.delivery.address.zipCode: a parcel needs one", "; negative_quantity at $.lineItems[2].quantity: it is -1"} {
		if !strings.Contains(err.Error(), piece) {
			t.Errorf("%q lacks %q", err, piece)
		}
	}
}

func TestAHostileMessageHasNoEndOfFaultsAndWeKeepSome(t *testing.T) {
	var faults Faults
	for i := range 10 * FaultsMax {
		faults.Add("c", "$", "%d", i)
	}
	if len(faults) != FaultsMax || faults[0].Text != "0" {
		t.Errorf("kept %d, the first is %v", len(faults), faults[0])
	}
}

func TestAnInstantIsWrittenInUTCWithItsMilliseconds(t *testing.T) {
	at := At(time.Date(2026, 3, 29, 2, 30, 0, 123_999_999, time.FixedZone("CEST", 2*3600)))
	if at.String() != "2026-03-29T00:30:00.123Z" {
		t.Errorf("got %s", at)
	}
	if text, err := at.MarshalText(); err != nil || string(text) != at.String() {
		t.Errorf("as JSON it is %s, %v", text, err)
	}
	if At(at.Time()) != at {
		t.Errorf("%s became %s", at, At(at.Time()))
	}
}

func TestASyntaxErrorSaysWhereInCharacters(t *testing.T) {
	document := []byte("{\n  \"ł\": x}")
	for offset, want := range map[int]string{
		0:  "line 1, column 1 (byte 0): bad",
		4:  "line 2, column 3 (byte 4): bad",
		10: "line 2, column 8 (byte 10): bad", // ł is one character and two bytes
		99: "line 2, column 10 (byte 12): bad",
		-1: "line 1, column 1 (byte 0): bad",
	} {
		if got := SyntaxAt(document, offset, "bad").Error(); got != want {
			t.Errorf("at %d: got %q, want %q", offset, got, want)
		}
	}
}
