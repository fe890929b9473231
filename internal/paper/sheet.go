// Package paper makes what goes with parcels on paper, as PDF: packing slips, and the list that a driver signs. The same words are the same bytes.
// It knows no broker, no store and no printer.
package paper

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The page, in millimetres.
const (
	pageWidth  = 210.0
	margin     = 15.0
	inner      = pageWidth - 2*margin
	lineHeight = 5.0
	footer     = 20.0
)

const fontName = "go"

// sheet is a document that is being written.
type sheet struct{ *fpdf.Fpdf }

// newSheet begins a document. Its dates are those of what it tells: it has no clock.
func newSheet(title string, at time.Time) sheet {
	s := sheet{fpdf.New("P", "mm", "A4", "")}
	s.SetCatalogSort(true) // what stands in maps is written in order
	s.SetCreationDate(at.UTC())
	s.SetModificationDate(at.UTC())
	s.SetProducer("waybill", true)
	s.SetTitle(title, true)
	s.AddUTF8FontFromBytes(fontName, "", goregular.TTF)
	s.AddUTF8FontFromBytes(fontName, "B", gobold.TTF)
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(true, footer)
	s.AliasNbPages("{pages}")
	s.SetFooterFunc(func() {
		s.SetY(-margin)
		s.plain(8)
		s.CellFormat(inner, lineHeight, fmt.Sprintf("%s · %d/{pages}", written(title), s.PageNo()), "", 0, "R", false, 0, "")
	})
	return s
}

func (s sheet) plain(points float64) { s.SetFont(fontName, "", points) }
func (s sheet) bold(points float64)  { s.SetFont(fontName, "B", points) }

// say writes a line, or as many as it takes.
func (s sheet) say(text string) { s.MultiCell(inner, lineHeight, written(text), "", "L", false) }

// column is one of a table.
type column struct {
	head  string
	width float64
	right bool
}

// row writes a row of a table. It is as high as its longest cell, and stands on one page.
func (s sheet) row(columns []column, cells []string) {
	lines, most := make([][]string, len(cells)), 1
	for i, cell := range cells {
		lines[i] = s.SplitText(written(cell), columns[i].width-2)
		most = max(most, len(lines[i]))
	}
	_, height := s.GetPageSize()
	if s.GetY()+float64(most)*lineHeight > height-footer {
		s.AddPage()
	}
	top, left := s.GetY(), margin
	for i, c := range columns {
		align := "L"
		if c.right {
			align = "R"
		}
		for n, line := range lines[i] {
			s.SetXY(left, top+float64(n)*lineHeight)
			s.CellFormat(c.width, lineHeight, line, "", 0, align, false, 0, "")
		}
		left += c.width
	}
	s.SetXY(margin, top+float64(most)*lineHeight)
}

// heads writes the heads of a table, with a line below.
func (s sheet) heads(columns []column) {
	var heads []string
	for _, c := range columns {
		heads = append(heads, c.head)
	}
	s.bold(9)
	s.row(columns, heads)
	s.Line(margin, s.GetY(), pageWidth-margin, s.GetY())
	s.SetY(s.GetY() + 1)
	s.plain(9)
}

// code128Most is how long a text may be for bars that are wide enough to be read.
const code128Most = 48

// barcode draws a text for machines: as bars, or as a square where it is too long for them, or is beyond ASCII.
func (s sheet) barcode(text string) error {
	isPlain := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if isPlain && len(text) <= code128Most {
		code, err := code128.Encode(text)
		if err != nil {
			return fmt.Errorf("draw the bar code of %s: %w", text, err)
		}
		s.draw(code, min(0.4, inner/float64(code.Bounds().Dx())), 14)
		return nil
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("draw the bar code of %s: %w", text, err)
	}
	s.draw(code, 0.7, 0.7)
	return nil
}

// draw draws the black modules of a code, each so wide and high. Those beside each other are one bar: printers leave gaps between two.
func (s sheet) draw(code barcode.Barcode, wide, high float64) {
	top, size := s.GetY(), code.Bounds()
	for y := range size.Dy() {
		bar := 0
		for x := range size.Dx() + 1 {
			if x < size.Dx() && code.At(x, y) == color.Black {
				bar++
				continue
			}
			if bar > 0 {
				s.Rect(margin+float64(x-bar)*wide, top+float64(y)*high, float64(bar)*wide, high, "F")
			}
			bar = 0
		}
	}
	s.SetY(top + float64(size.Dy())*high + 2)
}

func (s sheet) bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, fmt.Errorf("write a PDF: %w", err)
	}
	return b.Bytes(), nil
}

// glyphs tell what the font can write.
var glyphs = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic("read the font that is part of this program: " + err.Error())
	}
	return f
})

// unwritten stands for a character that the font does not have.
const unwritten = '□'

// written is a text as the font can write it: Latin, Greek and Cyrillic. Line ends are spaces.
func written(text string) string {
	var b sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		if r < ' ' || r == 0x7f {
			return -1
		}
		if i, err := glyphs().GlyphIndex(&b, r); err != nil || i == 0 || r > 0xffff {
			return unwritten
		}
		return r
	}, text)
}
