package addresses

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Where the number of a house is written (Universal Postal Union, postal addressing systems); where neither says so, it may be either.
const (
	behindStreet = " AT BE BG CH CZ DE DK EE ES FI GR HR HU IT LI LT LV NL NO PL PT RO SE SI SK TR "
	beforeStreet = " AU CA FR GB IE LU MC NZ US ZA "
)

var (
	postBox = regexp.MustCompile(`(?i)\b(p\.?\s?o\.?\s?box|postfach|skrytka|bo[iî]te postale|b\.?p\.?)\s*\d`)
	ordinal = regexp.MustCompile(`(?i)^\d+(\.|st|nd|rd|th)$`)
	// A part of a house: the number behind it is not that of the house.
	flat   = regexp.MustCompile(`(?i)^(m|lok|lokal|whg|wohnung|top|stiege|stg|apt|app|byt|unit|flat|suite|ste|floor|etage|et|int|bus|bte)\.?$`)
	inside = regexp.MustCompile(`(?i)^(m|lok|lokal|whg|wohnung|top|stiege|stg|t[uü]r|hs|haus|hof|eg|og|ug|dg|vh|hh|links|rechts|li|re|apt|app|byt|unit|flat|suite|ste|floor|bus|bte|et|etage|patro|int|scala|kl|klatka|b|no|nr)\.?$`)
)

// houseNumber is where in a street line the number of the house begins, in bytes; -1: it has none.
func houseNumber(country, street string) int {
	if box := postBox.FindStringIndex(street); box != nil {
		return box[0]
	}
	words := wordsOf(street)
	at := -1
	if !strings.Contains(beforeStreet, " "+country+" ") {
		at = numberBehind(words)
	}
	if at < 0 && !strings.Contains(behindStreet, " "+country+" ") {
		at = numberBefore(words)
	}
	return at
}

// word is a part of a street line between spaces and commas.
type word struct {
	text  string
	at    int  // in bytes
	first bool // of the line, or after a comma
}

func wordsOf(street string) (words []word) {
	first := true
	for at := 0; at < len(street); {
		size := strings.IndexAny(street[at:], " ,")
		if size < 0 {
			size = len(street) - at
		}
		if size > 0 {
			words = append(words, word{street[at : at+size], at, first})
			first = false
		}
		if at += size; at < len(street) {
			first = first || street[at] == ','
			at++
		}
	}
	return words
}

// isNumber tells the number of a house from one in the name of a street.
func (w word) isNumber() bool {
	return w.text[0] >= '0' && w.text[0] <= '9' && !ordinal.MatchString(w.text)
}

// numberBehind is that with nothing behind it but where in the house it is, in the first of the parts between commas that has one: what
// channels have as a second line stands there too.
func numberBehind(words []word) int {
	for len(words) > 0 {
		to := slices.IndexFunc(words[1:], func(w word) bool { return w.first }) + 1
		if to == 0 {
			to = len(words)
		}
		if at := numberAtEnd(words[:to]); at >= 0 {
			return at
		}
		words = words[to:]
	}
	return -1
}

// numberAtEnd is that of one part. A number alone is one where a comma parts it from its street: in Mannheim, streets are numbered.
func numberAtEnd(part []word) int {
	if len(part) == 1 && part[0].at > 0 && part[0].isNumber() {
		return part[0].at
	}
	from := len(part)
	for from > 1 && part[from-1].isInside() {
		from--
	}
	for i, w := range part[from:] {
		if w.isNumber() && !flat.MatchString(part[from+i-1].text) {
			return w.at
		}
	}
	return -1
}

// isInside tells what may stand in and behind a house number: a number, a letter, a word for a part of the house.
func (w word) isInside() bool {
	return utf8.RuneCountInString(w.text) == 1 || strings.ContainsFunc(w.text, unicode.IsDigit) || inside.MatchString(w.text)
}

// numberBefore begins the line, or a part of it, and a name follows.
func numberBefore(words []word) int {
	for i, w := range words[:max(len(words)-1, 0)] {
		if w.first && w.isNumber() && strings.ContainsFunc(words[i+1].text, unicode.IsLetter) {
			return w.at
		}
	}
	return -1
}

// House parts a street line whose house number is behind it; otherwise house is empty.
func House(country, street string) (name, house string) {
	at := houseNumber(country, street)
	if at <= 0 || postBox.MatchString(street) || numberBehind(wordsOf(street)) != at {
		return street, ""
	}
	return strings.TrimRight(street[:at], " ,"), street[at:]
}
