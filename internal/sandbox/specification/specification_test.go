package specification

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const said = `# a shop
. object required
id string required
note string nullable
lines array required
lines[] object
lines[].kind string required GOOD|BAD
lines[].weight number
lines[].yes boolean|string
`

func read(t *testing.T, text string) (*Rule, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.txt")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(file)
}

func TestWhatTheSpecificationSaysIsKept(t *testing.T) {
	rules, err := read(t, said)
	if err != nil {
		t.Fatal(err)
	}
	for payload, fault := range map[string]string{
		`{"id":"1","lines":[]}`: "",
		`{"id":"1","note":null,"lines":[{"kind":"BAD","weight":1,"yes":"true"},{"kind":"GOOD","weight":1.5,"yes":true}]}`: "",
		`{"lines":[]}`:                                     ".id is missing",
		`{"id":null,"lines":[]}`:                           ".id may not be null",
		`{"id":1,"lines":[]}`:                              ".id is integer, not string",
		`{"id":"1","lines":{}}`:                            ".lines is object, not array",
		`{"id":"1","lines":[null]}`:                        ".lines[] may not be null",
		`{"id":"1","lines":[{"kind":"UGLY"}]}`:             `.lines[].kind may not be "UGLY"`,
		`{"id":"1","lines":[{}]}`:                          ".lines[].kind is missing",
		`{"id":"1","lines":[],"more":1}`:                   ".more is no field",
		`{"id":"1","lines":[{"kind":"BAD","weight":"1"}]}`: ".lines[].weight is string, not number",
		`{"id":"1"`:                                        "unexpected EOF",
	} {
		err := rules.Check([]byte(payload))
		if (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v, not %q", payload, err, fault)
		}
	}
}

func TestASpecificationWithAHoleIsRefused(t *testing.T) {
	if _, err := read(t, ". object\na.b string\n"); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("error %v does not speak of the missing path", err)
	}
}
