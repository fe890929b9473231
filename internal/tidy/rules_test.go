package tidy

import (
	"strings"
	"testing"
)

// broken is for every rule what must not pass, and what looks alike and must.
var broken = map[string][]struct {
	name  string
	files map[string]string
	want  []string // a piece of each fault, in order; none: the files keep the rule
}{
	"a folder imports only what the table of folders allows": {
		{"a word that knows a road", file("schemas/a.go", imports("waybill/topics")), []string{"schemas must not import topics, only nothing of ours"}},
		{"a road that knows a step", file("topics/a.go", imports("waybill/processors")), []string{"topics must not import processors, only schemas"}},
		{"a step that knows a door", file("processors/a.go", imports("waybill/connectors/clickhouse")), []string{"processors must not import connectors/clickhouse"}},
		{"a step that knows the machine", file("processors/a.go", imports("waybill/internal/runner")), []string{"processors must not import internal/runner"}},
		{"a door that knows a step", file("connectors/a.go", imports("waybill/processors")), []string{"connectors must not import processors"}},
		{"a door that knows the machine", file("connectors/clickhouse/a.go", imports("waybill/internal/config")), []string{"connectors/clickhouse must not import internal/config"}},
		{"a party that knows a road", file("connectors/marketplaces/ebay/a.go", imports("waybill/topics")), []string{"connectors/marketplaces/ebay must not import topics, only schemas, connectors/reading, connectors/signature, connectors/remote"}},
		{"a party that knows another", file("connectors/carriers/dhl/a.go", imports("waybill/connectors/carriers/dpd")), []string{"connectors/carriers/dhl must not import connectors/carriers/dpd"}},
		{"a party's test that knows a door", file("connectors/erps/odoo/a_test.go", imports("waybill/connectors/clickhouse")), []string{"connectors/erps/odoo must not import connectors/clickhouse"}},
		{"a machine that knows a door", file("internal/runner/a.go", imports("waybill/connectors")), []string{"internal/runner must not import connectors"}},
		{"a machine that knows a verb", file("internal/httpd/a.go", imports("waybill/cmd/waybill")), []string{"internal/httpd must not import cmd/waybill"}},
		{"a sandbox that knows the words", file("internal/sandbox/allegro/a.go", imports("waybill/schemas")), []string{"internal/sandbox/allegro must not import schemas, only internal/config"}},
		{"a folder nobody declared", file("domain/a.go", ""), []string{"stands in no folder of the table"}},
		{"the root", file("a.go", ""), []string{"stands in no folder of the table"}},
		{"what is allowed", files{
			"schemas/a.go": source(imports("fmt")), "topics/a.go": source(imports("waybill/schemas")), "processors/a.go": source(imports("waybill/topics")),
			"connectors/marketplaces/a.go":               source(imports("waybill/connectors/marketplaces/ebay", "waybill/topics")),
			"connectors/marketplaces/ebay/a.go":          source(imports("waybill/connectors/signature", "waybill/connectors/marketplaces/ebay/wire")),
			"connectors/clickhouse/a_test.go":            source(imports("waybill/internal/embedded/enginetest")),
			"internal/runner/a.go":                       source(imports("waybill/internal/table", "waybill/processors")),
			"internal/console/a.go":                      source(imports("waybill/connectors/clickhouse")),
			"internal/sandbox/a.go":                      source(imports("waybill/internal/sandbox/wire", "waybill/internal/config")),
			"cmd/waybill/a.go":                           source(imports("waybill/connectors", "waybill/processors", "waybill/internal/runner")),
			"connectors/marketplaces/ebay/testdata/a.go": "this is no Go",
		}, nil},
	},
	"an outside module has one home": {
		{"Avro in a road", file("topics/a.go", imports("github.com/hamba/avro/v2")), []string{"github.com/hamba/avro/v2 may be imported in schemas only"}},
		{"Avro in a test elsewhere", file("topics/a_test.go", imports("github.com/hamba/avro/v2")), []string{"in schemas only"}},
		{"the registry's client in the sink", file("connectors/clickhouse/a.go", imports("github.com/twmb/franz-go/pkg/sr")), []string{"in schemas, internal/provision, internal/reach, internal/embedded only"}},
		{"the broker's client in a door", file("connectors/a.go", imports("github.com/twmb/franz-go/pkg/kgo")), []string{"in internal, cmd only"}},
		{"its admin in a step", file("processors/a.go", imports("github.com/twmb/franz-go/pkg/kadm")), []string{"in internal, cmd only"}},
		{"a broker beside the embedded stack", file("internal/runner/a.go", imports("github.com/twmb/franz-go/pkg/kfake")), []string{"in internal/embedded only"}},
		{"the sink's client in the machine", file("internal/landing/a.go", imports("github.com/ClickHouse/clickhouse-go/v2")), []string{"in connectors/clickhouse only"}},
		{"the sink's client in the engine", file("internal/embedded/engine/a.go", imports("github.com/ClickHouse/clickhouse-go/v2")), []string{"in connectors/clickhouse only"}},
		{"holidays in a door", file("connectors/a.go", imports("github.com/rickar/cal/v2/de")), []string{"in processors only"}},
		{"the store beside the tables", file("internal/runner/a.go", imports("github.com/cockroachdb/pebble/v2")), []string{"in internal/table only"}},
		{"what is allowed", files{
			"schemas/a.go":                  source(imports("github.com/hamba/avro/v2", "github.com/twmb/franz-go/pkg/sr")),
			"internal/runner/a.go":          source(imports("github.com/twmb/franz-go/pkg/kgo", "github.com/twmb/franz-go/pkg/kadm")),
			"internal/embedded/engine/a.go": source(imports("github.com/ClickHouse/clickhouse-go/v2/lib/proto")),
			"internal/landing/a_test.go":    source(imports("github.com/ClickHouse/clickhouse-go/v2", "github.com/twmb/franz-go/pkg/sr/srfake")),
			"cmd/waybill/a.go":              source(imports("github.com/twmb/franz-go/pkg/sasl/plain", "github.com/spf13/cobra")),
		}, nil},
	},
	"words, roads and steps are pure": {
		{"a step that opens a file", file("processors/a.go", imports("os")), []string{"os has no place in a pure folder"}},
		{"a step that calls out", file("processors/a.go", imports("net/http")), []string{"net/http has no place"}},
		{"a step that throws dice", file("processors/a.go", imports("math/rand/v2")), []string{"math/rand/v2 has no place"}},
		{"a road with a library", file("topics/a.go", imports("github.com/google/uuid")), []string{"github.com/google/uuid has no place"}},
		{"a step with a library that is at home elsewhere", file("processors/a.go", imports("github.com/go-faster/jx")), []string{"github.com/go-faster/jx has no place"}},
		{"a step that looks at the clock", file("processors/a.go", `import "time"; func f() { g(time.Now()) }`), []string{"time.Now makes a replay differ"}},
		{"a word that waits", file("schemas/a.go", `import "time"; func f() { time.Sleep(1) }`), []string{"time.Sleep makes a replay differ"}},
		{"what is allowed", files{
			"processors/a.go": source(`import "time"; const d = 2 * time.Second`), "processors/a_test.go": source(imports("os")),
			"processors/b.go": source(imports("github.com/rickar/cal/v2", "github.com/rickar/cal/v2/de")),
			"schemas/a.go":    source(imports("github.com/shopspring/decimal")), "internal/runner/a.go": source(`import "time"; var t = time.Now`),
		}, nil},
	},
	"the decoder is never used without its caps": {
		{"a package-level function", file("schemas/a.go", `import "github.com/hamba/avro/v2"; func f() { avro.Unmarshal(nil, nil, nil) }`), []string{"avro.Unmarshal has no caps"}},
		{"the shared cache", file("schemas/a_test.go", `import "github.com/hamba/avro/v2"; var s = avro.MustParse("")`), []string{"avro.MustParse has no caps"}},
		{"what is allowed", file("schemas/a.go", `import "github.com/hamba/avro/v2"; var c = avro.Config{}.Freeze(); func f() { c.Unmarshal(nil, nil, nil) }`), nil},
	},
	"a file and a function can be read in one go": {
		{"a long file", file("schemas/a.go", lines(301)), []string{"are allowed: it tells more than one story"}},
		{"a long test", file("schemas/a_test.go", lines(601)), []string{"600 are allowed"}},
		{"a long function", file("schemas/a.go", "func Long() {"+lines(70)+"}"), []string{"Long has 71 lines, 70 are allowed"}},
		{"what is allowed", files{"schemas/a.go": source("func f() {" + lines(69) + "}"), "schemas/a_test.go": source(lines(500))}, nil},
	},
	"half of all files are short": {
		{"one long file among three", files{"a/a.go": source(lines(200)), "a/b.go": source(""), "a/c.go": source("")}, nil},
		{"two long files among three", files{"a/a.go": source(lines(200)), "a/b.go": source(lines(200)), "a/c.go": source("")}, []string{"half of all files have over"}},
		{"tests do not count", files{"a/a_test.go": source(lines(200)), "a/b_test.go": source(lines(200)), "a/c.go": source("")}, nil},
	},
	"names are words of the trade": {
		{"a folder", file("internal/util/order.go", ""), []string{`a package called "util" says nothing`}},
		{"a folder above", file("internal/common/clock/order.go", ""), []string{`a package called "common"`}},
		{"a package clause", files{"internal/clock/order.go": "package helpers\n"}, []string{`a package called "helpers"`}},
		{"a file", file("schemas/types.go", ""), []string{`"types" in the name of a file`}},
		{"a part of a file's name", file("schemas/order_helpers_test.go", ""), []string{`"helpers" in the name of a file`}},
		{"what is allowed", file("internal/prototype/database.go", ""), nil},
	},
	"nothing runs by itself": {
		{"init", file("cmd/waybill/a.go", "func init() {}"), []string{"init runs before anyone asked"}},
		{"a method of that name", file("cmd/waybill/a.go", "type t int\nfunc (t) init() {}"), nil},
	},
	"what others may use is explained": {
		{"a function", file("a/a.go", "func Open() {}"), []string{"Open is exported and has no comment"}},
		{"a type in a group with a comment", file("a/a.go", "// Things.\ntype (\nOpen int\n)"), []string{"Open is exported"}},
		{"a variable", file("a/a.go", "var Open, closed int"), []string{"Open is exported"}},
		{"a method", file("a/a.go", "// T is.\ntype T[A any] int\nfunc (t *T[A]) Open() {}"), []string{"Open is exported"}},
		{"what is allowed", files{
			"a/a.go": source("// Open opens.\nfunc Open() {}\n// States.\nconst (\nA = 1\nB = 2\n)\nvar C = 1 // of light\ntype d int\nfunc (d) Open() {}\n" +
				"// T is.\ntype T int\nfunc (T) Error() string { return \"\" }\nfunc (T) Go() {}\n// R goes.\ntype R interface { Go() }"),
			"a/a_test.go": source("func Open2() {}"), "cmd/waybill/a.go": "package main\nfunc Open() {}\n",
		}, nil},
	},
	"a package says what it is for": {
		{"a package without", files{"a/a.go": "package a\n", "a/b.go": "// Of a kind.\npackage a\n"}, []string{"a: no package comment"}},
		{"what is allowed", files{"a/a.go": "package a\n", "a/b.go": "// Package a is for a.\npackage a\n", "b/b.go": "// Command b runs.\npackage main\n", "c/c_test.go": "package c\n"}, nil},
	},
	"the text names no machine and no registry": {
		{"a work tree", files{"README.md": "See /wo" + "rk/main for more."}, []string{"README.md:1: \"/wo" + "rk/m…\" is a path of one machine"}},
		{"a home", files{"a/a.sh": "#!/bin/sh\ncd \"/ho" + "me/ann\""}, []string{"a/a.sh:2"}},
		{"a temporary folder", file("a/a.go", `const dir = "/t`+`mp/spool"`), []string{"is a path of one machine"}},
		{"a registry", files{"a/package-lock.json": `"resolved": "https://registry.npm` + `js.org/x"`}, []string{"names a registry"}},
		{"what is allowed", files{"README.md": "Look at ./wo" + "rk/main, docs/ro" + "ot/a and /var/lib/waybill.", "a/testdata/a.txt": "/t" + "mp/x"}, nil},
	},
	"nothing is left for later": {
		{"in code", file("a/a.go", "// TO"+"DO: think\n"), []string{"do it now, or file it"}},
		{"in prose", files{"README.md": "\n\nFIX" + "ME"}, []string{"README.md:3"}},
		{"what is allowed", files{"README.md": "A todo list; testdata is not ours.", "a/testdata/a.json": "TO" + "DO"}, nil},
	},
	"no secret is committed": {
		{"a key", files{"a/a.pem": "-----BEGIN RSA PRIVATE " + "KEY-----"}, []string{"looks like a secret"}},
		{"a cloud's key", files{"a.yaml": "id: AK" + "IA0123456789ABCDEF"}, []string{"looks like a secret"}},
		{"a password", file("a/a.go", `const dbPassword = "c29tZXRoaW5n`+`bG9uZw=="`), []string{"looks like a secret"}},
		{"a setting", files{"a.yaml": `api_key: "0123456789abc` + `def0123"`}, []string{"looks like a secret"}},
		{"what is allowed", files{"a.yaml": "password: ${WAYBILL_PASSWORD}\ntoken: \"short\"", "README.md": "The secret: it is never logged.", "a/a.go": source(`const passwordVariable = "WAYBILL_ENGINE_PASSWORD"`)}, nil},
	},
}

