CREATE VIEW v_receipts_open
(
    `order_id` String COMMENT 'whose order: party/their reference',
    `fact` LowCardinality(String) COMMENT 'what the participant was to hear of',
    `participant` LowCardinality(String) COMMENT 'the party that was to hear of it',
    `receipt` LowCardinality(String) COMMENT 'pending, sent, confirmed, rejected, in_doubt or needless',
    `since` DateTime64(3, 'UTC') COMMENT 'since when it is so',
    `evidence` String COMMENT 'what the participant calls what it made of it',
    `class` LowCardinality(String) COMMENT 'of the last failure, empty if there is none',
    `code` LowCardinality(String) COMMENT 'of the last failure, as the participant names it',
    `attempts` Int64 COMMENT 'calls that were made',
    `task_id` String COMMENT 'the task on its outbox and in its ledger',
    `asked_at` DateTime64(3, 'UTC') COMMENT 'when it was asked for; 1970: before this was written down'
)
COMMENT 'The facts of which a participant has not confirmed that it knows them'
AS SELECT
    order_id,
    fact,
    participant,
    receipt,
    since,
    evidence,
    class,
    code,
    attempts,
    task_id,
    asked_at
FROM calls_latest
FINAL
WHERE ((ledger, place) IN (
    SELECT
        ledger,
        place
    FROM calls_latest
    WHERE receipt NOT IN ('confirmed', 'needless')
)) AND (receipt NOT IN ('confirmed', 'needless'))
