package engine

import (
	"fmt"
	"strings"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

const (
	helloQuery = "SELECT displayName(), version(), revision(), timezone()"

	// helloRevision is the protocol revision in which clickhouse-go reads the answer to its hello.
	helloRevision = 54460
	// plainRevision makes the driver read and write Native blocks as the engine's own Native format has them.
	plainRevision = 0
)

// isHello tells whether q is the first query of a clickhouse-go connection.
func isHello(q *request) bool {
	return q.format == "Native" && strings.TrimSpace(q.statement) == helloQuery
}

// hello answers it as the engine would, but for the revision.
func hello(version string) ([]byte, error) {
	block := proto.NewBlock()
	for _, c := range []struct{ name, kind string }{
		{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"},
	} {
		if err := block.AddColumn(c.name, column.Type(c.kind)); err != nil {
			return nil, fmt.Errorf("answer the driver's hello: %w", err)
		}
	}
	if err := block.Append("waybill", version, uint32(plainRevision), "UTC"); err != nil {
		return nil, fmt.Errorf("answer the driver's hello: %w", err)
	}
	var buffer chproto.Buffer
	if err := block.Encode(&buffer, helloRevision); err != nil {
		return nil, fmt.Errorf("answer the driver's hello: %w", err)
	}
	return buffer.Buf, nil
}
