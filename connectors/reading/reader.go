// Package reading reads a channel's JSON documents without ever giving up early: one pass finds every fault, each with its place.
// It cuts deliveries into orders and leaves their bytes alone. It knows no channel.
package reading

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"waybill/schemas"
)

// Reader walks one JSON document. What is not of the type it looks for, it notes with its path and passes over; only a document
// that is no JSON stops it.
type Reader struct {
	json     *jx.Decoder
	document []byte
	copied   string // the document: all texts are parts of it, so that a form costs one allocation and not fifty
	clean    bool   // the document is UTF-8
	path     []step
	steps    [8]step // room for the path: no form of ours is deeper
	found    Findings
	err      error // the document is no JSON
	stranger Stranger
}

// Document reads a document that is an object. Where there is nothing to go on with, ok is false and the findings say why.
func Document[T any](document []byte, fields []Field[T], to *T) (found *Findings, ok bool) {
	return Strict(document, fields, to, nil)
}

// Strict is Document that tells of strangers.
func Strict[T any](document []byte, fields []Field[T], to *T, stranger Stranger) (found *Findings, ok bool) {
	r := Reader{json: jx.GetDecoder(), document: document, copied: string(document), clean: utf8.Valid(document), stranger: stranger}
	r.path = r.steps[:0]
	defer jx.PutDecoder(r.json)
	r.json.ResetBytes(document)

	isObject := Object(&r, fields, to)
	r.stop(ended(r.json, r.err, nil))
	switch {
	case r.err != nil:
		return Only(NotJSON, locate(document).Error()), false
	case !isObject:
		r.Fault(WrongType, "null where an object belongs")
		return &r.found, false
	case !r.clean && !r.found.Has(NotUTF8):
		r.Fault(NotUTF8, "bytes that are not UTF-8 in a field that is not read")
	}
	return &r.found, true
}

// step is one part of the path to where the Reader stands: the field of an object, or the index of an array.
type step struct {
	name  string
	index int
}

// Field is a field of an object that we read: its name and where its value goes. All others are passed over.
type Field[T any] struct {
	name string
	read func(r *Reader, to *T)
}

// Named is the field of that name, which read takes over.
func Named[T any](name string, read func(r *Reader, to *T)) Field[T] { return Field[T]{name, read} }

// Object reads the fields of the object that comes next; false if there is none. A field must not come twice: which of
// the two the sender meant can not be known.
func Object[T any](r *Reader, fields []Field[T], to *T) bool {
	if !r.expect(jx.Object) {
		return false
	}
	it, err := r.json.ObjIter()
	r.stop(err)
	var seen uint64
	next := 0 // senders keep the order of their fields, so the one after the last is the likeliest
	for r.err == nil && it.Next() {
		i := find(fields, it.Key(), next)
		if i < 0 {
			if r.stranger != nil {
				r.stranger(r, string(it.Key()))
			}
			r.stop(r.json.Skip())
			continue
		}
		next = i + 1
		r.path = append(r.path, step{name: fields[i].name})
		if seen&(1<<i) != 0 {
			r.Fault(DuplicateKey, "stands there twice")
			r.stop(r.json.Skip())
		} else {
			fields[i].read(r, to)
		}
		seen |= 1 << i
		r.path = r.path[:len(r.path)-1]
	}
	r.stop(it.Err())
	return true
}

func find[T any](fields []Field[T], key []byte, first int) int {
	for i := first; i < len(fields); i++ {
		if fields[i].name == string(key) {
			return i
		}
	}
	for i := range min(first, len(fields)) {
		if fields[i].name == string(key) {
			return i
		}
	}
	return -1
}

// List reads the objects of the array that comes next, at most so many: one more is the fault of that code.
func List[T any](r *Reader, fields []Field[T], most int, code string) []T {
	if !r.expect(jx.Array) {
		return nil
	}
	it, err := r.json.ArrIter()
	r.stop(err)
	var items []T
	for r.err == nil && it.Next() {
		if len(items) == most {
			r.Fault(code, "more than "+strconv.Itoa(most)+" are not taken")
			r.stop(r.json.Skip())
			continue
		}
		r.path = append(r.path, step{index: len(items)})
		items = append(items, *new(T))
		if r.json.Next() == jx.Null {
			r.Fault(WrongType, "null where an object belongs")
		}
		Object(r, fields, &items[len(items)-1])
		r.path = r.path[:len(r.path)-1]
	}
	r.stop(it.Err())
	return items
}

