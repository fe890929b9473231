package schemas

import (
	"bytes"
	"regexp"
)

// eplBegins: settings may stand before the line N, which clears what is drawn (EPL2 Programmer's Manual).
var eplBegins = regexp.MustCompile(`\A[\r\n]*(?:[A-Za-z][^\r\n]*[\r\n]+)*?N[\r\n]`)

// FormatOf is the format that the bytes of a label are in; "" if they are in none of ours.
func FormatOf(label []byte) string {
	head := label[:min(len(label), 4096)]
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")): // ISO 32000-1 §7.5.2
		return LabelPDF
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")): // RFC 2083 §3.1
		return LabelPNG
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")): // GIF89a §17
		return LabelGIF
	case isZPL(head):
		return LabelZPL
	case eplBegins.Match(head):
		return LabelEPL
	}
	return ""
}

// isZPL: ^XA begins a label, and commands that set the printer up, or name its prefix, may stand before it (ZPL II Programming Guide, P1012728).
func isZPL(head []byte) bool {
	head = bytes.TrimSpace(head)
	return len(head) > 0 && bytes.IndexByte([]byte("^~\x10"), head[0]) >= 0 && bytes.Contains(head, []byte("^XA"))
}
