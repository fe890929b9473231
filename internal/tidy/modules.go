package tidy

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// home is where an outside package may be imported. Tests may import those with loose anywhere.
type home struct {
	path    string // of the package, and of those below it
	folders []string
	loose   bool
}

// homes is read from the top: the first that a package lies in decides.
var homes = []home{
	{"github.com/hamba/avro", []string{"schemas"}, false},
	{"github.com/twmb/avro", []string{"schemas"}, false},
	{"github.com/twmb/franz-go/pkg/sr/srfake", []string{"internal/embedded"}, true},
	{"github.com/twmb/franz-go/pkg/sr", []string{"schemas", "internal/provision", "internal/reach", "internal/embedded"}, true},
	{"github.com/twmb/franz-go/pkg/kfake", []string{"internal/embedded"}, true},
	{"github.com/twmb/franz-go", []string{"internal", "cmd"}, false},
	// The embedded engine answers that driver, so it speaks its wire format; the client itself stays in the sink.
	{"github.com/ClickHouse/clickhouse-go/v2/lib", []string{"connectors/clickhouse", "internal/embedded/engine"}, true},
	{"github.com/ClickHouse/clickhouse-go", []string{"connectors/clickhouse"}, true},
	{"github.com/ClickHouse/ch-go", []string{"internal/embedded/engine"}, false},
	{"github.com/pressly/goose", []string{"connectors/clickhouse"}, false},
	{"github.com/ebitengine/purego", []string{"internal/embedded/engine"}, false},
	{"github.com/cockroachdb/pebble", []string{"internal/table"}, false},
	{"github.com/knadh/koanf", []string{"internal/config"}, false},
	{"github.com/go-faster/jx", []string{"connectors"}, false},
	{"github.com/spf13/cobra", []string{"cmd"}, false},
	{"github.com/rickar/cal", []string{"processors"}, false},
	{"codeberg.org/go-pdf/fpdf", []string{"internal/paper"}, true},
	{"github.com/boombuler/barcode", []string{"internal/paper"}, false},
	{"github.com/OpenPrinting/goipp", []string{"connectors/printers", "internal/sandbox/printer"}, false},
}

func modulesHaveOneHome(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		for _, i := range f.Go.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			at := slices.IndexFunc(homes, func(h home) bool { return within(name, h.path) })
			if at < 0 || within(f.folder(), homes[at].folders...) || (homes[at].loose && f.isTest()) {
				continue
			}
			faults = append(faults, Fault{f.Path, r.line(i.Pos()), fmt.Sprintf(
				"%s may be imported in %s only: ask that folder for what is needed", name, strings.Join(homes[at].folders, ", "))})
		}
	}
	return faults
}

// pureFolders must give the same answer to the same input for ever.
var (
	pureFolders = []string{"schemas", "topics", "processors"}
	// Packages of the standard library with an outside, a clock or chance behind them, and the calls of time that ask a clock.
	impurePackages = []string{"os", "net", "math/rand", "crypto/rand", "log", "syscall", "runtime", "os/exec", "database/sql"}
	clockCalls     = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
)

func stepsArePure(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		if f.isTest() || !within(f.folder(), pureFolders...) {
			continue
		}
		for _, i := range f.Go.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			outside := strings.Contains(strings.Split(name, "/")[0], ".") && f.folder() != "schemas" && !atHome(name, f.folder())
			if outside || within(name, impurePackages...) {
				faults = append(faults, Fault{f.Path, r.line(i.Pos()), name +
					" has no place in a pure folder: declare the small interface that is needed and let cmd hand it in"})
			}
		}
		r.calls(f, "time", clockCalls, func(line int, call string) {
			faults = append(faults, Fault{f.Path, line, call + " makes a replay differ: take the time from the event, or ask for a Wake"})
		})
	}
	return faults
}

// atHome is true of a module that has its home in the folder: it was read, and found as pure as what is there.
func atHome(name, folder string) bool {
	return slices.ContainsFunc(homes, func(h home) bool { return within(name, h.path) && slices.Contains(h.folders, folder) })
}

// uncapped are the functions of the decoder that know no limit, or share one cache with every caller.
var uncapped = []string{
	"Marshal", "Unmarshal", "NewDecoder", "NewEncoder", "NewDecoderForSchema", "NewEncoderForSchema", "DefaultConfig",
	"DefaultSchemaCache", "Register", "Parse", "MustParse", "ParseFiles", "ParseBytes",
}

func decoderIsCapped(r *Repository) (faults []Fault) {
	for _, f := range r.code() {
		r.calls(f, "avro", uncapped, func(line int, call string) {
			faults = append(faults, Fault{f.Path, line, call +
				" has no caps: seven hostile bytes end the process (SECURITY.md); use the frozen codec, and ParseBytesWithCache with a cache of its own"})
		})
	}
	return faults
}

// calls finds the uses of names of a package.
func (r *Repository) calls(f *File, pkg string, names []string, found func(line int, call string)) {
	ast.Inspect(f.Go, func(n ast.Node) bool {
		use, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := use.X.(*ast.Ident); ok && of.Name == pkg && slices.Contains(names, use.Sel.Name) {
			found(r.line(use.Pos()), pkg+"."+use.Sel.Name)
		}
		return true
	})
}
