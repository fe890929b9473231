// Package label draws the labels that the sandbox's carriers hand out: small, whole files of their kind, with the same few lines of text on
// them, so that two shipments never have the same bytes. It knows no carrier.
package label

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"strings"
)

// PDF is a page of 100 × 150 mm with these lines (ISO 32000-1 §7.5). What is beyond ASCII is shown as a question mark.
func PDF(lines ...string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 12 Tf 20 390 Td 16 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(plain(line)))
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 283 425] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var file bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	var places []int
	for i, object := range objects {
		places = append(places, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&file, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return file.Bytes()
}

// ZPL is a label in the language of Zebra's printers, the first line as a bar code too (ZPL II Programming Guide, ^BC).
func ZPL(lines ...string) []byte {
	var b strings.Builder
	b.WriteString("^XA\n^CI28\n^PW800\n^LL1200\n")
	for i, line := range lines {
		line = strings.Map(func(r rune) rune {
			if r == '^' || r == '~' {
				return ' ' // these begin commands
			}
			return r
		}, line)
		if i == 0 {
			fmt.Fprintf(&b, "^FO40,40^BY2^BCN,160,Y,N,N^FD%s^FS\n", line)
			continue
		}
		fmt.Fprintf(&b, "^FO40,%d^A0N,32,32^FD%s^FS\n", 240+i*44, line)
	}
	b.WriteString("^XZ\n")
	return []byte(b.String())
}

// EPL is a label in the older language of such printers (EPL2 Programmer's Manual: N, B, A, P1).
func EPL(lines ...string) []byte {
	var b strings.Builder
	b.WriteString("\nN\nq800\n")
	for i, line := range lines {
		line = strings.ReplaceAll(plain(line), `"`, `'`)
		if i == 0 {
			fmt.Fprintf(&b, "B40,40,0,1,2,4,160,B,%q\n", line)
			continue
		}
		fmt.Fprintf(&b, "A40,%d,0,3,1,1,N,%q\n", 240+i*44, line)
	}
	b.WriteString("P1\n")
	return []byte(b.String())
}

// PNG is a picture of bars, which are the bits of the lines.
func PNG(lines ...string) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, bars(lines)); err != nil {
		panic("draw a label of the sandbox: " + err.Error()) // a buffer takes all
	}
	return b.Bytes()
}

// GIF is the same picture.
func GIF(lines ...string) []byte {
	var b bytes.Buffer
	if err := gif.Encode(&b, bars(lines), nil); err != nil {
		panic("draw a label of the sandbox: " + err.Error()) // a buffer takes all
	}
	return b.Bytes()
}

func bars(lines []string) image.Image {
	const height, wide = 24, 2
	longest := 0
	for _, line := range lines {
		longest = max(longest, len(line))
	}
	picture := image.NewPaletted(image.Rect(0, 0, max(longest*8*wide, 1), max(len(lines)*height, 1)), color.Palette{color.White, color.Black})
	for i, line := range lines {
		for at, b := range []byte(line) {
			for bit := range 8 {
				if b&(0x80>>bit) == 0 {
					continue
				}
				for x := range wide {
					for y := range height - 4 {
						picture.SetColorIndex((at*8+bit)*wide+x, i*height+y, 1)
					}
				}
			}
		}
	}
	return picture
}

func plain(line string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, line)
}
