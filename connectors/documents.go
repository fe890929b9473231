// Package connectors holds the doors through which messages come in. A door checks who knocks and how much they bring, has the
// party's channel cut the delivery into orders, and answers that it is accepted when it is stored, never before.
//
// It knows no channel, no broker and no step: those are handed to it.
package connectors

import (
	"fmt"
	"io"
	"iter"

	"waybill/schemas"
)

// Document is one JSON document of a stream. Its bytes are those that came, and stay as they are.
type Document struct {
	Bytes []byte
	Index int // counted from 0, faulty ones included
	Line  int // where it begins, counted from 1
}

// TooLongError is about a document that is longer than it may be.
type TooLongError struct {
	Line     int // where it begins
	BytesMax int
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("line %d: the document is longer than %d bytes", e.Line, e.BytesMax)
}

// Documents cuts a stream into its documents: NDJSON, documents one behind the other, on one line or on many, and the
// elements of an array that holds everything. It holds little more than one document at a time, none longer than bytesMax.
//
// A fault, a *schemas.SyntaxError or *TooLongError, comes in place of a document, with its index and line. Whoever goes on gets
// what follows: the next line, without the lines that by their indent belong to the faulty document. Any other error is the
// reader's and the last.
func Documents(r io.Reader, bytesMax int) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		s := &splitter{window: window{source: r, place: start}, bytesMax: bytesMax}
		s.run(yield)
	}
}

// documentsOf is Documents of what is in memory already.
func documentsOf(body []byte) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		s := &splitter{window: window{bytes: body, ended: true, place: start}, bytesMax: len(body)}
		s.run(yield)
	}
}

// syntax is a fault that many bytes behind the window's position.
func (w *window) syntax(behind int, reason string) *schemas.SyntaxError {
	p := w.place.after(w.rest()[:behind])
	return &schemas.SyntaxError{Offset: p.offset, Line: p.line, Column: p.column, Reason: reason}
}
