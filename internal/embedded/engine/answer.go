package engine

import (
	"net/http"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

const packedBlockBytes = 1 << 20

// answer sends a result, in ClickHouse's compressed blocks if the client asked for them.
func (d *door) answer(w http.ResponseWriter, q *request, body []byte) {
	w.Header().Set("Content-Type", contentType(q.format))
	w.Header().Set("X-ClickHouse-Server-Display-Name", "waybill")
	if !q.packed {
		_, _ = w.Write(body) // a client that left needs no answer
		return
	}
	method := compress.LZ4
	if q.method == "ZSTD" {
		method = compress.ZSTD
	}
	packer := compress.NewWriter(compress.LevelZero, method)
	for len(body) > 0 {
		block := body[:min(len(body), packedBlockBytes)]
		body = body[len(block):]
		if err := packer.Compress(block); err != nil {
			d.config.Log.Error("an answer could not be compressed", "error", err)
			panic(http.ErrAbortHandler)
		}
		if _, err := w.Write(packer.Data); err != nil {
			return
		}
	}
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
