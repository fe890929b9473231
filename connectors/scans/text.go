package scans

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const textBytesMax = 500

// Text is a carrier's text on one line, without what can not be printed, and not longer than is good.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsPrint(r) && r != utf8.RuneError:
			b.WriteRune(r)
		}
		if b.Len() > 4*textBytesMax {
			break
		}
	}
	return clip(strings.Join(strings.Fields(b.String()), " "), textBytesMax)
}

// plain says that Text has nothing to do, which is the rule.
func plain(s string) bool {
	if len(s) > textBytesMax || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

func clip(s string, bytesMax int) string {
	if len(s) <= bytesMax {
		return s
	}
	for bytesMax > 0 && !utf8.RuneStart(s[bytesMax]) {
		bytesMax--
	}
	return strings.TrimSpace(s[:bytesMax])
}

// Place puts the parts of a place together that are told, each once.
func Place(parts ...string) string {
	var told []string
	for _, p := range parts {
		if p = Text(p); p != "" && (len(told) == 0 || told[len(told)-1] != p) {
			told = append(told, p)
		}
	}
	return strings.Join(told, ", ")
}

var signedFor = regexp.MustCompile(`(?i)[\s-]*\bsigned for by\b[\s:]*|^delivered(\s*):\s*`)

// SignedFor takes the name of who signed out of a description, where DHL Express writes it: "Delivered - Signed for by: NAME",
// "Delivered : NAME".
func SignedFor(description string) (text, name string) {
	at := signedFor.FindStringSubmatchIndex(description)
	switch {
	case at == nil:
		return description, ""
	case at[2] > 0: // behind the word
		return description[:at[2]], description[at[1]:]
	}
	return description[:at[0]], description[at[1]:]
}

// Kind of what was said.
type Kind int

// Kinds of bodies.
const (
	Nothing Kind = iota
	JSON
	XML
	Other // a query string, a line of a log
)

// KindOf looks at the first byte that says something.
func KindOf(said []byte) Kind {
	said = body(said)
	switch {
	case len(said) == 0:
		return Nothing
	case said[0] == '{' || said[0] == '[':
		return JSON
	case said[0] == '<':
		return XML
	}
	return Other
}

// body is a document without a byte order mark and the spaces around it.
func body(said []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(said, []byte("\ufeff")))
}
