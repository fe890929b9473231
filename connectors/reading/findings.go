package reading

import (
	"fmt"
	"slices"
	"strings"

	"waybill/schemas"
)

// Findings collects faults. What stands beneath a place that already has one is not reported again: a price that is no object
// is not also a price without an amount.
type Findings struct{ All schemas.Faults }

// Add notes that fault, unless its place or one above it has one.
func (f *Findings) Add(code, path, text string) {
	for _, known := range f.All {
		if beneath(path, known.Path) {
			return
		}
	}
	f.All.Add(code, path, "%s", text)
}

// Has tells whether there is a fault of that code.
func (f *Findings) Has(code string) bool {
	return slices.ContainsFunc(f.All, func(known schemas.Fault) bool { return known.Code == code })
}

// Only is one fault of the whole document.
func Only(code, text string) *Findings {
	return &Findings{All: schemas.Faults{{Code: code, Path: "$", Text: text}}}
}

// beneath is also true of the place itself.
func beneath(path, above string) bool {
	rest, inside := strings.CutPrefix(path, above)
	return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Place is where a value stands in a document. It is spelled out only when something is wrong there: Path has a %d for each index.
type Place struct {
	Path string
	I, J int
}

// In is the place with these indices; the second is 0 where the path has but one.
func In(path string, i, j int) Place { return Place{path, i, j} }

func (p Place) String() string {
	switch strings.Count(p.Path, "%d") {
	case 0:
		return p.Path
	case 1:
		return At(p.Path, p.I)
	}
	return fmt.Sprintf(p.Path, p.I, p.J)
}

// At is a path with that index in place of its %d.
func At(path string, i int) string { return fmt.Sprintf(path, i) }
