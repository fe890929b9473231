package tidy

import (
	"fmt"
	"go/ast"
	"slices"
)

// What can be read in one go, in lines.
const (
	fileLinesMax     = 300
	testLinesMax     = 600
	functionLinesMax = 70
	medianLinesMax   = 120
)

func sizesAreReadable(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		limit := fileLinesMax
		if f.isTest() {
			limit = testLinesMax
		}
		if n := f.lines(); n > limit {
			faults = append(faults, Fault{f.Path, 0, fmt.Sprintf("%d lines, %d are allowed: it tells more than one story, make a file of each", n, limit)})
		}
		for _, d := range f.Go.Decls {
			function, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := r.line(function.End()) - r.line(function.Pos()) + 1; n > functionLinesMax {
				faults = append(faults, Fault{f.Path, r.line(function.Pos()), fmt.Sprintf(
					"%s has %d lines, %d are allowed: give each thing it does a function with a name", function.Name.Name, n, functionLinesMax)})
			}
		}
	}
	return faults
}

func medianIsShort(r *Repository) []Fault {
	var sizes []int
	for _, f := range r.code() {
		if !f.isTest() {
			sizes = append(sizes, f.lines())
		}
	}
	if len(sizes) == 0 {
		return nil
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > medianLinesMax {
		return []Fault{{".", 0, fmt.Sprintf("half of all files have over %d lines, %d are allowed: make files of the longest ones", median, medianLinesMax)}}
	}
	return nil
}
