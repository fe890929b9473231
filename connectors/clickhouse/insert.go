package clickhouse

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/topics"
)

// Limits of one insert. A block beyond them is written in several, so that neither side holds it whole a second time.
const (
	insertRowsMax  = 50_000
	insertBytesMax = 32 << 20 // of values, as they lie on the topic
)

// insertEvents writes the events in chunks. The token of a chunk names its offsets: should the block have lost records to
// compaction since the last attempt, its chunks differ, and a token must not stand for other rows than it did.
func (c *ClickHouse) insertEvents(ctx context.Context, s *sheet, events []topics.Landed, prepare func(*topics.Landed) record, token string) error {
	for chunk := range chunks(events) {
		records := make([]record, len(chunk))
		for i := range chunk {
			records[i] = prepare(&chunk[i])
		}
		chunkToken := ""
		if token != "" {
			chunkToken = fmt.Sprintf("%s#%d-%d", token, chunk[0].Offset, chunk[len(chunk)-1].Offset)
		}
		if err := c.insert(ctx, s, records, chunkToken); err != nil {
			return err
		}
	}
	return nil
}

// chunks cuts the events into pieces within the limits, at least one event each.
func chunks(events []topics.Landed) iter.Seq[[]topics.Landed] {
	return func(yield func([]topics.Landed) bool) {
		for from, to, size := 0, 0, 0; to < len(events); from = to {
			for size = 0; to < len(events) && to-from < insertRowsMax; to++ {
				if size += len(events[to].Raw); size > insertBytesMax && to > from {
					break
				}
			}
			if !yield(events[from:to]) {
				return
			}
		}
	}
}

// groupRows is how many records all columns are filled with before the next: as many as the processor's cache holds.
const groupRows = 128

// insert writes the records, all or none. Rows under a token that the table knows are not written again; without a token they
// are, whatever they are.
func (c *ClickHouse) insert(ctx context.Context, s *sheet, records []record, token string) error {
	settings := clickhouse.Settings{"insert_deduplicate": 0}
	if token != "" {
		// What a table tells another is told again although the rows are known: the first time it may have got lost.
		settings = clickhouse.Settings{
			"insert_deduplicate": 1, "insert_deduplication_token": token + "/" + s.name, "deduplicate_blocks_in_dependent_materialized_views": 1,
		}
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings), clickhouse.WithColumnNamesAndTypes(s.namesAndTypes()))
	batch, err := c.conn.PrepareBatch(ctx, s.statement())
	if err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	defer batch.Close()
	for group := range slices.Chunk(records, groupRows) {
		for i, column := range s.columns {
			if err := column.fill(batch.Column(i), group); err != nil {
				return fmt.Errorf("write %s: column %s: %w", s.name, column.name, err)
			}
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	return nil
}
