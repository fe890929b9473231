package schemas

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// SyntaxError says where a document stops being what it should be. Lines and columns count from 1, columns in characters;
// the offset counts bytes from 0.
type SyntaxError struct {
	Offset int
	Line   int
	Column int
	Reason string
}

// SyntaxAt is the fault at that offset of the document.
func SyntaxAt(document []byte, offset int, reason string) *SyntaxError {
	offset = max(0, min(offset, len(document)))
	before := document[:offset]
	return &SyntaxError{
		Offset: offset,
		Line:   bytes.Count(before, []byte{'\n'}) + 1,
		Column: utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1,
		Reason: reason,
	}
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d (byte %d): %s", e.Line, e.Column, e.Offset, e.Reason)
}
