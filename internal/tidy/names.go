package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// saysNothing are names that fit anything.
var saysNothing = []string{
	"util", "utils", "common", "helper", "helpers", "model", "models", "base", "manager", "managers", "service", "services",
	"type", "types", "misc", "shared", "lib", "stuff",
}

func namesAreWords(r *Repository) (faults []Fault) {
	seen := map[string]bool{}
	for _, f := range r.code() {
		for _, name := range append(strings.Split(f.folder(), "/"), f.Go.Name.Name) {
			if slices.Contains(saysNothing, strings.TrimSuffix(name, "_test")) && !seen[f.folder()] {
				seen[f.folder()] = true
				faults = append(faults, Fault{f.folder(), 0, fmt.Sprintf("a package called %q says nothing: name it after what it is in the trade", name)})
			}
		}
		for part := range strings.SplitSeq(strings.TrimSuffix(path.Base(f.Path), ".go"), "_") {
			if slices.Contains(saysNothing, part) {
				faults = append(faults, Fault{f.Path, 0, fmt.Sprintf("%q in the name of a file says nothing: name it after what the reader finds in it", part)})
			}
		}
	}
	return faults
}

func nothingRunsByItself(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		for _, d := range f.Go.Decls {
			if function, ok := d.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
				faults = append(faults, Fault{f.Path, r.line(function.Pos()), "init runs before anyone asked: use a literal, or a function that main calls"})
			}
		}
	}
	return faults
}
