package tidy

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Repository is the text of a repository.
type Repository struct {
	Files     []*File // by path
	positions *token.FileSet
}

// File is one file of it.
type File struct {
	Path string // from the root, with slashes
	Text []byte
	Go   *ast.File // nil if it is not Go
}

// Read takes all files below root that git tracks or would track.
func Read(root string) (*Repository, error) {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the files of %s with git: %w", root, err)
	}
	texts := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and not yet committed
		}
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	return New(texts)
}

// New makes a repository of texts by path.
func New(texts map[string][]byte) (*Repository, error) {
	r := &Repository{positions: token.NewFileSet()}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f := &File{Path: name, Text: texts[name]}
		if strings.HasSuffix(name, ".go") && !ignoredByGo(name) {
			var err error
			if f.Go, err = parser.ParseFile(r.positions, name, f.Text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return nil, err
			}
		}
		r.Files = append(r.Files, f)
	}
	return r, nil
}

// ignoredByGo says whether the go command passes a file over.
func ignoredByGo(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "testdata" || strings.HasPrefix(part, "_") || strings.HasPrefix(part, ".") {
			return true
		}
	}
	return false
}

// code is the Go files.
func (r *Repository) code() []*File {
	return slices.DeleteFunc(slices.Clone(r.Files), func(f *File) bool { return f.Go == nil })
}

// prose is every file that people read and write: no recorded payloads, nothing binary, no lists of checksums.
func (r *Repository) prose() []*File {
	return slices.DeleteFunc(slices.Clone(r.Files), func(f *File) bool {
		return strings.Contains("/"+f.Path, "/testdata/") || f.Path == "go.sum" || bytes.IndexByte(f.Text, 0) >= 0
	})
}

func (r *Repository) line(at token.Pos) int { return r.positions.Position(at).Line }

func (f *File) isTest() bool   { return strings.HasSuffix(f.Path, "_test.go") }
func (f *File) folder() string { return path.Dir(f.Path) }
func (f *File) lines() int     { return bytes.Count(f.Text, []byte("\n")) }

// within says whether a folder is one of the given ones or lies below it.
func within(folder string, any ...string) bool {
	return slices.ContainsFunc(any, func(of string) bool { return folder == of || strings.HasPrefix(folder, of+"/") })
}
