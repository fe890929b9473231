package labels

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"waybill/schemas"
)

// pdfOf is a label with a name on it, in a font, on paper of a size, with lines.
func pdfOf(t *testing.T, name, font, paper string) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", paper, "")
	doc.SetCompression(false)
	doc.AddPage()
	doc.SetFont(font, "", 12)
	doc.Text(10, 10, name)
	doc.Line(10, 20, 90, 20) // of the form
	doc.Line(10, 30, 10+float64(len(name)), 30)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whoever it is for, a carrier's label is of one layout; and it is of another as soon as its form is.
func TestALayoutIsThatOfTheFormAndNotOfWhoItIsFor(t *testing.T) {
	zpl := func(name, more string) []byte {
		return []byte("^XA^PW800^LL1200^FO40,40^BY2^BCN,160,Y,N,N^FD" + name + "^FS^FO10,300^GB780,3,3^FS" + more + "^FO40,400^A0N,30,30^FD" + name + "^FS^XZ")
	}
	epl := func(name, bars string) []byte {
		return []byte("N\nq800\nQ1200,24\nLO10,300,780,3\n" + bars + `,"` + name + "\"\nA50,400,0,3,1,1,N,\"" + name + "\"\nP1\n")
	}
	for name, c := range map[string]struct {
		format           string
		ana, bob, anders []byte
	}{
		"pdf, another font":  {schemas.LabelPDF, pdfOf(t, "Ana", "Helvetica", "A6"), pdfOf(t, "Bob Longname", "Helvetica", "A6"), pdfOf(t, "Ana", "Courier", "A6")},
		"pdf, another paper": {schemas.LabelPDF, pdfOf(t, "Ana", "Helvetica", "A6"), pdfOf(t, "Bob Longname", "Helvetica", "A6"), pdfOf(t, "Ana", "Helvetica", "A5")},
		"pdf, another line":  {schemas.LabelPDF, pdfOf(t, "Ana", "Helvetica", "A6"), pdfOf(t, "Bob Longname", "Helvetica", "A6"), pdfOf(t, "Ana, whose name is as long as a line of the form", "Helvetica", "A6")},
		"zpl, another line":  {schemas.LabelZPL, zpl("1Z1", ""), zpl("1Z2345", ""), zpl("1Z1", "^FO10,600^GB780,3,3^FS")},
		"zpl, a logo":        {schemas.LabelZPL, zpl("1Z1", "^FO5,5^GFA,4,4,2,ABCD^FS"), zpl("1Z2345", "^FO5,5^GFA,4,4,2,0000^FS"), zpl("1Z1", "^FO5,5^GFA,8,8,2,ABCDABCD^FS")},
		"epl, another code":  {schemas.LabelEPL, epl("1Z1", "B40,40,0,1,2,6,160,B"), epl("1Z2345", "B40,40,0,1,2,6,160,B"), epl("1Z1", "B40,40,0,3,2,6,160,B")},
	} {
		ana, bob, anders := layoutOf(c.ana, c.format), layoutOf(c.bob, c.format), layoutOf(c.anders, c.format)
		if ana == "" || ana != bob || anders == ana || anders == "" {
			t.Errorf("%s: Ana's is %q, Bob's %q, the other %q", name, ana, bob, anders)
		}
	}
	if layout := layoutOf([]byte("%PDF-1.4 cut off"), schemas.LabelPDF); layout != "" {
		t.Errorf("of what can not be read it is %q", layout)
	}
}

// What looks otherwise is told once labels of a carrier have looked alike for days, of the first parcel, however often that is asked about.
func TestALabelThatLooksLikeNoneBeforeIsTold(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			drifts := func(carrier, font, paper, parcel string) bool {
				told, err := s.Drifts(t.Context(), carrier, schemas.LabelPDF, pdfOf(t, parcel, font, paper), parcel, now)
				if err != nil {
					t.Fatal(err)
				}
				return told
			}
			if drifts("dhl", "Helvetica", "A6", "1") || drifts("dhl", "Courier", "A6", "2") || drifts("dhl", "Helvetica", "A6", "3") {
				t.Error("it was told while variants are learned")
			}
			now = now.Add(settled + time.Hour)
			if drifts("dhl", "Courier", "A6", "4") || drifts("dpd", "Times", "A6", "5") {
				t.Error("what is known was told, or the first of a carrier")
			}
			for range 2 {
				if !drifts("dhl", "Helvetica", "A5", "6") {
					t.Error("what looks otherwise was not told")
				}
			}
			if drifts("dhl", "Helvetica", "A5", "7") {
				t.Error("it was told of a second parcel")
			}
		})
	}
}

// What stands about layouts is not removed with the labels.
func TestLayoutsAreKeptLongerThanLabels(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "labels")
	s, err := Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Drifts(t.Context(), "dhl", schemas.LabelPDF, pdfOf(t, "Ana", "Helvetica", "A6"), "1", time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Purge(t.Context(), Label, time.Now().Add(time.Hour), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadDir(filepath.Join(dir, layouts, "dhl", schemas.LabelPDF))
	if err != nil || len(kept) != 1 || strings.Contains(fmt.Sprint(kept), "Ana") {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

// What a layout costs beside the count of pages, which each label is read for anyway.
func BenchmarkLayout(b *testing.B) {
	doc := fpdf.New("P", "mm", "A6", "")
	doc.AddPage()
	doc.SetFont("Helvetica", "", 12)
	for line := range 40 {
		doc.Text(10, 10+float64(line)*3, "Ana, Sträßchensweg 10")
		doc.Line(10, 10+float64(line)*3, 90, 10+float64(line)*3)
	}
	var label bytes.Buffer
	if err := doc.Output(&label); err != nil {
		b.Fatal(err)
	}
	b.Run("pages", func(b *testing.B) {
		for b.Loop() {
			if _, err := pagesOf(label.Bytes(), schemas.LabelPDF); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("layout", func(b *testing.B) {
		for b.Loop() {
			if layoutOf(label.Bytes(), schemas.LabelPDF) == "" {
				b.Fatal("nothing can be told")
			}
		}
	})
}
