package connectors

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// window is the part of a stream that is in memory, and the position in it. Bytes that were handed out are never overwritten:
// what follows goes behind them or into new memory.
type window struct {
	source io.Reader
	bytes  []byte
	at     int   // next byte in bytes
	place  place // of that byte in the stream
	ended  bool  // nothing more comes from the source
	err    error // why, if it is not the end
}

// windowBytes is how much is read at a time.
const windowBytes = 256 << 10

// rest is what is in memory and was not taken yet.
func (w *window) rest() []byte { return w.bytes[w.at:] }

// take goes n bytes on.
func (w *window) take(n int) []byte {
	taken := w.bytes[w.at : w.at+n : w.at+n]
	w.at += n
	w.place = w.place.after(taken)
	return taken
}

// fill reads more, and says whether there was any.
func (w *window) fill() bool {
	if w.ended {
		return false
	}
	if len(w.bytes) == cap(w.bytes) {
		w.bytes = append(make([]byte, 0, max(windowBytes, 2*len(w.rest()))), w.rest()...)
		w.at = 0
	}
	for range 100 {
		n, err := w.source.Read(w.bytes[len(w.bytes):cap(w.bytes)])
		w.bytes = w.bytes[:len(w.bytes)+n]
		if err != nil {
			w.ended = true
			if err != io.EOF {
				w.err = err
			}
		}
		if n > 0 || w.ended {
			return n > 0
		}
	}
	w.ended, w.err = true, io.ErrNoProgress
	return false
}

// next is the next byte that is no white space, which is taken; ok is false at the end.
func (w *window) next() (c byte, ok bool) {
	for {
		rest := w.rest()
		for i, c := range rest {
			if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				w.take(i)
				return c, true
			}
		}
		w.take(len(rest))
		if !w.fill() {
			return 0, false
		}
	}
}

// skipLine takes all up to the beginning of the next line.
func (w *window) skipLine() {
	for {
		if i := bytes.IndexByte(w.rest(), '\n'); i >= 0 {
			w.take(i + 1)
			return
		}
		w.take(len(w.rest()))
		if !w.fill() {
			return
		}
	}
}

// skipMark takes the byte order mark that some editors put in front of a file.
func (w *window) skipMark() {
	const mark = "\xef\xbb\xbf"
	for len(w.rest()) < len(mark) && w.fill() {
	}
	if bytes.HasPrefix(w.rest(), []byte(mark)) {
		w.take(len(mark))
		w.place.column, w.place.blank = 1, true
	}
}

// place is a position in a stream.
type place struct {
	offset int  // bytes before it
	line   int  // from 1
	column int  // from 1, in characters
	indent int  // white space at the beginning of the line
	blank  bool // nothing but white space before it on the line
}

var start = place{line: 1, column: 1, blank: true}

// after is the place behind b, which begins at p.
func (p place) after(b []byte) place {
	p.offset += len(b)
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		p.line += bytes.Count(b, []byte{'\n'})
		p.column, p.indent, p.blank = 1, 0, true
		b = b[i+1:]
	}
	p.column += utf8.RuneCount(b)
	if p.blank {
		text := bytes.TrimLeft(b, " \t\r")
		p.indent += len(b) - len(text)
		p.blank = len(text) == 0
	}
	return p
}
