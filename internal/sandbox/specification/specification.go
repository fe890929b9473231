// Package specification checks made-up payloads against what a channel's specification says of each
// field, for the tests of the generators. It knows no channel: what is said stands in their testdata.
package specification

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Rule is what a specification says of one value and of what is in it.
type Rule struct {
	kinds    []string
	required bool
	nullable bool
	values   []string
	fields   map[string]*Rule
	element  *Rule
}

// Read reads rules from a file: on each line a path, the kinds of value allowed there, and perhaps
// "required", "nullable" and the texts allowed, several parted by "|". The path of the whole is ".",
// that of an element ends in "[]". An outer path stands before its inner ones.
func Read(file string) (*Rule, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read a specification: %w", err)
	}
	rules := map[string]*Rule{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if words[0] == "#" {
			continue
		}
		r := &Rule{kinds: strings.Split(words[1], "|"), fields: map[string]*Rule{}}
		for _, word := range words[2:] {
			switch word {
			case "required":
				r.required = true
			case "nullable":
				r.nullable = true
			default:
				r.values = strings.Split(word, "|")
			}
		}
		path := strings.TrimPrefix(words[0], ".")
		if rules[path] = r; path == "" {
			continue
		}
		if err := r.hangOn(rules, path); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	return rules[""], nil
}

// hangOn puts the rule into the one around it.
func (r *Rule) hangOn(rules map[string]*Rule, path string) error {
	around, name := "", path
	element := strings.HasSuffix(path, "[]")
	if element {
		around = strings.TrimSuffix(path, "[]")
	} else if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		around, name = path[:dot], path[dot+1:]
	}
	outer, known := rules[around]
	if !known {
		return fmt.Errorf("nothing is said of %q, which is around %q", around, path)
	}
	if element {
		outer.element = r
	} else {
		outer.fields[name] = r
	}
	return nil
}

// Check returns the first way in which a payload breaks the rules.
func (r *Rule) Check(payload []byte) error {
	var value any
	in := json.NewDecoder(bytes.NewReader(payload))
	in.UseNumber()
	if err := in.Decode(&value); err != nil {
		return fmt.Errorf("read a payload: %w", err)
	}
	return r.check("", value)
}

func (r *Rule) check(path string, value any) error {
	if value == nil {
		if !r.nullable {
			return fmt.Errorf("%s may not be null", path)
		}
		return nil
	}
	kind := kindOf(value)
	if !slices.Contains(r.kinds, kind) && (kind != "integer" || !slices.Contains(r.kinds, "number")) {
		return fmt.Errorf("%s is %s, not %s", path, kind, strings.Join(r.kinds, " or "))
	}
	switch value := value.(type) {
	case map[string]any:
		return r.checkObject(path, value)
	case []any:
		for _, element := range value {
			if err := r.element.check(path+"[]", element); err != nil {
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

func (r *Rule) checkObject(path string, fields map[string]any) error {
	for name, value := range fields {
		inner, known := r.fields[name]
		if !known {
			return fmt.Errorf("%s.%s is no field", path, name)
		}
		if err := inner.check(path+"."+name, value); err != nil {
			return err
		}
	}
	for name, inner := range r.fields {
		if _, there := fields[name]; inner.required && !there {
			return fmt.Errorf("%s.%s is missing", path, name)
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
