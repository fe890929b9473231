package pairs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"waybill/schemas"
)

// read is the rows of a file, and what is wrong with the others as "line field code".
func read(t testing.TB, text string, format Format, kind string) (rows []Row, wrong []string) {
	t.Helper()
	for row, err := range Read(strings.NewReader(text), format, "allegro", kind) {
		var fault *RowError
		switch {
		case errors.As(err, &fault):
			wrong = append(wrong, fmt.Sprintf("%d %s %s", fault.Line, fault.Field, fault.Code))
		case err != nil:
			wrong = append(wrong, "end: "+err.Error())
		default:
			rows = append(rows, row)
		}
	}
	return rows, wrong
}

func TestColumnsMayStandInAnyOrder(t *testing.T) {
	rows, wrong := read(t, "\ufeffSKU, offer ,title,eans\nA,1,\"two\nlines\",4006381333931 4006381333948\nB,2,,\n", CSV, "")
	if wrong != nil || len(rows) != 2 {
		t.Fatalf("%v, %v", rows, wrong)
	}
	want := &schemas.CatalogueEntry{
		Party: "allegro", OfferRef: "1", SKU: "A", Quantity: "1", Unit: "piece", Title: "two\nlines", EANs: []string{"4006381333931", "4006381333948"},
	}
	if diff := cmp.Diff(want, rows[0].Offer); diff != "" || rows[0].Line != 2 || rows[1].Line != 4 {
		t.Errorf("lines %d, %d (-want +got):\n%s", rows[0].Line, rows[1].Line, diff)
	}
}

func TestEachFaultIsToldWithItsLineAndTheRestIsRead(t *testing.T) {
	rows, wrong := read(t, `offer_ref,sku,price,currency,components,party
1,A,,,,
,B,,,,
3,C,1.999,EUR,,
4,D,1.99,EUX,,
5,E,-1,EUR,,
6,F,,,"[{""sku"":""X""}",
7,G,,,,kaufland
8,H,,,
9,"I"x,,,,
10,`+"\xff"+`,,,,
11,`+"\u200b"+`K,,,,
`+strings.Repeat("1", 201)+`,L,,,,
13,M,,,"[{""sku"":""X"",""quantity"":""2""}]",allegro
`, CSV, "")
	want := []string{
		"3 offer_ref missing_ref", "4 price bad_amount", "5 currency unknown_currency", "6 price negative_price", "7 components bad_components",
		"8 party other_party", "9  wrong_columns", "10  not_csv", "11 sku not_utf8", "13 offer_ref bad_ref",
	}
	if diff := cmp.Diff(want, wrong); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if last := rows[len(rows)-1]; len(rows) != 3 || last.Line != 14 || last.Offer.Components[0].Quantity != "2" {
		t.Errorf("read %d rows, the last %+v", len(rows), last)
	}
}

func TestAFileThatIsNoSuchFileSaysSoAtOnce(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "end: read the header",
		"sku,colour\nA,red\n":           `there is no column "colour"`,
		"sku,sku\nA,B\n":                `two columns are called "sku"`,
		strings.Repeat("x", 100) + "\n": "there is no column",
	} {
		if _, wrong := read(t, text, CSV, ""); len(wrong) != 1 || !strings.Contains(wrong[0], want) {
			t.Errorf("%.20q: %v", text, wrong)
		}
	}
}

