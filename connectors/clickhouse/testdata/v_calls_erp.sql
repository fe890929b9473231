CREATE VIEW v_calls_erp
(
    `task_task_id` String COMMENT 'task: task id',
    `task_party` LowCardinality(String) COMMENT 'task: party',
    `task_kind` LowCardinality(String) COMMENT 'task: kind',
    `task_order_id` String COMMENT 'task: order id',
    `task_holds` Array(String) COMMENT 'task: holds',
    `task_lane` String COMMENT 'task: lane',
    `task_sequence` Int64 COMMENT 'task: sequence',
    `task_deadline` Nullable(DateTime64(3, 'UTC')) COMMENT 'task: deadline',
    `task_payload` String COMMENT 'task: payload',
    `task_payload_key_id` String COMMENT 'task: payload: key it is encrypted with; empty: none',
    `offset` Int64 COMMENT 'of the task on its outbox: earlier ones come first',
    `state` LowCardinality(String) COMMENT 'open, intent, waiting, done, dropped, doubt or trashed',
    `attempts` Int64 COMMENT 'calls that were made, without those that only asked',
    `not_before` Nullable(DateTime64(3, 'UTC')) COMMENT 'of a waiting one, and of an intent that is to be asked about',
    `class` LowCardinality(String) COMMENT 'of the last failure',
    `code` LowCardinality(String) COMMENT 'of the last failure, as the party names it',
    `reason` String COMMENT 'of the last failure, for people; no personal data',
    `their_ref` String COMMENT 'what the party calls what was made: the number of its order, of its label',
    `receipt` String COMMENT 'the party\'s answer, without secrets and payment data',
    `receipt_key_id` String COMMENT 'the party\'s answer, without secrets and payment data: key it is encrypted with; empty: none',
    `at` DateTime64(3, 'UTC') COMMENT 'when this was written',
    `_partition` Int32 COMMENT 'partition of the topic',
    `_offset` Int64 COMMENT 'offset in the partition; with it the row\'s identity',
    `_at` DateTime64(3, 'UTC') COMMENT 'time of the record',
    `_key` String COMMENT 'key of the record',
    `_event_id` String COMMENT 'position of its cause plus an index',
    `_cause` String COMMENT 'topic/partition/offset of the record that led to it',
    `_origin` LowCardinality(String) COMMENT 'webhook, poll, cron, feed, manual or replay',
    `_run_id` LowCardinality(String) COMMENT 'which run of which step wrote it',
    `_mode` LowCardinality(String) COMMENT 'live, repair, dry_run or shadow',
    `_mapping_version` LowCardinality(String) COMMENT 'the mapping that made it, such as allegro/1',
    `_traceparent` String COMMENT 'W3C Trace Context',
    `_unreadable` String COMMENT 'why the value could not be read; empty: it could',
    `_unreadable_value` String COMMENT 'the value that could not be read, byte for byte',
    `_deleted` Bool COMMENT 'the record is a tombstone: it deletes its key'
)
COMMENT 'The latest of every task id of ledger.erp that was not deleted'
AS SELECT
    task_task_id,
    task_party,
    task_kind,
    task_order_id,
    task_holds,
    task_lane,
    task_sequence,
    task_deadline,
    task_payload,
    task_payload_key_id,
    offset,
    state,
    attempts,
    not_before,
    class,
    code,
    reason,
    their_ref,
    receipt,
    receipt_key_id,
    at,
    _partition,
    _offset,
    _at,
    _key,
    _event_id,
    _cause,
    _origin,
    _run_id,
    _mode,
    _mapping_version,
    _traceparent,
    _unreadable,
    _unreadable_value,
    _deleted
FROM
(
    SELECT *
    FROM ledger_erp
    WHERE _unreadable = ''
    ORDER BY
        _key ASC,
        _offset DESC
    LIMIT 1 BY _key
)
WHERE NOT _deleted
