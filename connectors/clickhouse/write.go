package clickhouse

import (
	"context"
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/topics"
)

// Write lands a block: its rows in the topic's table, one line each in the audit, the minutes they touch, and last the range
// itself. It returns when ClickHouse has them all. To write the same block again, after an error or a lost answer, changes
// nothing that is there and adds what is not.
//
// After a crash of the engine itself use Repair: its memory of tokens can be ahead of its data.
func (c *ClickHouse) Write(ctx context.Context, b *topics.Block) error {
	if err := c.land(ctx, b, b.Events, b.Events, b.Token()); err != nil {
		return fmt.Errorf("land %s: %w", b.Token(), hinted(err))
	}
	return nil
}

// land does the steps of a block in the order that makes each repeatable. Without a token nothing is deduplicated.
func (c *ClickHouse) land(ctx context.Context, b *topics.Block, typed, audited []topics.Landed, token string) error {
	t := c.table(b.Topic)
	if err := c.insertEvents(ctx, &t.sheet, typed, t.record, token); err != nil {
		return err
	}
	if err := c.insertEvents(ctx, auditSheet, audited, auditRecord, token); err != nil {
		return err
	}
	if err := c.recount(ctx, b); err != nil {
		return err
	}
	return c.insertRange(ctx, b, token)
}

// Codes of ClickHouse that mean that the tables are older than the binary.
const (
	codeNoSuchColumn = 16
	codeUnknownTable = 60
)

func hinted(err error) error {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) && (exception.Code == codeNoSuchColumn || exception.Code == codeUnknownTable) {
		return fmt.Errorf("%w; `waybill provision` brings the tables up to date", err)
	}
	return err
}
