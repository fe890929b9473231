package clickhouse

import (
	"context"
	"fmt"
	"slices"

	"waybill/topics"
)

// Who does not know what yet is asked of a million calls of which nearly all are confirmed. calls_latest has the latest row of each, narrow
// and in the order in which they came; what it is told twice replaces itself, so it only has to be told of every row at least once.

// openReceipts looks for calls that have an unconfirmed row, and only then whether that is their latest: FINAL alone would look at all.
const openReceipts = `SELECT order_id, fact, participant, receipt, since, evidence, class, code, attempts, task_id, asked_at FROM calls_latest FINAL
WHERE (ledger, place) IN (SELECT ledger, place FROM calls_latest WHERE receipt NOT IN ('confirmed', 'needless'))
    AND receipt NOT IN ('confirmed', 'needless')`

// latestOf are the rows of calls_latest that a party's ledger makes.
func latestOf(party string) string {
	return "SELECT toLowCardinality(" + quoted(party) + ") AS ledger, offset AS place, _offset AS row, " + receiptColumns +
		"\nFROM ledger_" + party + " WHERE " + isTask + " AND _unreadable = '' AND NOT _deleted"
}

// tellLatest tells calls_latest of rows that a ledger has, the latest of each call.
func tellLatest(party, where string) string {
	return "INSERT INTO calls_latest " + latestOf(party) + where + " ORDER BY _offset DESC LIMIT 1 BY offset"
}

// columnsOfPlace are those that calls_latest has before the columns of receipts.
var columnsOfPlace = [][3]string{
	{"ledger", "LowCardinality(String)", "the party whose ledger says so"},
	{"place", "Int64", "of the call on the outbox; with the ledger it names the call"},
	{"row", "Int64", "offset of the row in the ledger: of two rows of a call the later one stands"},
}

// latestChanges let calls_latest hear of every ledger, from now on and of what there is.
func latestChanges(present map[string]map[string]columnPresent, parties []string) (changes []Change) {
	for _, party := range parties {
		if ledger := "ledger_" + party; present["told_"+ledger] == nil {
			changes = append(changes,
				Change{"let calls_latest hear of " + ledger, fmt.Sprintf("CREATE MATERIALIZED VIEW IF NOT EXISTS told_%s TO calls_latest\n(\n%s\n)\nAS %s\nCOMMENT %s",
					ledger, defined(slices.Concat(columnsOfPlace, columnsOfReceipts)), latestOf(party), quoted("What "+ledger+" tells calls_latest"))},
				Change{"tell calls_latest what is in " + ledger, tellLatest(party, "")})
		}
	}
	return changes
}

// retell tells calls_latest again of a range of a ledger, after a crash of the engine.
func (c *ClickHouse) retell(ctx context.Context, b *topics.Block) error {
	if !isLedger(b.Topic) {
		return nil
	}
	if err := c.undeduplicated(ctx, tellLatest(partyOf(b.Topic), " AND _partition = ? AND _offset >= ? AND _offset < ?"), b.Partition, b.From, b.To); err != nil {
		return fmt.Errorf("tell calls_latest of the range: %w", err)
	}
	return nil
}
