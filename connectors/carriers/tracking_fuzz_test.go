package carriers

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waybill/schemas"
)

func FuzzDHL(f *testing.F)        { fuzzTracker(f, "dhl") }
func FuzzDHLExpress(f *testing.F) { fuzzTracker(f, "dhl-express") }
func FuzzDPD(f *testing.F)        { fuzzTracker(f, "dpd") }
func FuzzFedEx(f *testing.F)      { fuzzTracker(f, "fedex") }
func FuzzGLS(f *testing.F)        { fuzzTracker(f, "gls") }
func FuzzInPost(f *testing.F)     { fuzzTracker(f, "inpost") }
func FuzzPacketa(f *testing.F)    { fuzzTracker(f, "packeta") }
func FuzzUPS(f *testing.F)        { fuzzTracker(f, "ups") }

// fuzzTracker: whatever a carrier says is read into whole scans, or refused with its place; twice the same.
func fuzzTracker(f *testing.F, carrier string) {
	files, err := filepath.Glob(filepath.Join(folderOf(carrier), "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if said, err := os.ReadFile(file); err == nil && len(said) < 20_000 {
			f.Add(said)
		}
	}
	for _, rubbish := range []string{
		"", "{", "[[[[", "\xff", "\x00", "<", "<a>", "<a/><b/>", "<a\x83b/>", "null", "[null]", `{"shipments":[null]}`, `{"parcels":null}`, `{"parcels":[{"events":{}}]}`, "%zz=1",
		strings.Repeat("<a>", 200), strings.Repeat(`{"data":`, 200), strings.Repeat("[", 200) + strings.Repeat("]", 200), "pnr=1&status=\xff&statusdate=05012026100000",
		`{"trackResponse":{"shipment":[{"package":[{"activity":[{"date":"99999999","time":"-1"}]}]}]}}`,
	} {
		f.Add([]byte(rubbish))
	}
	f.Fuzz(func(t *testing.T, said []byte) { checkTracked(t, carrier, said) })
}

func checkTracked(t *testing.T, carrier string, said []byte) {
	t.Helper()
	tracked, faults := read(t, carrier, said)
	for i, s := range tracked.Scans {
		whole := s.Carrier == carrier && s.At > 0 && slices.Contains(schemas.ParcelStatuses, s.Status) && s.Known == (s.Status != schemas.ParcelUnknown)
		if !whole || s.Terminal && s.Status != schemas.ParcelDelivered && s.Status != schemas.ParcelReturned || i > 0 && s.At < tracked.Scans[i-1].At {
			t.Fatalf("half a scan: %+v", s)
		}
		for _, text := range []string{s.Number, s.ShipmentRef, s.Code, s.Description, s.Location, s.Reason, s.Linked, s.EventRef} {
			if !utf8.ValidString(text) || len(text) > 1000 || strings.ContainsAny(text, "\n\x00") {
				t.Fatalf("a text that nobody can print: %q", text)
			}
		}
	}
	for _, fault := range faults {
		if fault.Code == "" || fault.Text == "" || fault.Path == "" || !utf8.ValidString(fault.Text) {
			t.Fatalf("half a fault: %+v", fault)
		}
	}
	again, more := read(t, carrier, said)
	if readable(t, tracked, faults) != readable(t, again, more) {
		t.Fatal("twice the same words, two results")
	}
}

// Whatever stands in the place of a value, it is read, or refused with its place.
func TestWhateverStandsInPlaceOfAValueOnParcelsIsReadOrRefused(t *testing.T) {
	everyWord(t, func(t *testing.T, carrier, _ string, said []byte) {
		var document any
		if json.Unmarshal(said, &document) != nil || len(said) > 12_000 {
			t.Skip("it is no JSON, or a long one")
		}
		swapValues(document, func() {
			changed, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			checkTracked(t, carrier, changed)
		})
	})
}

// swapValues takes each value out of a document and puts another in its place, one after the other; which other, changes by turns.
func swapValues(document any, try func()) {
	others := []any{nil, -1.5, "\u0000", []any{nil}, map[string]any{}, true}
	turn := 0
	var each func(in any)
	swap := func(old any, put func(any)) {
		turn++
		put(others[turn%len(others)])
		try()
		put(old)
		each(old)
	}
	each = func(in any) {
		switch in := in.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(in)) {
				swap(in[name], func(v any) { in[name] = v })
			}
		case []any:
			for i, old := range in {
				swap(old, func(v any) { in[i] = v })
			}
		}
	}
	each(document)
}

func TestAnAnswerMaySayOnlySoMuch(t *testing.T) {
	many := `{"parcels":[{"unitno":"1","events":[` + strings.Repeat(`{"code":"A","eventDateTime":"2026-01-05T10:00:00Z"},`, 10) + `{}]}]}`
	tracked, faults := read(t, "gls", []byte(many))
	if len(tracked.Scans) != 1 || len(faults) != 1 {
		t.Errorf("%d scans of one, %v", len(tracked.Scans), faults)
	}
	var b strings.Builder
	b.WriteString("<data>")
	for range 60_000 {
		b.WriteString(`<data name="piece-shipment" piece-code="1"/>`)
	}
	b.WriteString("</data>")
	tracked, err := trackers["dhl"]([]byte(b.String()), "")
	var hostile schemas.Faults
	if len(tracked.Scans) > 0 || errors.As(err, &hostile) && len(hostile) > schemas.FaultsMax {
		t.Errorf("%d scans, %d faults", len(tracked.Scans), len(hostile))
	}
}
