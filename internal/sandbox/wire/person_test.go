package wire

import (
	"strings"
	"testing"
)

func TestPeopleLiveAtAnAddressOfTheirCountry(t *testing.T) {
	d := Throw(5)
	for _, c := range []*Country{Germany, Austria, France, Italy, Spain, Poland, Czechia, Slovakia, Britain, America, Japan} {
		for range 200 {
			p := Someone(d, c, 500)
			line := p.Line()
			if p.From != c || p.At.City == "" || p.At.Zip == "" || !strings.Contains(line, p.Street) || !strings.Contains(line, p.Number) {
				t.Fatalf("%s: %+v lives at %q", c.Code, p, line)
			}
		}
	}
	mary := Person{From: America, First: "Mary", Last: "O'Neil", Street: "Main St", Number: "7"}
	hanako := Person{From: Japan, First: "花子", Last: "山田", Street: "神宮前", Number: "1-2-3"}
	if mary.Name() != "Mary O'Neil" || mary.Line() != "7 Main St" || hanako.Name() != "山田 花子" || hanako.Line() != "神宮前1-2-3" {
		t.Errorf("%q at %q, %q at %q", mary.Name(), mary.Line(), hanako.Name(), hanako.Line())
	}
}

func TestFirmsAreAsManyAsAskedFor(t *testing.T) {
	d := Throw(6)
	for range 500 {
		if Someone(d, Germany, 1000).Firm == "" || Someone(d, Germany, 0).Firm != "" {
			t.Fatal("a firm too few or too many")
		}
	}
}
