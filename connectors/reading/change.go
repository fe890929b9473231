package reading

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Change is how a value is made from the one that is there: words with a bar between them, each of which takes what the one before
// it has made.
//
//	digits | pad 5 "0"
//	from $.invoice.address.zipCode | trim
type Change []alteration

// alteration is one word with what stands behind it.
type alteration struct {
	word   string
	path   Path // of from
	texts  []string
	number int
	value  []byte // of or
}

// wants is what stands behind each word: p a path, t a text, n a number, v any value.
var wants = map[string]string{
	"trim": "", "upper": "", "lower": "", "digits": "", "text": "", "number": "",
	"first": "n", "last": "n", "pad": "nt", "prefix": "t", "suffix": "t", "replace": "tt", "or": "v", "from": "p",
}

// ChangeWords says what a change may consist of, for people.
const ChangeWords = `  trim, upper, lower     without spaces around it, in capitals, in small letters
  digits                 only the digits
  first N, last N        so many characters
  pad N "0"              with that in front, up to N characters
  prefix "A", suffix "A" with that in front, behind
  replace "A" "B"        with B in place of each A
  text, number           a number as a text, a text as a number
  or VALUE               that value where there is nothing, null or ""
  from PATH              begins with another field`

// ParseChange reads how a value is to be changed.
func ParseChange(text string) (Change, error) {
	var change Change
	for rest := text; ; {
		var one alteration
		var err error
		if one, rest, err = parseAlteration(strings.TrimSpace(rest)); err != nil {
			return nil, fmt.Errorf("change %s: %w", text, err)
		}
		change = append(change, one)
		if rest = strings.TrimSpace(rest); rest == "" {
			return change, nil
		}
		after, more := strings.CutPrefix(rest, "|")
		if !more {
			return nil, fmt.Errorf("change %s: a bar | or the end should stand before %s", text, rest)
		}
		rest = after
	}
}

func parseAlteration(text string) (a alteration, rest string, err error) {
	end := strings.IndexFunc(text, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		end = len(text)
	}
	a.word, rest = text[:end], text[end:]
	kinds, known := wants[a.word]
	if !known {
		return a, "", fmt.Errorf("%q is none of %s", a.word, strings.Join(slices.Sorted(maps.Keys(wants)), ", "))
	}
	for _, kind := range kinds {
		if rest = strings.TrimSpace(rest); kind == 'p' {
			end := strings.IndexAny(rest+" ", " |")
			if a.path, err = ParsePath(rest[:end]); err != nil {
				return a, "", err
			}
			rest = rest[end:]
			continue
		}
		in := json.NewDecoder(strings.NewReader(rest))
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return a, "", fmt.Errorf("behind %s should stand a value; a text stands in quotation marks: \"0\"", a.word)
		}
		rest = rest[in.InputOffset():]
		if err := a.take(kind, value); err != nil {
			return a, "", err
		}
	}
	return a, rest, nil
}

func (a *alteration) take(kind rune, value json.RawMessage) error {
	switch kind {
	case 'n':
		if json.Unmarshal(value, &a.number) != nil || a.number < 0 || a.number > 1000 {
			return fmt.Errorf("behind %s should stand a number of characters, up to 1000", a.word)
		}
	case 't':
		var text string
		if value[0] != '"' || json.Unmarshal(value, &text) != nil {
			return fmt.Errorf("behind %s should stand a text, in quotation marks", a.word)
		}
		a.texts = append(a.texts, text)
	default:
		a.value = value
	}
	return nil
}

// Of is the value that a change makes, as JSON, of the one that is there; nil if nothing is.
func (c Change) Of(document, old []byte) (value []byte, err error) {
	value = old
	for _, a := range c {
		if value, err = a.of(document, value); err != nil {
			return nil, fmt.Errorf("%s: %w", a.word, err)
		}
	}
	if value == nil {
		return nil, errors.New("there is nothing to change: begin with from, or end with or")
	}
	return value, nil
}

func (a alteration) of(document, old []byte) ([]byte, error) {
	switch a.word {
	case "from":
		value, ok := a.path.Get(document)
		if !ok {
			return nil, nil
		}
		return value, nil
	case "or":
		if empty := strings.TrimSpace(string(old)); empty == "" || empty == `""` || empty == "null" {
			return a.value, nil
		}
		return old, nil
	}
	if old == nil {
		return nil, nil
	}
	if a.word == "text" && old[0] != '"' {
		return json.Marshal(string(old))
	}
	var text string
	if old[0] != '"' || json.Unmarshal(old, &text) != nil {
		return nil, errors.New("what is there is no text")
	}
	if a.word == "number" {
		return number(text)
	}
	return quoted(a.altered(text)), nil
}

// number is a text as a number, if it is one.
func number(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	var n json.Number
	if in := json.NewDecoder(strings.NewReader(text)); text == "" || text[0] == '"' || in.Decode(&n) != nil || in.InputOffset() != int64(len(text)) {
		return nil, errors.New("the text is no number")
	}
	return []byte(n), nil
}

// quoted is a text as JSON, without the escapes that only a web page needs.
func quoted(text string) []byte {
	var b strings.Builder
	out := json.NewEncoder(io.Writer(&b))
	out.SetEscapeHTML(false)
	_ = out.Encode(text) // a text
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

func (a alteration) altered(text string) string {
	runes := []rune(text)
	switch a.word {
	case "trim":
		return strings.TrimSpace(text)
	case "upper":
		return strings.ToUpper(text)
	case "lower":
		return strings.ToLower(text)
	case "digits":
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
	case "first":
		return string(runes[:min(a.number, len(runes))])
	case "last":
		return string(runes[len(runes)-min(a.number, len(runes)):])
	case "pad":
		return strings.Repeat(a.texts[0], max(0, a.number-len(runes))) + text
	case "prefix":
		return a.texts[0] + text
	case "suffix":
		return text + a.texts[0]
	case "replace":
		return strings.ReplaceAll(text, a.texts[0], a.texts[1])
	}
	return text // text of a text
}
