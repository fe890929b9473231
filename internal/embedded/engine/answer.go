package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/compress"
)

const (
	answerBlockBytes = 1 << 20
	answerSecondsMax = 60 // how long a client may take to read a block
)

// answer is the body of a response, in ClickHouse's compressed blocks if the client asked for them. It sends nothing
// before it has a whole block or is ended, so that an early error still gets a status of its own.
type answer struct {
	w       http.ResponseWriter
	packer  *compress.Writer // nil: as it is
	waiting []byte
	began   bool
	tag     string // marks an exception after the beginning
}

// errClientLeft says that nobody reads the answer any more.
var errClientLeft = errors.New("the client has left")

func newAnswer(w http.ResponseWriter, q *request) *answer {
	a := &answer{w: w, tag: rand.Text()[:16]}
	if q.packed {
		method := compress.LZ4
		if q.method == "ZSTD" {
			method = compress.ZSTD
		}
		a.packer = compress.NewWriter(compress.LevelZero, method)
	}
	w.Header().Set("Content-Type", contentType(q.format))
	w.Header().Set("X-ClickHouse-Exception-Tag", a.tag)
	return a
}

// write adds to the body; piece may be reused afterwards.
func (a *answer) write(piece []byte) error {
	for len(a.waiting)+len(piece) >= answerBlockBytes {
		taken := answerBlockBytes - len(a.waiting)
		a.waiting = append(a.waiting, piece[:taken]...)
		piece = piece[taken:]
		if err := a.send(); err != nil {
			return err
		}
	}
	a.waiting = append(a.waiting, piece...)
	return nil
}

// end sends what is left of the body.
func (a *answer) end() error {
	if len(a.waiting) == 0 {
		return nil
	}
	return a.send()
}

func (a *answer) send() error {
	block := a.waiting
	if a.packer != nil {
		if err := a.packer.Compress(block); err != nil {
			return fmt.Errorf("compress the answer: %w", err)
		}
		block = a.packer.Data
	}
	a.began = true
	a.waiting = a.waiting[:0]
	connection := http.NewResponseController(a.w)
	_ = connection.SetWriteDeadline(time.Now().Add(answerSecondsMax * time.Second))
	if _, err := a.w.Write(block); err != nil {
		return errClientLeft
	}
	_ = connection.SetWriteDeadline(time.Time{})
	return nil
}

// fail ends a body that has begun with the exception, framed as a server frames it, and breaks the connection off, so
// that nobody takes a part for the whole. See ClickHouse's page on the HTTP interface, "response codes caveats".
func (a *answer) fail(err error) {
	text := exceptionOf(err).message
	fmt.Fprintf(a.w, "\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n", a.tag, text, len(text)+1, a.tag)
	_ = http.NewResponseController(a.w).Flush()
	panic(http.ErrAbortHandler)
}

func summary(w http.ResponseWriter, rowsWritten uint64) {
	w.Header().Set("X-ClickHouse-Summary", `{"written_rows":"`+strconv.FormatUint(rowsWritten, 10)+`"}`)
}

func contentType(format string) string {
	switch {
	case strings.HasPrefix(format, "JSON"):
		return "application/json; charset=UTF-8"
	case strings.HasPrefix(format, "CSV"):
		return "text/csv; charset=UTF-8"
	case strings.HasPrefix(format, "TabSeparated"), strings.HasPrefix(format, "TSV"):
		return "text/tab-separated-values; charset=UTF-8"
	}
	return "application/octet-stream"
}
