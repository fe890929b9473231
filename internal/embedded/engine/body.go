package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/andybalholm/brotli"
)

// openBody undoes the compression of r's body and ends with an error beyond the limit.
func openBody(r *http.Request, packed bool, bytesMax int64) (io.Reader, error) {
	var body io.Reader = r.Body
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			return nil, refusal(354, "ZLIB_INFLATE_FAILED", "The body is not gzip, as its Content-Encoding says: "+err.Error())
		}
		body = unzipped
	case "deflate":
		inflated, err := zlib.NewReader(body)
		if err != nil {
			return nil, refusal(354, "ZLIB_INFLATE_FAILED", "The body is not deflate, as its Content-Encoding says: "+err.Error())
		}
		body = inflated
	case "br":
		body = brotli.NewReader(body)
	default:
		return nil, refusal(48, "NOT_IMPLEMENTED", fmt.Sprintf("Content-Encoding %q is not supported, but gzip, deflate and br are", encoding))
	}
	if packed {
		body = &blockReader{compress.NewReader(body)}
	}
	return &boundedReader{from: body, left: bytesMax}, nil
}

// blockReader reads ClickHouse's compressed blocks up to their end, which ch-go wraps in an error of its own.
type blockReader struct{ blocks *compress.Reader }

func (b *blockReader) Read(p []byte) (int, error) {
	n, err := b.blocks.Read(p)
	if errors.Is(err, io.EOF) { // not ErrUnexpectedEOF, the end within a block
		err = io.EOF
	}
	return n, err
}

var errTooLarge = refusal(307, "TOO_MANY_BYTES", "The body is larger than this engine takes; send smaller batches")

// boundedReader gives an error, not an end, where the limit is passed: a cut body must not look whole.
type boundedReader struct {
	from io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, errTooLarge
	}
	return n, err
}

// readStatement takes the statement from the head of the URL's query and the body, which a server reads as one text.
func (q *request) readStatement(query string, body io.Reader) error {
	text := body
	if query != "" {
		text = io.MultiReader(strings.NewReader(query+"\n"), body)
	}
	head, err := io.ReadAll(io.LimitReader(text, queryBytesMax))
	if err != nil {
		return bodyError(err)
	}
	whole := len(head) < queryBytesMax
	found, dataAt, isInsert := splitInsert(string(head))
	if isInsert && !(whole && len(q.parameters) > 0) { // values with {name:Type} in them stay with the statement
		q.insert, q.statement = &found, string(head[:dataAt])
		q.data, q.dataWhole = io.MultiReader(bytes.NewReader(head[dataAt:]), text), whole
		return nil
	}
	if !whole {
		return refusal(62, "SYNTAX_ERROR", fmt.Sprintf("The statement is longer than %d bytes", queryBytesMax))
	}
	q.statement = string(head)
	return nil
}

func bodyError(err error) error {
	var refused *engineError
	if errors.As(err, &refused) {
		return refused
	}
	return refusal(210, "NETWORK_ERROR", "The body could not be read: "+err.Error())
}
