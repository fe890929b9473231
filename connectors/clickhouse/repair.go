package clickhouse

import (
	"context"
	"fmt"

	"waybill/topics"
)

// Repair lands a block whose fate a crash of the engine has left unknown. The engine's log of tokens can then name rows that
// never reached the disk, so the rows are counted, those that are missing are written without a token, and the minutes are
// recomputed. To repair twice changes nothing.
func (c *ClickHouse) Repair(ctx context.Context, b *topics.Block) error {
	if err := c.repair(ctx, b); err != nil {
		return fmt.Errorf("repair %s: %w", b.Token(), hinted(err))
	}
	return nil
}

func (c *ClickHouse) repair(ctx context.Context, b *topics.Block) error {
	landed, err := c.offsets(ctx, typedOffsets(b.Topic), b.Partition, b.From, b.To)
	if err != nil {
		return err
	}
	audited, err := c.offsets(ctx, auditOffsets, b.Topic.Name, b.Partition, b.From, b.To)
	if err != nil {
		return err
	}
	if err := c.land(ctx, b, missing(b.Events, landed), missing(b.Events, audited), ""); err != nil {
		return err
	}
	return c.retell(ctx, b)
}

// missing are the events whose offsets are not among those that landed.
func missing(events []topics.Landed, landed []int64) []topics.Landed {
	known := make(map[int64]bool, len(landed))
	for _, offset := range landed {
		known[offset] = true
	}
	var absent []topics.Landed
	for _, e := range events {
		if !known[e.Offset] {
			absent = append(absent, e)
		}
	}
	return absent
}