func TestWhatIsWrittenIsReadAsItWas(t *testing.T) {
	price := &schemas.Money{Minor: 1200, Currency: "JPY"}
	offers := []*schemas.CatalogueEntry{
		{Party: "allegro", OfferRef: "1", SKU: "=HYPERLINK(1)", Quantity: "12", Unit: "case/12", StockUnit: "piece", Title: "'=x", Price: price},
		{Party: "allegro", OfferRef: "-5", SKU: "'quoted", Quantity: "0.5", Unit: "kg", Title: "@a, \"b\"\nc", EANs: []string{"4006381333931"}},
		{Party: "allegro", OfferRef: "b", Quantity: "1", Unit: "piece", Components: []schemas.BundlePart{
			{SKU: "+A", Quantity: "2", Unit: "piece"}, {SKU: "B", Quantity: "1.5", Unit: "lb", StockUnit: "g", Price: price},
		}},
	}
	for _, format := range []Format{CSV, NDJSON} {
		var file bytes.Buffer
		w, err := NewWriter(&file, format, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offers {
			if err := w.Offer(o); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, wrong := read(t, file.String(), format, "")
		if len(wrong) > 0 || len(rows) != len(offers) {
			t.Fatalf("%s: %v\n%s", format, wrong, file.String())
		}
		for i, row := range rows {
			if diff := cmp.Diff(offers[i], row.Offer, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", format, diff)
			}
		}
		if format == CSV {
			for line := range strings.Lines(file.String()) {
				for cell := range strings.SplitSeq(line, ",") {
					if cell := strings.Trim(cell, `"`); cell != "" && strings.ContainsRune(formulaStarts, rune(cell[0])) {
						t.Errorf("a spreadsheet runs %q", cell)
					}
				}
			}
		}
	}
}

func TestLinksAreReadAndWritten(t *testing.T) {
	rows, wrong := read(t, "ref,our_id\n4711,allegro/1\n,allegro/2\n", CSV, schemas.LinkOrder)
	if len(rows) != 1 || rows[0].Link.Kind != schemas.LinkOrder || rows[0].Link.OurID != "allegro/1" || len(wrong) != 1 {
		t.Fatalf("%+v, %v", rows, wrong)
	}
	var file bytes.Buffer
	w, err := NewWriter(&file, NDJSON, schemas.LinkOrder)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Link(rows[0].Link), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if want := `{"our_id":"allegro/1","party":"allegro","ref":"4711"}` + "\n"; file.String() != want {
		t.Errorf("written %s", file.String())
	}
}

func TestTheFormatIsTold(t *testing.T) {
	for _, c := range []struct {
		name, begin string
		want        Format
	}{
		{"a.csv", "{", CSV}, {"a.ndjson", "sku", NDJSON}, {"a.jsonl", "", NDJSON}, {"-", ` {"sku"`, NDJSON}, {"-", "sku,", CSV}, {"-", "", CSV},
	} {
		if got := FormatOf(c.name, []byte(c.begin)); got != c.want {
			t.Errorf("%s beginning %q is %s", c.name, c.begin, got)
		}
	}
}

// FuzzRead: whatever comes is a pair that can be written and read again, or refused with its line.
func FuzzRead(f *testing.F) {
	f.Add("offer_ref,sku\n1,A\n", true)
	f.Add(`{"offer_ref":"1","sku":"A","components":[{"sku":"B","quantity":"2"}],"eans":["1","2"],"price":1.5,"currency":"EUR"}`, false)
	f.Add("offer_ref,components\n1,\"[{\"\"sku\"\":\"\"X\"\"}]\"\n", true)
	f.Add("\xef\xbb\xbf\"\n\"\"", true)
	f.Fuzz(func(t *testing.T, text string, asCSV bool) {
		format := NDJSON
		if asCSV {
			format = CSV
		}
		rows, _ := read(t, text, format, "")
		for _, row := range rows {
			if row.Line < 1 {
				t.Fatalf("a row without its line: %+v", row)
			}
			var file bytes.Buffer
			w, err := NewWriter(&file, CSV, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Offer(row.Offer), w.Flush()); err != nil {
				t.Fatal(err)
			}
			again, wrong := read(t, file.String(), CSV, "")
			if len(wrong) > 0 || len(again) != 1 {
				t.Fatalf("%+v is written as %q, which is %v", row.Offer, file.String(), wrong)
			}
			// Carriage returns within a quoted cell become line feeds (encoding/csv); all else stays.
			if diff := cmp.Diff(row.Offer, again[0].Offer, cmpopts.EquateEmpty(), cmp.Transformer("lines", func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") })); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		}
	})
}

// What a piece weighs goes in and out in whole grams.
func TestTheWeightOfAPieceIsReadAndWritten(t *testing.T) {
	rows, wrong := read(t, "offer_ref,sku,grams\n1,A,350\n2,B,\n3,C,0.35\n", CSV, "")
	if len(rows) != 2 || rows[0].Offer.Grams != 350 || rows[1].Offer.Grams != 0 || !slices.Equal(wrong, []string{"4 grams bad_weight"}) {
		t.Fatalf("%+v, %v", rows, wrong)
	}
	for format, want := range map[Format]string{CSV: "allegro,1,A,1,piece,,,,,,,350\n", NDJSON: `"grams":"350"`} {
		var file bytes.Buffer
		w, err := NewWriter(&file, format, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Offer(rows[0].Offer), w.Flush()); err != nil || !strings.Contains(file.String(), want) {
			t.Errorf("%s: written %s, %v", format, file.String(), err)
		}
	}
}
