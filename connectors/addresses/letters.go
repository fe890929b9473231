package addresses

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// Letters tells whether a character is among those of a carrier.
type Letters func(rune) bool

// Sets of characters, without those that control.
var (
	ASCII  Letters = upTo(unicode.MaxASCII)
	Latin1 Letters = upTo(unicode.MaxLatin1) // ISO 8859-1
	Latin  Letters = upTo('\u024f')          // with the extensions A and B of Unicode, which all of Europe's Latin alphabets are in
)

func upTo(last rune) Letters {
	return func(r rune) bool { return r <= last && unicode.IsPrint(r) }
}

// scripts are those that can be written in Latin letters so that people read the same name.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Common}

// Write is a text in these letters. A word with a letter that is not among them is written whole in ASCII, so that no word is half the one and
// half the other; of other characters only they themselves. Unknown are the offsets, in characters of the text given, of those that can
// not be written: they are left out.
func (l Letters) Write(text string) (written string, unknown []int) {
	var out strings.Builder
	characters := []rune(text)
	for from := 0; from < len(characters); {
		to := from + 1
		for to < len(characters) && isSpace(characters[to-1]) == isSpace(characters[to]) {
			to++
		}
		for _, offset := range l.word(&out, characters[from:to]) {
			unknown = append(unknown, from+offset)
		}
		from = to
	}
	return out.String(), unknown
}

func isSpace(r rune) bool { return r == ' ' || r == '\u00a0' }

// word writes one, or the space between two.
func (l Letters) word(out *strings.Builder, word []rune) (unknown []int) {
	composed := norm.NFC.String(string(word)) // a letter and its accent may be two characters
	whole := strings.ContainsFunc(composed, func(r rune) bool { return unicode.IsLetter(r) && !l(r) })
	if !whole && !strings.ContainsFunc(composed, func(r rune) bool { return !l(r) }) {
		out.WriteString(composed)
		return nil
	}
	for offset := 0; offset < len(word); {
		next := offset + 1
		for next < len(word) && unicode.Is(unicode.Mn, word[next]) {
			next++
		}
		for _, r := range norm.NFC.String(string(word[offset:next])) {
			switch written := unidecode.Unidecode(string(r)); {
			case l(r) && !(whole && unicode.IsLetter(r)):
				out.WriteRune(r)
			case written == "" || !unicode.IsPrint(r) && !isSpace(r) || !unicode.IsOneOf(scripts, r):
				unknown = append(unknown, offset)
			default:
				out.WriteString(strings.TrimRight(written, " "))
				if isSpace(r) {
					out.WriteByte(' ')
				}
			}
		}
		offset = next
	}
	return unknown
}
