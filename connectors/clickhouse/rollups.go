package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/schemas"
	"waybill/topics"
)

// minutesMax is how many minutes one statement recomputes. A block of a slow topic can touch a minute with every row.
const minutesMax = 1000

// recount brings the minute rollups up to the rows of the block that the tables now hold. It is idempotent by what they are: the
// offsets of a minute are a set, and counts and sums are computed anew from all that the minute has and replace those that had
// seen less. What a minute has only grows, so of two writers who recount it at the same time the one that saw more wins.
func (c *ClickHouse) recount(ctx context.Context, b *topics.Block) error {
	if len(b.Events) == 0 {
		return nil
	}
	if err := c.undeduplicated(ctx, addOffsets, b.Topic.Name, b.Partition, b.From, b.To); err != nil {
		return fmt.Errorf("add to the minutes' events: %w", err)
	}
	for minutes := range slices.Chunk(touched(b), minutesMax) {
		list := strings.Join(minutes, ", ")
		if err := c.undeduplicated(ctx, fmt.Sprintf(countEvents, list), b.Topic.Name); err != nil {
			return fmt.Errorf("count the minutes' events: %w", err)
		}
		if b.Topic.Name != topics.OrdersNormalized.Name {
			continue
		}
		if err := c.undeduplicated(ctx, fmt.Sprintf(sumOrders, list), minutes[0], minutes[len(minutes)-1]); err != nil {
			return fmt.Errorf("sum the minutes' orders: %w", err)
		}
	}
	return nil
}

func (c *ClickHouse) undeduplicated(ctx context.Context, statement string, args ...any) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplicate": 0}))
	return c.conn.Exec(ctx, statement, args...)
}

// addOffsets adds the offsets of a range to their minutes. It reads them back from the audit, through the projection by position.
const addOffsets = `INSERT INTO minute_offsets (minute, topic, partition, party, kind, offsets)
SELECT toStartOfMinute(at) AS minute, topic, partition, party, kind, groupBitmapState(toUInt64(offset))
FROM audit
WHERE topic = ? AND partition = ? AND offset >= ? AND offset < ?
GROUP BY minute, topic, partition, party, kind`

// countEvents counts the offsets of minutes.
const countEvents = `INSERT INTO minute_events (minute, topic, party, kind, events)
SELECT minute, topic, party, kind, sum(distinct_offsets)
FROM
(
    SELECT minute, topic, partition, party, kind, groupBitmapMerge(offsets) AS distinct_offsets
    FROM minute_offsets
    WHERE topic = ? AND minute IN (%s)
    GROUP BY minute, topic, partition, party, kind
)
GROUP BY minute, topic, party, kind`

// sumOrders sums all rows of minutes, each once, through the projection by time. Seen is the number of those rows.
const sumOrders = `INSERT INTO minute_orders (minute, party, channel, currency, received, amended, cancelled, revenue, seen)
SELECT toStartOfMinute(_at) AS minute, party, channel, total_currency, countIf(change = 'received'), countIf(change = 'amended'),
    countIf(change = 'cancelled'), sumIf(total, change = 'received'), count()
FROM
(
    SELECT DISTINCT _at, _partition, _offset, party, channel, change, total, total_currency
    FROM orders_normalized
    WHERE _at >= toDateTime64(?, 3, 'UTC') AND _at < toDateTime64(?, 3, 'UTC') + INTERVAL 1 MINUTE
        AND toStartOfMinute(_at) IN (%s) AND _unreadable = '' AND NOT _deleted
        AND party != '` + schemas.PartySynthetic + `'
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
