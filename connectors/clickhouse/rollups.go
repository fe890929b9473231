package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/topics"
)

// minutesMax is how many minutes one statement recomputes. A block of a slow topic can touch a minute with every row.
const minutesMax = 1000

// recount brings the minute rollups up to the rows of the block that the tables now hold. Both are idempotent by what they are:
// a count is a set of offsets, and a sum is computed from all rows of its minute and replaces the one that had seen fewer.
func (c *ClickHouse) recount(ctx context.Context, b *topics.Block) error {
	if len(b.Events) == 0 {
		return nil
	}
	if err := c.undeduplicated(ctx, countEvents, b.Topic.Name, b.Partition, b.From, b.To); err != nil {
		return fmt.Errorf("count the minutes' events: %w", err)
	}
	if b.Topic.Name != topics.OrdersNormalized.Name {
		return nil
	}
	for minutes := range slices.Chunk(touched(b), minutesMax) {
		list := strings.Join(minutes, ",")
		err := c.undeduplicated(ctx, fmt.Sprintf(sumOrders, list), minutes[0], minutes[len(minutes)-1])
		if err != nil {
			return fmt.Errorf("sum the minutes' orders: %w", err)
		}
	}
	return nil
}

func (c *ClickHouse) undeduplicated(ctx context.Context, statement string, args ...any) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplicate": 0}))
	return c.conn.Exec(ctx, statement, args...)
}

// countEvents adds the offsets of a range to their minutes. It reads them back from the audit, through its projection.
const countEvents = `INSERT INTO minute_events (minute, topic, partition, party, kind, events)
SELECT toStartOfMinute(at) AS minute, topic, partition, party, kind, groupBitmapState(toUInt64(offset))
FROM audit
WHERE topic = ? AND partition = ? AND offset >= ? AND offset < ?
GROUP BY minute, topic, partition, party, kind`

// sumOrders recomputes minutes from all rows of theirs, each once, through the projection by time. Seen, the number of those
// rows, never falls, so of two writers who recompute at the same time the one that saw more wins.
const sumOrders = `INSERT INTO minute_orders (minute, party, channel, currency, received, amended, cancelled, revenue, seen)
SELECT toStartOfMinute(_at) AS minute, party, channel, total_currency, countIf(change = 'received'), countIf(change = 'amended'),
    countIf(change = 'cancelled'), sumIf(total, change = 'received'), count()
FROM
(
    SELECT DISTINCT _at, _partition, _offset, party, channel, change, total, total_currency
    FROM orders_normalized
    WHERE _at >= toDateTime64(?, 3, 'UTC') AND _at < toDateTime64(?, 3, 'UTC') + INTERVAL 1 MINUTE
        AND toUnixTimestamp(toStartOfMinute(_at)) IN (%s) AND _unreadable = '' AND NOT _deleted
)
GROUP BY minute, party, channel, total_currency`

// touched are the minutes of the block's records, in seconds since 1970, in order.
func touched(b *topics.Block) []string {
	minutes := map[time.Time]bool{}
	for i := range b.Events {
		minutes[recorded(b.Events[i].At).Truncate(time.Minute)] = true
	}
	texts := make([]string, 0, len(minutes))
	for _, minute := range slices.SortedFunc(maps.Keys(minutes), time.Time.Compare) {
		texts = append(texts, fmt.Sprint(minute.Unix()))
	}
	return texts
}
