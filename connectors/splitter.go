package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/go-faster/jx"
)

// splitter cuts a window's stream into documents.
type splitter struct {
	window
	bytesMax int
	quick    jx.Decoder
	state    state
	index    int
}

// state is what may come next.
type state int

const (
	atTop   state = iota // a document or an array of documents
	opened               // behind [: an element, or ]
	between              // behind an element: a comma, or ]
	comma                // behind a comma: an element
	lost                 // behind a fault in an array: a comma, an element, or ]
)

func (s *splitter) run(yield func(Document, error) bool) {
	s.skipMark()
	for {
		c, ok := s.next()
		if !ok {
			s.finish(yield)
			return
		}
		if !s.punctuation(c) && !s.document(c, yield) {
			return
		}
	}
}

// finish tells what is wrong with the end of the stream, if anything.
func (s *splitter) finish(yield func(Document, error) bool) {
	switch {
	case s.err != nil:
		yield(Document{Index: s.index, Line: s.place.line}, s.err)
	case s.state != atTop && s.state != lost:
		yield(Document{Index: s.index, Line: s.place.line}, s.syntax(0, "the array does not end"))
	}
}

// punctuation takes what stands around the documents, if c is that and may stand here.
func (s *splitter) punctuation(c byte) bool {
	switch {
	case c == '[' && s.state == atTop:
		s.state = opened
	case c == ']' && s.state != atTop && s.state != comma:
		s.state = atTop
	case c == ',' && (s.state == between || s.state == lost):
		s.state = comma
	default:
		return false
	}
	s.take(1)
	return true
}

// document yields the document that begins here, or what is wrong with it, and says whether the reader wants more.
func (s *splitter) document(c byte, yield func(Document, error) bool) bool {
	d := Document{Index: s.index, Line: s.place.line}
	s.index++
	if s.state == between {
		fault := s.syntax(0, "there must be a comma or ] between elements")
		if c == '{' && s.place.blank {
			s.state = atTop // what looked like an array was broken off; this is whole
		} else {
			s.goOn()
		}
		return yield(d, fault)
	}
	n, fault := s.measure()
	if fault != nil {
		s.goOn()
		return yield(d, fault)
	}
	if s.state != atTop {
		s.state = between
	}
	d.Bytes = s.take(n)
	return yield(d, nil)
}

// measure is the length of the document that begins here, reading as much of the stream as it takes.
func (s *splitter) measure() (int, error) {
	for {
		n, err := s.length(s.rest())
		switch {
		case n > s.bytesMax || (errors.Is(err, errCut) && len(s.rest()) > s.bytesMax):
			return 0, &TooLongError{Line: s.place.line, BytesMax: s.bytesMax}
		case err == nil && (n < len(s.rest()) || isClosed(s.rest()) || !s.fill()):
			return n, nil
		case errors.Is(err, errCut):
			if !s.fill() {
				return 0, s.syntax(len(s.rest()), "the document does not end")
			}
		case err != nil:
			var bad *json.SyntaxError
			if errors.As(err, &bad) {
				return 0, s.syntax(min(max(int(bad.Offset)-1, 0), len(s.rest())), bad.Error())
			}
			return 0, s.syntax(0, err.Error())
		}
	}
}

// isClosed says that a document which ends with these bytes can not go on: a number could.
func isClosed(b []byte) bool { return bytes.IndexByte([]byte(`}]"`), b[len(b)-1]) >= 0 }

// errCut says that the document goes on behind the bytes.
var errCut = errors.New("cut off")

// length is that of the document with which b begins. What jx can not read, encoding/json decides, because it says where the
// fault is; jx is seven times as fast.
func (s *splitter) length(b []byte) (int, error) {
	s.quick.ResetBytes(b)
	if raw, err := s.quick.Raw(); err == nil {
		return len(raw), nil
	}
	exact := json.NewDecoder(bytes.NewReader(b))
	var raw json.RawMessage
	switch err := exact.Decode(&raw); {
	case err == nil:
		return int(exact.InputOffset()), nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return 0, errCut
	default:
		return 0, err
	}
}

// goOn looks for the next document behind the faulty one that begins here: on the next line, without the lines that by their
// indent or by closing something belong to it. It is made for a document a line, where it loses nothing else, and for indented
// documents.
func (s *splitter) goOn() {
	if s.state != atTop {
		s.state = lost
	}
	indent := s.place.indent
	for {
		s.skipLine()
		c, ok := s.next()
		if !ok || (c == ']' && s.state == lost && s.place.indent <= indent) {
			return
		}
		if c != '}' && c != ']' && s.place.indent <= indent {
			return
		}
	}
}
