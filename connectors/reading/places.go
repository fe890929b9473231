package reading

import (
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Places is where a channel writes what we have names for: ship_to.postal_code is $.delivery.address.zipCode. A channel that writes
// in several ways has several; of lines, [] stands for the number of the line.
type Places map[string][]string

// People are the places of a person: our name of each part, and theirs.
func (p Places) People(ours, theirs string, parts map[string]string) Places {
	for part, name := range parts {
		p[ours+"."+part] = append(p[ours+"."+part], theirs+"."+name)
	}
	return p
}

// Find is the path that a name means in a document: one of the document's own fields, or a name of ours. A field of ours that is not
// there is found if it can be added. It is ok only if it is there, or the channel has such a field.
func (p Places) Find(document []byte, name string) (path Path, ok bool, err error) {
	own, err := ParsePath(name)
	if err != nil {
		return nil, false, err
	}
	if _, there := own.Get(document); there {
		return own, true, nil
	}
	var fits Path
	for _, text := range p[unnumbered(name)] {
		theirs, err := ParsePath(numbered(text, own))
		if err != nil {
			return nil, false, err
		}
		if _, there := theirs.Get(document); there {
			return theirs, true, nil
		}
		if fits == nil && theirs.Fits(document) {
			fits = theirs
		}
	}
	if fits != nil {
		return fits, true, nil
	}
	return own, false, nil
}

// unnumbered is a name with [] for each number in brackets.
func unnumbered(name string) string {
	var b strings.Builder
	for part := range strings.SplitAfterSeq(strings.TrimPrefix(name, "$."), "[") {
		if digits, rest, closed := strings.Cut(part, "]"); closed && strings.Trim(digits, "0123456789") == "" {
			part = "]" + rest
		}
		b.WriteString(part)
	}
	return b.String()
}

// numbered puts the numbers of a path into one of theirs.
func numbered(text string, from Path) string {
	for _, s := range from {
		if s.name == "" {
			text = strings.Replace(text, "[]", "["+strconv.Itoa(s.index)+"]", 1)
		}
	}
	return text
}

// Nearest are the fields of the document, and the names of ours that have a place in it, that are written most like the name.
func (p Places) Nearest(document []byte, name string) []string {
	var all []string
	var form any
	if json.Unmarshal(document, &form) == nil {
		all = leaves(all, form, "$")
	}
	for ours, theirs := range p {
		if slices.ContainsFunc(theirs, func(text string) bool {
			path, err := ParsePath(strings.ReplaceAll(text, "[]", "[0]"))
			return err == nil && path.Fits(document)
		}) {
			all = append(all, strings.ReplaceAll(ours, "[]", "[0]"))
		}
	}
	sort.Strings(all)
	slices.SortStableFunc(all, func(a, b string) int { return unlike(a, name) - unlike(b, name) })
	return all[:min(3, len(all))]
}

// leavesMax bounds how many fields are looked at.
const leavesMax = 2000

func leaves(all []string, form any, at string) []string {
	if len(all) >= leavesMax {
		return all
	}
	switch form := form.(type) {
	case map[string]any:
		for name, value := range form {
			all = leaves(all, value, at+"."+name)
		}
	case []any:
		for i, value := range form {
			all = leaves(all, value, at+"["+strconv.Itoa(i)+"]")
		}
	default:
		all = append(all, at)
	}
	return all
}

// unlike counts how many letters are to be changed until one name is the other; those of the last field count most.
func unlike(a, b string) int {
	last := func(s string) string { return plain(s[strings.LastIndexByte(s, '.')+1:]) }
	return 4*distance(last(a), last(b)) + distance(plain(a), plain(b))
}

// plain leaves out how words are joined.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "$.", "", "$", "").Replace(name))
}

// distance is that of Levenshtein.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost++
			}
			left, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
