package allegro

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// rule is what the specification says of one path.
type rule struct {
	kind     string
	required bool
	values   []string
}

func specification(t *testing.T) map[string]rule {
	t.Helper()
	text, err := os.ReadFile("testdata/checkout-form.txt")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]rule{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if words[0] == "#" {
			continue
		}
		r := rule{kind: words[1]}
		for _, word := range words[2:] {
			if word == "required" {
				r.required = true
				continue
			}
			r.values = strings.Split(word, "|")
		}
		rules[strings.TrimPrefix(words[0], ".")] = r
	}
	return rules
}

// check returns the first way in which a value breaks the specification.
func check(rules map[string]rule, path string, value any) error {
	r, known := rules[path]
	if !known {
		return fmt.Errorf("%s is no field", path)
	}
	if value == nil {
		if r.required {
			return fmt.Errorf("%s is required", path)
		}
		return nil
	}
	if kind := kindOf(value); kind != r.kind {
		return fmt.Errorf("%s is %s, not %s", path, kind, r.kind)
	}
	switch value := value.(type) {
	case map[string]any:
		return checkObject(rules, path, value)
	case []any:
		for _, element := range value {
			if err := check(rules, path+"[]", element); err != nil {
				return err
			}
		}
	case string:
		if r.values != nil && !slices.Contains(r.values, value) {
			return fmt.Errorf("%s may not be %q", path, value)
		}
	}
	return nil
}

func checkObject(rules map[string]rule, path string, fields map[string]any) error {
	prefix := path + "."
	if path == "" {
		prefix = ""
	}
	for name, field := range fields {
		if err := check(rules, prefix+name, field); err != nil {
			return err
		}
	}
	for name, r := range rules {
		field, inside := strings.CutPrefix(name, prefix)
		if _, there := fields[field]; inside && field != "" && r.required && !strings.ContainsAny(field, ".[") && !there {
			return fmt.Errorf("%s is missing", name)
		}
	}
	return nil
}

func kindOf(value any) string {
	switch value := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "number"
		}
		return "integer"
	}
	return "object"
}

func parse(t *testing.T, body []byte) map[string]any {
	t.Helper()
	form := map[string]any{}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	if err := in.Decode(&form); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return form
}

func TestEveryOrderFollowsTheSpecification(t *testing.T) {
	rules := specification(t)
	for n := range uint64(500) {
		for version := 1; version <= 4; version++ {
			sheet := Market(8).Order(n, version)
			if err := check(rules, "", parse(t, sheet.Body)); err != nil {
				t.Fatalf("order %d, version %d: %v\n%s", n, version, err, sheet.Body)
			}
		}
	}
}
