package reading

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// Path leads to a value within a document, as a fault names it: $.lineItems[2].price.amount.
type Path []step

// ParsePath reads a path; the $. in front may be left out.
func ParsePath(text string) (Path, error) {
	var path Path
	rest := strings.TrimPrefix(strings.TrimPrefix(text, "$"), ".")
	for rest != "" {
		if inner, within := strings.CutPrefix(rest, "["); within {
			digits, after, closed := strings.Cut(inner, "]")
			n, err := strconv.Atoi(digits)
			if !closed || err != nil || n < 0 {
				return nil, fmt.Errorf("path %s: what stands in brackets is the number of an element, the first is 0", text)
			}
			path, rest = append(path, step{index: n}), strings.TrimPrefix(after, ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, fmt.Errorf("path %s: a name is missing", text)
		}
		path, rest = append(path, step{name: rest[:end]}), rest[end:]
		rest = strings.TrimPrefix(rest, ".")
	}
	if len(path) == 0 {
		return nil, fmt.Errorf("path %q: name a field, such as $.delivery.address.city", text)
	}
	return path, nil
}

// String spells the path with $. in front.
func (p Path) String() string {
	r := Reader{path: p}
	return r.at()
}

// Get is the value at the path as it is written; ok is false if there is none.
func (p Path) Get(document []byte) (value []byte, ok bool) {
	at, err := seek(document, p)
	if err != nil || !at.there {
		return nil, false
	}
	return document[at.from:at.to], true
}

// Fits tells whether a value can be set there: it is there, or the object it would be a field of.
func (p Path) Fits(document []byte) bool {
	_, err := seek(document, p)
	return err == nil
}

// Set is the document with that JSON value at the path. All other bytes stay as they are. A field that is not there is added to its
// object, if that is there.
func (p Path) Set(document, value []byte) ([]byte, error) {
	if !json.Valid(value) {
		return nil, fmt.Errorf("set %s: the value is no JSON; a text stands in quotation marks: \"01067\"", p)
	}
	at, err := seek(document, p)
	if err != nil {
		return nil, fmt.Errorf("set %s: %w", p, err)
	}
	if !at.there {
		name, _ := json.Marshal(p[len(p)-1].name) // a text
		value = bytes.Join([][]byte{name, value}, []byte{':'})
		if at.behind {
			value = append([]byte{','}, value...)
		}
	}
	return bytes.Join([][]byte{document[:at.from], value, document[at.to:]}, nil), nil
}

// span is where a value lies in a document, or would.
type span struct {
	from, to int
	there    bool
	behind   bool // it would come behind another field
}

func seek(document []byte, path Path) (span, error) {
	at := span{to: len(document), there: true}
	for i := range path {
		within, err := seekIn(document[at.from:at.to], path[i])
		if err != nil {
			return span{}, fmt.Errorf("%s: %w", path[:i].where(), err)
		}
		within.from, within.to = within.from+at.from, within.to+at.from
		if at = within; at.there {
			continue
		}
		if i < len(path)-1 || path[i].name == "" {
			return span{}, fmt.Errorf("there is no %s", path[:i+1])
		}
	}
	return at, nil
}

func (p Path) where() string {
	if len(p) == 0 {
		return "the document"
	}
	return p.String()
}

// seekIn looks for one field of an object, or one element of an array. What it is not asked for is skipped and not copied.
func seekIn(document []byte, want step) (span, error) {
	d := jx.DecodeBytes(document)
	switch kind := d.Next(); {
	case kind == jx.Invalid:
		return span{}, errors.New("it is no JSON")
	case kind != jx.Object && want.name != "":
		return span{}, fmt.Errorf("it is no object, so it has no %s", want.name)
	case kind != jx.Array && want.name == "":
		return span{}, fmt.Errorf("it is no list, so it has no element %d", want.index)
	}
	at := span{from: bytes.IndexAny(document, "{[") + 1}
	at.to = at.from
	visit := func(is bool) error {
		value, err := d.Raw()
		if err != nil || at.there {
			return err
		}
		at.from = cap(document) - cap(value) // it is a part of the document
		if at.to = at.from + len(value); is {
			at.there = true
			return nil
		}
		at.from, at.behind = at.to, true
		return nil
	}
	i, err := 0, error(nil)
	if want.name != "" {
		err = d.Obj(func(_ *jx.Decoder, name string) error { return visit(name == want.name) })
	} else {
		err = d.Arr(func(*jx.Decoder) error { i++; return visit(i-1 == want.index) })
	}
	if err != nil {
		return span{}, fmt.Errorf("it is no JSON: %w", err)
	}
	return at, nil
}
