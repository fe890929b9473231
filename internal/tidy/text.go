package tidy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The patterns are put together from pieces, so that this file keeps the rules too.
var (
	machinePaths = regexp.MustCompile(`(?:^|[\s"'(=:` + "`" + `])/(?:wo` + `rk|ro` + `ot|ho` + `me|Us` + `ers|t` + `mp)/[\w.-]`)
	registries   = regexp.MustCompile(`(?:registry\.npm` + `js|proxy\.go` + `lang|sum\.go` + `lang|repo1\.ma` + `ven|deb\.deb` + `ian|py` + `pi|crates)\.(?:org|io)`)
	forLater     = regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME)\b`)
)

// secrets are the shapes of things that open a door.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE ` + `KEY-----`),
	regexp.MustCompile(`\bAK` + `IA[0-9A-Z]{16}\b`),
	regexp.MustCompile(`\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{30,}`),
	regexp.MustCompile(`\b(?:xox[abprs]-|sk_live_|shpat_|glpat-)[A-Za-z0-9-]{10,}`),
	regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}`),
}

// assigned is a literal that stands for something secret. One of capitals alone is the name of a variable of the environment.
var (
	assigned     = regexp.MustCompile(`(?i)\b\w*(?:password|passwd|secret|token|api_?key)\w*["']?\s*(?::=|=|:)\s*["']([A-Za-z0-9+/=_-]{16,})["']`)
	variableName = regexp.MustCompile(`^[A-Z_]+$`)
)

func isSecret(line string) bool {
	if found := assigned.FindStringSubmatch(line); found != nil && !variableName.MatchString(found[1]) {
		return true
	}
	return slices.ContainsFunc(secrets, func(shape *regexp.Regexp) bool { return shape.MatchString(line) })
}

func textNamesNoMachine(r *Repository) (faults []Fault) {
	r.eachLine(func(f *File, n int, line string) {
		if found := machinePaths.FindString(line); found != "" {
			faults = append(faults, Fault{f.Path, n, fmt.Sprintf("%q is a path of one machine: say it from the repository's root, or take it from a setting", strings.TrimSpace(found)+"…")})
		}
		if found := registries.FindString(line); found != "" {
			faults = append(faults, Fault{f.Path, n, fmt.Sprintf("%q names a registry: leave that to the package manager's own settings", found)})
		}
	})
	return faults
}

func nothingIsLeftForLater(r *Repository) (faults []Fault) {
	r.eachLine(func(f *File, n int, line string) {
		if found := forLater.FindString(line); found != "" {
			faults = append(faults, Fault{f.Path, n, found + ": do it now, or file it"})
		}
	})
	return faults
}

func noSecretIsCommitted(r *Repository) (faults []Fault) {
	r.eachLine(func(f *File, n int, line string) {
		if isSecret(line) {
			faults = append(faults, Fault{f.Path, n, "looks like a secret: take it from the environment; in a test make one at run time, or name it so that nobody mistakes it"})
		}
	})
	return faults
}

func (r *Repository) eachLine(do func(f *File, n int, line string)) {
	for _, f := range r.prose() {
		n := 0
		for line := range strings.SplitSeq(string(f.Text), "\n") {
			n++
			do(f, n, line)
		}
	}
}
