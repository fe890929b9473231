CREATE VIEW v_fetch_tasks
(
    `task_id` String COMMENT 'party/reference, or party/kind:reference of what is not an order',
    `party` LowCardinality(String) COMMENT 'party',
    `seller` LowCardinality(String) COMMENT 'seller',
    `channel` LowCardinality(String) COMMENT 'channel',
    `kind` LowCardinality(String) COMMENT 'order or unit',
    `ref` String COMMENT 'the channel\'s reference',
    `state` LowCardinality(String) COMMENT 'open or done',
    `notices` Int64 COMMENT 'how often the channel has told of it since it was last fetched',
    `noticed_at` DateTime64(3, 'UTC') COMMENT 'arrival of the last notice',
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
COMMENT 'The latest of every task id of orders.fetch that was not deleted'
AS SELECT
    task_id,
    party,
    seller,
    channel,
    kind,
    ref,
    state,
    notices,
    noticed_at,
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
    FROM orders_fetch
    WHERE _unreadable = ''
    ORDER BY
        task_id ASC,
        _offset DESC
    LIMIT 1 BY task_id
)
WHERE NOT _deleted
