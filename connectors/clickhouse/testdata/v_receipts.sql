CREATE VIEW v_receipts
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
COMMENT 'Who knows what since when: of every fact and participant whether it was confirmed, by what'
AS SELECT
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
FROM v_calls_erp
WHERE state NOT IN ('lane', 'paused', 'resumed', 'standing', 'permitted', 'spent')