func TestEveryRuleFindsWhatBreaksIt(t *testing.T) {
	for _, rule := range Rules() {
		cases := broken[rule.Name]
		if len(cases) < 2 {
			t.Errorf("%q has no example that breaks it and one that keeps it", rule.Name)
		}
		for _, c := range cases {
			t.Run(strings.ReplaceAll(rule.Name+"/"+c.name, " ", "_"), func(t *testing.T) {
				texts := map[string][]byte{}
				for path, text := range c.files {
					texts[path] = []byte(text)
				}
				repository, err := New(texts)
				if err != nil {
					t.Fatal(err)
				}
				faults := sorted(rule.Check(repository))
				for i, fault := range faults {
					if i >= len(c.want) || !strings.Contains(fault.String(), c.want[i]) {
						t.Errorf("found %q, want %q", fault, c.want)
					}
				}
				if len(faults) < len(c.want) {
					t.Errorf("found %q, want %q", faults, c.want)
				}
			})
		}
	}
}

type files = map[string]string

func file(path, text string) files { return files{path: source(text)} }

func source(text string) string { return "package a\n" + text + "\n" }

func imports(paths ...string) string {
	return "import (\n\"" + strings.Join(paths, "\"\n\"") + "\"\n)"
}

func lines(n int) string { return strings.Repeat("\n", n) }
