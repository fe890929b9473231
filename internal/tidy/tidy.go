// Package tidy holds the rules of the house: who may import whom, how long a file may be, what it may be called, what must be
// written beside it, what may never be committed. Its test holds the repository against every one of them. It knows the text of
// the code, and must not know what any of it does.
package tidy

import (
	"cmp"
	"fmt"
	"slices"
)

// Rule is one rule of the house.
type Rule struct {
	Name  string
	Check func(*Repository) []Fault
}

// Fault is one place that breaks a rule, and what to do about it.
type Fault struct {
	Path string
	Line int // 0 for the file as a whole
	Text string
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.Path + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.Path, f.Line, f.Text)
}

// Rules is every rule.
func Rules() []Rule {
	return []Rule{
		{"a folder imports only what the table of folders allows", foldersKeepToTheTable},
		{"an outside module has one home", modulesHaveOneHome},
		{"words, roads and steps are pure", stepsArePure},
		{"the decoder is never used without its caps", decoderIsCapped},
		{"a file and a function can be read in one go", sizesAreReadable},
		{"half of all files are short", medianIsShort},
		{"names are words of the trade", namesAreWords},
		{"nothing runs by itself", nothingRunsByItself},
		{"what others may use is explained", exportsAreExplained},
		{"a package says what it is for", packagesAreExplained},
		{"the text names no machine and no registry", textNamesNoMachine},
		{"nothing is left for later", nothingIsLeftForLater},
		{"no secret is committed", noSecretIsCommitted},
	}
}

// sorted puts faults in the order in which a reader goes through the files.
func sorted(faults []Fault) []Fault {
	slices.SortFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	return faults
}
