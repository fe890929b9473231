package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// wellKnown are methods whose meaning the standard library has explained.
var wellKnown = []string{
	"Error", "Unwrap", "Is", "As", "String", "ServeHTTP", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "UnmarshalYAML",
	"Read", "Write", "Close", "Len", "Less", "Swap", "Push", "Pop", "Header", "WriteHeader", "Describe", "Collect", "LogValue",
}

func exportsAreExplained(r *Repository) (faults []Fault) {
	promised := r.promisedMethods()
	for _, f := range r.code() {
		if f.isTest() || f.Go.Name.Name == "main" {
			continue
		}
		for _, d := range f.Go.Decls {
			for _, name := range unexplained(d, promised[f.folder()]) {
				faults = append(faults, Fault{f.Path, r.line(name.Pos()), fmt.Sprintf(
					"%s is exported and has no comment: say what it means, its units, its errors, or make it private", name.Name)})
			}
		}
	}
	return faults
}

// promisedMethods is by folder the methods of its interfaces, which explain them once for all who have them.
func (r *Repository) promisedMethods() map[string][]string {
	promised := map[string][]string{}
	for _, f := range r.code() {
		ast.Inspect(f.Go, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok {
				for _, m := range i.Methods.List {
					for _, name := range m.Names {
						promised[f.folder()] = append(promised[f.folder()], name.Name)
					}
				}
			}
			return true
		})
	}
	return promised
}

func unexplained(d ast.Decl, promised []string) (names []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		method := d.Recv != nil
		known := method && (slices.Contains(wellKnown, d.Name.Name) || slices.Contains(promised, d.Name.Name) || !receiver(d).IsExported())
		if d.Name.IsExported() && d.Doc == nil && !known {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			// One comment explains a group of constants or variables, not a group of types.
			if d.Doc == nil || (d.Lparen.IsValid() && d.Tok == token.TYPE) {
				names = append(names, unexplainedSpec(spec)...)
			}
		}
	}
	return names
}

func unexplainedSpec(spec ast.Spec) (names []*ast.Ident) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
			names = append(names, s.Name)
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if s.Doc == nil && s.Comment == nil && name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) *ast.Ident {
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t
		default:
			return ast.NewIdent("_")
		}
	}
}

func packagesAreExplained(r *Repository) (faults []Fault) {
	comments := map[string]string{}
	for _, f := range r.code() {
		if f.isTest() {
			continue
		}
		if text := f.Go.Doc.Text(); len(text) >= len(comments[f.folder()]) {
			comments[f.folder()] = text
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(comments)) {
		if text := comments[folder]; !strings.HasPrefix(text, "Package ") && !strings.HasPrefix(text, "Command ") {
			faults = append(faults, Fault{folder, 0, `no package comment: write "Package NAME …" above the package clause, what it is for and what it must not know`})
		}
	}
	return faults
}
