package engine

import "strings"

// insert is the part of an INSERT before its data.
type insert struct {
	target string // INSERT INTO table (columns) SETTINGS …
	format string // of the data
}

// splitInsert finds where the data of an INSERT begin. It is false for every other statement, an INSERT … SELECT included.
func splitInsert(text string) (found insert, dataAt int, isInsert bool) {
	words := scanner{text: text}
	if first, _ := words.next(); !strings.EqualFold(first, "INSERT") {
		return insert{}, 0, false
	}
	for {
		word, at := words.next()
		switch strings.ToUpper(word) {
		case "":
			return insert{}, 0, false
		case "SELECT", "WITH", "WATCH":
			return insert{}, 0, false
		case "VALUES":
			return insert{target: text[:at], format: "Values"}, words.at, true
		case "FORMAT":
			format, _ := words.next()
			if strings.EqualFold(format, "Values") {
				format = "Values"
			}
			return insert{target: text[:at], format: format}, afterLineEnd(text, words.at), format != ""
		}
	}
}

// afterLineEnd skips blanks and one line end: the next byte is data, even if it is a line end too.
func afterLineEnd(text string, at int) int {
	for at < len(text) && strings.IndexByte(" \t\r", text[at]) >= 0 {
		at++
	}
	if at < len(text) && text[at] == '\n' {
		at++
	}
	return at
}

// scanner walks over the bare words of a statement that stand outside quotes, comments and brackets.
type scanner struct {
	text string
	at   int
}

// next returns the next bare word and where it begins, or "" at the end.
func (s *scanner) next() (word string, at int) {
	depth := 0
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch c := rest[0]; {
		case c == '\'' || c == '"' || c == '`':
			s.skipQuoted(c)
		case strings.HasPrefix(rest, "--"), c == '#':
			s.skipPast("\n")
		case strings.HasPrefix(rest, "/*"):
			s.skipPast("*/")
		case c == '(':
			depth++
			s.at++
		case c == ')':
			depth--
			s.at++
		case isWordByte(c):
			from := s.at
			for s.at < len(s.text) && isWordByte(s.text[s.at]) {
				s.at++
			}
			if depth == 0 {
				return s.text[from:s.at], from
			}
		default:
			s.at++
		}
	}
	return "", s.at
}

func (s *scanner) skipQuoted(quote byte) {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case quote:
			s.at++
			return
		}
	}
	s.at = len(s.text)
}

func (s *scanner) skipPast(end string) {
	if i := strings.Index(s.text[s.at:], end); i >= 0 {
		s.at += i + len(end)
		return
	}
	s.at = len(s.text)
}

func isWordByte(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
