package engine

import (
	"net/http"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/compress"
)

const (
	answerBlockBytes = 1 << 20
	answerSecondsMax = 60 // how long a client may take to read a block
)

// answer sends a result, in ClickHouse's compressed blocks if the client asked for them.
func (d *door) answer(w http.ResponseWriter, q *request, body []byte) {
	w.Header().Set("Content-Type", contentType(q.format))
	w.Header().Set("X-ClickHouse-Server-Display-Name", "waybill")
	method := compress.LZ4
	if q.method == "ZSTD" {
		method = compress.ZSTD
	}
	packer := compress.NewWriter(compress.LevelZero, method)
	connection := http.NewResponseController(w)
	for len(body) > 0 {
		block := body[:min(len(body), answerBlockBytes)]
		body = body[len(block):]
		if q.packed {
			if err := packer.Compress(block); err != nil {
				d.config.Log.Error("an answer could not be compressed", "error", err)
				panic(http.ErrAbortHandler) // the client must not take a part for the whole
			}
			block = packer.Data
		}
		_ = connection.SetWriteDeadline(time.Now().Add(answerSecondsMax * time.Second))
		if _, err := w.Write(block); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	_ = connection.SetWriteDeadline(time.Time{})
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
