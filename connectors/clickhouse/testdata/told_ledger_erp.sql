CREATE MATERIALIZED VIEW told_ledger_erp TO calls_latest
(
    `ledger` LowCardinality(String) COMMENT 'the party whose ledger says so',
    `place` Int64 COMMENT 'of the call on the outbox; with the ledger it names the call',
    `row` Int64 COMMENT 'offset of the row in the ledger: of two rows of a call the later one stands',
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
COMMENT 'What ledger_erp tells calls_latest'
AS SELECT
    toLowCardinality('erp') AS ledger,
    offset AS place,
    _offset AS row,
    task_order_id AS order_id,
    task_kind AS fact,
    task_party AS participant,
    multiIf(state = 'done', 'confirmed', (state IN ('open', 'waiting')), 'pending', state = 'intent', 'sent', state = 'doubt', 'in_doubt', state = 'dropped', 'needless', 'rejected') AS receipt,
    at AS since,
    their_ref AS evidence,
    class,
    code,
    attempts,
    task_task_id AS task_id,
    asked_at
FROM ledger_erp
WHERE (state NOT IN ('lane', 'paused', 'resumed', 'standing', 'permitted', 'spent')) AND (_unreadable = '') AND (NOT _deleted)
