package scans

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"waybill/schemas"
)

// Word is a text that some write as a number, and some leave null.
type Word string

// UnmarshalJSON takes texts, numbers, true, false and null.
func (w *Word) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(w))
	case b[0] == '{' || b[0] == '[':
		return errors.New("it is no text")
	case b[0] != 'n':
		*w = Word(b)
	}
	return nil
}

// List is what some send as an array, and as the bare element where there is only one.
type List[T any] []T

// UnmarshalJSON takes an array, an element, and null.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '[':
		return json.Unmarshal(b, (*[]T)(l))
	case 'n':
		return nil
	}
	*l = make(List[T], 1)
	return json.Unmarshal(b, &(*l)[0])
}

// EachJSON goes through the documents of a body: one, several one behind the other, or the elements of an array.
func (s *Sheet) EachJSON(said []byte, do func(path string, document json.RawMessage)) {
	said = body(said)
	documents := json.NewDecoder(bytes.NewReader(said))
	left := documentsMax
	for i := 0; ; i++ {
		var document json.RawMessage
		err := documents.Decode(&document)
		if errors.Is(err, io.EOF) {
			return
		}
		path := "$"
		if i > 0 {
			path = At(path, i)
		}
		if err != nil {
			s.Fault("not_json", path, "%s", whereIn(said, err))
			return
		}
		var all []json.RawMessage
		paths := func(k int) string { return At(path, k) }
		if document[0] == '[' {
			_ = json.Unmarshal(document, &all) // it is an array
		} else {
			all, paths = append(all, document), func(int) string { return path }
		}
		if left -= len(all); left < 0 {
			s.Fault("too_many", path, "a body has at most %d documents", documentsMax)
			return
		}
		for k, element := range all {
			do(paths(k), element)
		}
	}
}

func whereIn(said []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return schemas.SyntaxAt(said, int(syntax.Offset)-1, syntax.Error())
	}
	return schemas.SyntaxAt(said, len(said), err.Error())
}

// Take reads a document into a value. What is of another type than it must be is a fault with its field.
func (s *Sheet) Take(path string, document json.RawMessage, into any) bool {
	err := json.Unmarshal(document, into)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return true
	case errors.As(err, &wrong) && wrong.Field != "":
		s.Fault("bad_field", path+"."+wrong.Field, "a %s stands there", wrong.Value)
	default:
		s.Fault("bad_field", path, "%v", err)
	}
	return false
}