// expect tells whether a value of that type comes next. null stands for nothing; any other type is a fault.
func (r *Reader) expect(want jx.Type) bool {
	got := r.json.Next()
	if got == want {
		return r.err == nil
	}
	if got != jx.Null && got != jx.Invalid {
		r.Fault(WrongType, got.String()+" where "+article(want)+" belongs")
	}
	r.stop(r.json.Skip())
	return false
}

func article(want jx.Type) string {
	switch want {
	case jx.Array, jx.Object:
		return "an " + want.String()
	}
	return "a " + want.String()
}

// Text is the string that comes next, without the space around it.
func (r *Reader) Text() string {
	if !r.expect(jx.String) {
		return ""
	}
	b, err := r.json.StrBytes()
	r.stop(err)
	if !r.clean && !utf8.Valid(b) {
		r.Fault(NotUTF8, "bytes that are not UTF-8")
	}
	return r.keep(bytes.TrimSpace(b))
}

// keep makes a string of bytes that came out of the document. A text with escapes did not, and is copied.
func (r *Reader) keep(b []byte) string {
	if from := cap(r.document) - cap(b); len(b) > 0 && from >= 0 && from < len(r.document) && &r.document[from] == &b[0] {
		return r.copied[from : from+len(b)]
	}
	return string(b)
}

// Word is a text or a number as it is written: identifiers and amounts come as either, and neither may pass through a float.
func (r *Reader) Word() string {
	if r.json.Next() != jx.Number {
		return r.Text()
	}
	b, err := r.json.Raw()
	r.stop(err)
	return r.keep(b)
}

// Whole is the number that comes next, 0 if none; what is not whole or not within the bounds is the fault of that code.
func (r *Reader) Whole(least, most int64, code string) int64 {
	if !r.expect(jx.Number) {
		return 0
	}
	b, err := r.json.Raw()
	r.stop(err)
	digits, fraction, _ := bytes.Cut(b, []byte{'.'})
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil || len(bytes.Trim(fraction, "0")) > 0 || n < least || n > most {
		r.Fault(code, "not a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10))
		return 0
	}
	return n
}

// Flag is the boolean that comes next.
func (r *Reader) Flag() bool {
	if !r.expect(jx.Bool) {
		return false
	}
	b, err := r.json.Bool()
	r.stop(err)
	return b
}

// FlagOrText is the boolean that comes next, where some senders write it as a text.
func (r *Reader) FlagOrText() bool {
	if r.json.Next() != jx.String {
		return r.Flag()
	}
	text := r.Text()
	if text != "true" && text != "false" && text != "" {
		r.Fault(WrongType, "neither true nor false")
	}
	return text == "true"
}

// Orders are of these years: other dates are slips, and storage has bounds of its own.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Instant is the time that comes next, nil if none.
func (r *Reader) Instant() *schemas.Millis { return r.Stamp().At }

// Stamp is an instant and how it is written: where a time stands for a version, it is told by its text.
type Stamp struct {
	At   *schemas.Millis
	Text string
}

// Stamp is the time that comes next, with nil for At if none.
func (r *Reader) Stamp() Stamp {
	s := r.Text()
	if s == "" {
		return Stamp{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Before(earliest) || !t.Before(latest) {
		r.Fault(BadTime, "not a time with its zone (RFC 3339) of the years 2000 to 2199")
		return Stamp{}
	}
	at := schemas.At(t)
	return Stamp{&at, s}
}

// Next is the type of the value that comes next.
func (r *Reader) Next() jx.Type { return r.json.Next() }

// Skip passes over the value that comes next.
func (r *Reader) Skip() { r.stop(r.json.Skip()) }

// Fault notes that something is wrong where the reader stands.
func (r *Reader) Fault(code, text string) { r.found.Add(code, r.at(), text) }

// FaultAt notes that something is wrong with the field of that name, where the reader stands.
func (r *Reader) FaultAt(name, code, text string) { r.found.Add(code, r.at()+"."+name, text) }

// at spells the path to where the Reader stands.
func (r *Reader) at() string {
	b := []byte{'$'}
	for _, s := range r.path {
		if s.name != "" {
			b = append(append(b, '.'), s.name...)
		} else {
			b = append(strconv.AppendInt(append(b, '['), int64(s.index), 10), ']')
		}
	}
	return string(b)
}

func (r *Reader) stop(err error) {
	if r.err == nil {
		r.err = err
	}
}
