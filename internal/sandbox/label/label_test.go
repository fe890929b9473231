package label

import (
	"bytes"
	"fmt"
	"image/gif"
	"image/png"
	"regexp"
	"strconv"
	"testing"
)

func TestTwoShipmentsNeverHaveTheSameLabel(t *testing.T) {
	for name, draw := range map[string]func(...string) []byte{"pdf": PDF, "zpl": ZPL, "epl": EPL, "png": PNG, "gif": GIF} {
		one, same, other := draw("0034", `A (b) \ "ß" ^XA`), draw("0034", `A (b) \ "ß" ^XA`), draw("0035", `A (b) \ "ß" ^XA`)
		if !bytes.Equal(one, same) || bytes.Equal(one, other) || len(one) == 0 {
			t.Errorf("%s: %q, %q", name, one, other)
		}
		if text := name != "png" && name != "gif"; text && !bytes.Contains(one, []byte("0034")) {
			t.Errorf("%s: the number is not on it", name)
		}
	}
	if n := bytes.Count(ZPL("1", "^XA~"), []byte("^XA")); n != 1 {
		t.Errorf("a text begins a label of its own: %d", n)
	}
	if _, err := png.Decode(bytes.NewReader(PNG("1", ""))); err != nil {
		t.Error(err)
	}
	if _, err := gif.Decode(bytes.NewReader(GIF())); err != nil {
		t.Error(err)
	}
}

// A reader of PDF files begins at their end: there stands where the table is, and there where each object is.
func TestAPDFTellsWhereItsPartsAre(t *testing.T) {
	file := PDF("0034", "second (line)")
	start, _ := strconv.Atoi(string(regexp.MustCompile(`startxref\n(\d+)\n`).FindSubmatch(file)[1]))
	if !bytes.HasPrefix(file[start:], []byte("xref\n0 6\n")) {
		t.Fatalf("no table at %d", start)
	}
	for i, place := range regexp.MustCompile(`(\d{10}) 00000 n `).FindAllSubmatch(file, -1) {
		at, _ := strconv.Atoi(string(place[1]))
		if !bytes.HasPrefix(file[at:], fmt.Appendf(nil, "%d 0 obj", i+1)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
	length, _ := strconv.Atoi(string(regexp.MustCompile(`/Length (\d+)`).FindSubmatch(file)[1]))
	if stream := regexp.MustCompile(`(?s)stream\n(.*)\nendstream`).FindSubmatch(file)[1]; len(stream) != length {
		t.Errorf("the stream has %d bytes, told are %d", len(stream), length)
	}
}
