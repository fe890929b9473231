-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS calls_latest
(
    ledger LowCardinality(String) COMMENT 'the party whose ledger says so',
    place Int64 COMMENT 'of the call on the outbox; with the ledger it names the call',
    row Int64 COMMENT 'offset of the row in the ledger: of two rows of a call the later one stands',
    order_id String COMMENT 'whose order: party/their reference',
    fact LowCardinality(String) COMMENT 'what the participant was to hear of',
    participant LowCardinality(String) COMMENT 'the party that was to hear of it',
    receipt LowCardinality(String) COMMENT 'pending, sent, confirmed, rejected, in_doubt or needless',
    since DateTime64(3, 'UTC') COMMENT 'since when it is so',
    evidence String COMMENT 'what the participant calls what it made of it',
    class LowCardinality(String) COMMENT 'of the last failure, empty if there is none',
    code LowCardinality(String) COMMENT 'of the last failure, as the participant names it',
    attempts Int64 COMMENT 'calls that were made',
    task_id String COMMENT 'the task on its outbox and in its ledger',
    asked_at DateTime64(3, 'UTC') COMMENT 'when it was asked for; 1970: before this was written down'
)
ENGINE = ReplacingMergeTree(row)
ORDER BY (ledger, place)
COMMENT 'The latest row of every call, filled from each ledger: what v_receipts_open looks for open calls in';

-- One read all ledgers, and the other what is no call. They are made anew right after this.
DROP VIEW IF EXISTS v_receipts_open;

DROP VIEW IF EXISTS v_receipts;
