package tidy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const module = "waybill"

// row is one line of the table of folders: what may be imported, of ours, from a folder and below it. Its own subfolders always
// may.
type row struct {
	folder string
	may    []string
}

// table is read from the top: the first row that a folder lies in decides.
var table = []row{
	{"schemas", nil},
	{"topics", []string{"schemas"}},
	{"processors", []string{"schemas", "topics"}},
	{"connectors/marketplaces/*", []string{"schemas", "connectors/reading", "connectors/signature", "connectors/remote"}},
	{"connectors/carriers/*", []string{"schemas", "connectors/addresses", "connectors/scans", "connectors/signature", "connectors/remote"}},
	{"connectors/erps/*", []string{"schemas", "connectors/signature", "connectors/remote"}},
	{"connectors", []string{"schemas", "topics", "connectors"}},
	{"internal/sandbox", []string{"internal/config"}},
	{"internal/tidy", nil},
	{"internal/console", []string{"schemas", "topics", "processors", "connectors", "internal"}},
	{"internal", []string{"schemas", "topics", "processors", "internal"}},
	{"cmd", []string{"schemas", "topics", "processors", "connectors", "internal", "cmd"}},
}

// forTests is what a test may import besides: real parts to test with, which know nothing of what is tested.
var forTests = []string{"internal/embedded/embeddedtest", "internal/embedded/enginetest", "internal/sandbox"}

func foldersKeepToTheTable(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		own, may, ok := allowed(f.folder())
		if !ok {
			faults = append(faults, Fault{f.Path, 0, "stands in no folder of the table: put it where the message meets it, or extend the table and ARCHITECTURE.md"})
			continue
		}
		if f.isTest() {
			may = slices.Concat(may, forTests)
		}
		for _, i := range f.Go.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			target, ours := strings.CutPrefix(name, module+"/")
			if ours && !within(target, own) && !within(target, may...) {
				faults = append(faults, Fault{f.Path, r.line(i.Pos()), fmt.Sprintf(
					"%s must not import %s, only %s: move the code, or declare here the small interface it needs and let cmd hand it in",
					f.folder(), target, wordsOf(may))})
			}
		}
	}
	return faults
}

// allowed finds a folder's row; own is the folder whose subfolders it may import.
func allowed(folder string) (own string, may []string, ok bool) {
	for _, t := range table {
		parent, party := strings.CutSuffix(t.folder, "/*")
		if !party && within(folder, parent) {
			return parent, t.may, true
		}
		if below, is := strings.CutPrefix(folder, parent+"/"); party && is {
			name, _, _ := strings.Cut(below, "/")
			return parent + "/" + name, t.may, true
		}
	}
	return "", nil, false
}

func wordsOf(may []string) string {
	if len(may) == 0 {
		return "nothing of ours"
	}
	return strings.Join(may, ", ")
}
