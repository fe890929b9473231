package connectors

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// What can be wrong with a body before anyone reads what it says.
var (
	errSlow     = errors.New("the body did not arrive in time")
	errEncoding = errors.New("a body comes as it is or with Content-Encoding: gzip")
)

// tooMuchError says which limit was passed.
type tooMuchError struct{ reason string }

func (e *tooMuchError) Error() string { return e.reason }

// brokenError is a body that broke off, or is not what its encoding says.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return "the body can not be read to its end: " + e.err.Error() }

// readBody reads a request's body, inflated if it was gzipped, up to bytesMax of either.
func readBody(w http.ResponseWriter, r *http.Request, bytesMax int) ([]byte, error) {
	sent, err := bodyOf(w, r, bytesMax)
	if err != nil {
		return nil, err
	}
	plain, err := inflate(r.Header.Get("Content-Encoding"), sent)
	if err != nil {
		return nil, whyUnread(w, err, bytesMax)
	}
	return readAll(w, plain, r.ContentLength, bytesMax)
}

// readSent reads a request's body as it was sent, up to bytesMax.
func readSent(w http.ResponseWriter, r *http.Request, bytesMax int) ([]byte, error) {
	sent, err := bodyOf(w, r, bytesMax)
	if err != nil {
		return nil, err
	}
	return readAll(w, sent, r.ContentLength, bytesMax)
}

// inflated is a body that was read as it was sent, up to bytesMax of it.
func inflated(w http.ResponseWriter, r *http.Request, sent []byte, bytesMax int) ([]byte, error) {
	plain, err := inflate(r.Header.Get("Content-Encoding"), bytes.NewReader(sent))
	if err != nil {
		return nil, whyUnread(w, err, bytesMax)
	}
	if _, asSent := plain.(*bytes.Reader); asSent {
		return sent, nil
	}
	return readAll(w, plain, int64(len(sent)), bytesMax)
}

func bodyOf(w http.ResponseWriter, r *http.Request, bytesMax int) (io.Reader, error) {
	if r.ContentLength > int64(bytesMax) {
		return nil, tooLong(w, bytesMax)
	}
	return http.MaxBytesReader(w, r.Body, int64(bytesMax)), nil
}

func readAll(w http.ResponseWriter, plain io.Reader, promised int64, bytesMax int) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(max(promised, 0), readAhead)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(plain, int64(bytesMax)+1)); err != nil {
		return nil, whyUnread(w, err, bytesMax)
	}
	if body.Len() > bytesMax {
		return nil, tooLong(w, bytesMax)
	}
	return body.Bytes(), nil
}

func tooLong(w http.ResponseWriter, bytesMax int) error {
	w.Header().Set("Connection", "close") // nobody will read the rest
	return &tooMuchError{fmt.Sprintf("the body is longer than %d bytes", bytesMax)}
}

// readAhead bounds the memory that a sender gets for a mere promise.
const readAhead = 1 << 20

func inflate(encoding string, sent io.Reader) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return sent, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(sent)
	}
	return nil, errEncoding
}

func whyUnread(w http.ResponseWriter, err error, bytesMax int) error {
	var passed *http.MaxBytesError
	switch {
	case errors.As(err, &passed):
		return tooLong(w, bytesMax)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	case errors.Is(err, errEncoding):
		return err
	}
	return &brokenError{err}
}

// holdsArray says whether there is anything at all: an array without elements is an answer, if an empty one.
func holdsArray(body []byte) bool { return bytes.IndexByte(body, '[') >= 0 }
