package schemas

import (
	"bytes"
	"regexp"
)

var (
	zplBegins = regexp.MustCompile(`\A\s*(?:[\^~][A-Z]{2}[^\^~]*)*\^XA`) // ZPL II Programming Guide: settings may stand before a label
	eplBegins = regexp.MustCompile(`\A[\r\n]*(?:[A-Za-z][^\r\n]*[\r\n]+)*?N[\r\n]`)
)

// FormatOf is the format that the bytes of a label are in; "" if they are in none of ours.
func FormatOf(label []byte) string {
	head := label[:min(len(label), 1024)]
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")): // ISO 32000-1 §7.5.2
		return LabelPDF
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")): // RFC 2083 §3.1
		return LabelPNG
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")): // GIF89a §17
		return LabelGIF
	case zplBegins.Match(head):
		return LabelZPL
	case eplBegins.Match(head): // EPL2 Programmer's Manual: N clears what is drawn
		return LabelEPL
	}
	return ""
}
