package clickhouse

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waybill/schemas"
	"waybill/topics"
)

// Receipt is whether a party knows a fact about an order: that there is a customer, that it was placed.
type Receipt struct {
	Fact        string         `json:"fact"`
	Participant string         `json:"participant"`
	Receipt     string         `json:"receipt"` // pending, sent, confirmed, rejected, in_doubt or needless
	Since       schemas.Millis `json:"since"`
	Evidence    string         `json:"evidence"` // what the party calls what it made of it
	Class       string         `json:"class"`    // of the last failure
	Code        string         `json:"code"`
	Attempts    int64          `json:"attempts"`
	TaskID      string         `json:"task_id"`
	AskedAt     schemas.Millis `json:"asked_at"` // 0: before this was written down
}

// receiptColumns say of the latest row of a call what its party knows. "sent" is what may have arrived: nobody has heard of it yet.
const receiptColumns = `task_order_id AS order_id, task_kind AS fact, task_party AS participant,
    multiIf(state = 'done', 'confirmed', state IN ('open', 'waiting'), 'pending', state = 'intent', 'sent', state = 'doubt', 'in_doubt', state = 'dropped', 'needless', 'rejected') AS receipt,
    at AS since, their_ref AS evidence, class, code, attempts, task_task_id AS task_id, asked_at`

// isTask tells the rows of calls from what a gateway notes beside them.
const isTask = "state NOT IN ('lane', 'paused', 'resumed', 'standing', 'permitted', 'spent')"

// ledgers are the topics with what became of calls.
func ledgers(landing []*topics.Topic) (all []*topics.Topic) {
	for _, t := range landing {
		if isLedger(t) {
			all = append(all, t)
		}
	}
	return all
}

// partyOf is a ledger's party, as its table is named.
func partyOf(t *topics.Topic) string { return strings.TrimPrefix(t.Table(), "ledger_") }

func isLedger(t *topics.Topic) bool { return t.Schema == schemas.Any(schemas.LedgerRowSchema) }

// receiptChanges are the views of receipts that are not there, or have other columns.
func (c *ClickHouse) receiptChanges(ctx context.Context, landing []*topics.Topic) ([]Change, error) {
	present, err := c.columnsPresent(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := c.shownInReceipts(ctx)
	if err != nil {
		return nil, err
	}
	parties := shown // what was called once stays in the views
	for _, t := range ledgers(landing) {
		if party := partyOf(t); !slices.Contains(parties, party) {
			parties = append(parties, party)
		}
	}
	var ofEach []string
	for _, party := range parties {
		ofEach = append(ofEach, "SELECT "+receiptColumns+"\nFROM v_calls_"+party+" WHERE "+isTask)
	}
	if len(ofEach) == 0 {
		return nil, nil
	}
	changes := latestChanges(present, parties)
	for _, view := range []struct{ name, sql, doc string }{
		{"v_receipts", strings.Join(ofEach, "\nUNION ALL "), "Who knows what since when: of every fact and participant whether it was confirmed, by what"},
		{"v_receipts_open", openReceipts, "The facts of which a participant has not confirmed that it knows them"},
	} {
		if !haveReceiptColumns(present[view.name]) || view.name == "v_receipts" && len(shown) < len(parties) {
			changes = append(changes, Change{"create view " + view.name, fmt.Sprintf("CREATE OR REPLACE VIEW %s\n(\n%s\n)\nAS %s\nCOMMENT %s",
				view.name, defined(columnsOfReceipts), view.sql, quoted(view.doc))})
		}
	}
	return changes, nil
}

// columnsOfReceipts are those of both views, explained.
var columnsOfReceipts = [][3]string{
	{"order_id", "String", "whose order: party/their reference"},
	{"fact", "LowCardinality(String)", "what the participant was to hear of"},
	{"participant", "LowCardinality(String)", "the party that was to hear of it"},
	{"receipt", "LowCardinality(String)", "pending, sent, confirmed, rejected, in_doubt or needless"},
	{"since", "DateTime64(3, 'UTC')", "since when it is so"},
	{"evidence", "String", "what the participant calls what it made of it"},
	{"class", "LowCardinality(String)", "of the last failure, empty if there is none"},
	{"code", "LowCardinality(String)", "of the last failure, as the participant names it"},
	{"attempts", "Int64", "calls that were made"},
	{"task_id", "String", "the task on its outbox and in its ledger"},
	{"asked_at", "DateTime64(3, 'UTC')", "when it was asked for; 1970: before this was written down"},
}

// defined is a view's list of columns.
func defined(columns [][3]string) string {
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = fmt.Sprintf("    %s %s COMMENT %s", c[0], c[1], quoted(c[2]))
	}
	return strings.Join(lines, ",\n")
}

// shownInReceipts are the parties whose calls v_receipts shows, as their tables are named.
func (c *ClickHouse) shownInReceipts(ctx context.Context) ([]string, error) {
	var definition string
	err := c.conn.QueryRow(ctx, "SELECT any(as_select) FROM system.tables WHERE database = currentDatabase() AND name = 'v_receipts'").Scan(&definition)
	if err != nil {
		return nil, fmt.Errorf("read how v_receipts is defined: %w", hinted(err))
	}
	var parties []string
	for _, found := range viewOfCalls.FindAllStringSubmatch(definition, -1) {
		parties = append(parties, found[1])
	}
	return parties, nil
}

var viewOfCalls = regexp.MustCompile(`\bv_calls_(\w+)`)

func haveReceiptColumns(view map[string]columnPresent) bool {
	for _, c := range columnsOfReceipts {
		if view[c[0]] != (columnPresent{c[1], c[2]}) {
			return false
		}
	}
	return len(view) == len(columnsOfReceipts)
}

// Receipts are those of an order, the oldest first.
func (c *ClickHouse) Receipts(ctx context.Context, orderID string) ([]Receipt, error) {
	var all []Receipt
	for _, t := range ledgers(topics.Landing()) {
		rows, err := c.conn.Query(ctx, `SELECT fact, participant, receipt, toUnixTimestamp64Milli(since), evidence, class, code, attempts, task_id, toUnixTimestamp64Milli(asked_at) FROM (
    SELECT `+receiptColumns+` FROM `+t.Table()+` WHERE task_order_id = ? AND `+isTask+` AND _unreadable = '' ORDER BY _key, _offset DESC LIMIT 1 BY _key
) ORDER BY since, task_id LIMIT ?`, orderID, timelineEventsMax)
		if err != nil {
			return nil, fmt.Errorf("read the receipts of %s: %w", orderID, hinted(err))
		}
		for rows.Next() {
			var r Receipt
			var since, asked int64
			if err := rows.Scan(&r.Fact, &r.Participant, &r.Receipt, &since, &r.Evidence, &r.Class, &r.Code, &r.Attempts, &r.TaskID, &asked); err != nil {
				rows.Close()
				return nil, fmt.Errorf("read the receipts of %s: %w", orderID, err)
			}
			r.Since, r.AskedAt = schemas.Millis(since), schemas.Millis(asked)
			all = append(all, r)
		}
		err = rows.Err()
		rows.Close()
		if err != nil {
			return nil, fmt.Errorf("read the receipts of %s: %w", orderID, err)
		}
	}
	return all, nil
}
