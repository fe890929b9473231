package paper

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"waybill/schemas"
)

func mugs() *schemas.Order {
	return &schemas.Order{
		OrderID: "direct/1", PlacedAt: schemas.At(time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)), Zone: "Europe/Berlin",
		ShipTo: &schemas.Person{Name: "Łucja Weiß", Street: "Sträßchensweg 10", PostalCode: "53113", City: "Bonn", Country: "DE"},
		Lines: []schemas.Line{
			{LineRef: "a", SKU: "MUG", Title: "Кружка, 0,3 l", Quantity: 3, Cancelled: 1, UnitPrice: schemas.Money{Minor: 999, Currency: "EUR"}, EANs: []string{"4006381333931"}},
			{LineRef: "b", SKU: "CUP", Title: "Tasse", Quantity: 1, Cancelled: 1},
		},
	}
}

var streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)

// told is what is written on the pages of a PDF: in the font that is part of it, each character is drawn by its number (fpdf), two bytes each.
func told(t *testing.T, file []byte) string {
	t.Helper()
	var said strings.Builder
	for _, found := range streams.FindAllSubmatch(file, -1) {
		in, err := zlib.NewReader(bytes.NewReader(found[1]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(in)
		if err != nil || !bytes.Contains(page, []byte(")Tj")) {
			continue
		}
		for _, shown := range regexp.MustCompile(`(?s)\((.*?[^\\]|)\)Tj`).FindAllSubmatch(page, -1) {
			text := []byte(strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")").Replace(string(shown[1])))
			for i := 0; i+1 < len(text); i += 2 {
				said.WriteRune(rune(text[i])<<8 | rune(text[i+1]))
			}
			said.WriteByte('\n')
		}
	}
	return said.String()
}

func slips(t *testing.T, o *schemas.Order, withoutPrices bool, contents ...Content) string {
	t.Helper()
	file, err := Slips(o, contents, withoutPrices)
	if err != nil {
		t.Fatal(err)
	}
	api.DisableConfigDir() // it would write into the home folder
	settings := model.NewDefaultConfiguration()
	if err := api.Validate(bytes.NewReader(file), settings); err != nil {
		t.Fatalf("it is no PDF: %v", err)
	}
	return told(t, file)
}

func TestASlipListsWhatIsInItsShipmentAndNothingElse(t *testing.T) {
	o := mugs()
	said := slips(t, o, false, Content{"direct/1#17", []schemas.ShipmentLine{{LineRef: "a", SKU: "MUG", Quantity: 2}}})
	for _, want := range []string{"Lieferschein", "direct/1", "direct/1#17", "23.11.2026", "Łucja Weiß", "53113 Bonn", "MUG", "4006381333931", "Кружка, 0,3 l", "9.99 EUR", "2 Stück"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not on it:\n%s", want, said)
		}
	}
	if strings.Contains(said, "CUP") {
		t.Errorf("it has what is not in the shipment:\n%s", said)
	}
	if whole := Whole(o); len(whole.Lines) != 1 || whole.Lines[0].Quantity != 2 {
		t.Errorf("to be shipped is %+v", whole)
	}
}

func TestAGiftHasNoPrices(t *testing.T) {
	o := mugs()
	if said := slips(t, o, true, Whole(o)); strings.Contains(said, "9.99") || strings.Contains(said, "Einzelpreis") {
		t.Errorf("none were wanted:\n%s", said)
	}
	o.GiftNote = &schemas.Body{Bytes: []byte("Alles Gute\nzum Geburtstag")}
	if said := slips(t, o, false, Whole(o)); strings.Contains(said, "9.99") || !strings.Contains(said, "Alles Gute zum Geburtstag") {
		t.Errorf("a gift:\n%s", said)
	}
	o = mugs()
	o.Lines[1].GiftWrap = "red"
	if said := slips(t, o, false, Whole(o)); strings.Contains(said, "9.99") {
		t.Errorf("a gift:\n%s", said)
	}
}

func TestASlipIsWrittenAsItsReaderSpeaks(t *testing.T) {
	for country, want := range map[string]string{"AT": "Lieferschein", "PL": "Zamówienie", "CZ": "Objednávka", "JP": "Packing slip"} {
		o := mugs()
		o.ShipTo.Country = country
		if said := slips(t, o, false, Whole(o)); !strings.Contains(said, want) {
			t.Errorf("%s: %q is not on it:\n%s", country, want, said)
		}
	}
	for country, w := range languages {
		for _, word := range []string{w.slip, w.order, w.shipment, w.placed, w.article, w.what, w.quantity, w.price, w.pieces, w.to} {
			if word == "" || written(word) != word {
				t.Errorf("%q: the font has no %q", country, word)
			}
		}
	}
}

// The same order is the same bytes, however often and whatever stands in it; and many lines are many pages.
func TestTheSameSlipIsTheSameBytes(t *testing.T) {
	o := mugs()
	o.OrderID = "amazon-jp/注文-1\x00" + strings.Repeat("9", 60)
	o.ShipTo.Name = "山田 👍 )(\\ \r\n"
	for range 120 {
		o.Lines = append(o.Lines, schemas.Line{LineRef: "c", SKU: strings.Repeat("X", 60), Title: strings.Repeat("długi tytuł ", 20), Quantity: 1})
	}
	content := Whole(o)
	first, err := Slips(o, []Content{content, content}, false)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, err := Slips(o, []Content{content, content}, false); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("it differs: %v", err)
		}
	}
	api.DisableConfigDir()
	if pages, err := api.PageCount(bytes.NewReader(first), model.NewDefaultConfiguration()); err != nil || pages < 4 {
		t.Errorf("%d pages: %v", pages, err)
	}
	if said := told(t, first); !strings.Contains(said, "□□ □") {
		t.Error("what the font does not have left no mark")
	}
}
