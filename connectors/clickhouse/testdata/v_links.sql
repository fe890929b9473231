CREATE VIEW v_links
(
    `party` LowCardinality(String) COMMENT 'the configured account whose reference it is',
    `kind` LowCardinality(String) COMMENT 'order, unit, customer, shipment or tracking',
    `ref` String COMMENT 'their reference',
    `our_id` String COMMENT 'our id; of an order: party/reference of the channel it came from',
    `at` DateTime64(3, 'UTC') COMMENT 'when it was linked',
    `by` String COMMENT 'who linked it: a step or a person',
    `reason` String COMMENT 'reason',
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
COMMENT 'The latest of every party/kind/their reference of id.map that was not deleted'
AS SELECT
    party,
    kind,
    ref,
    our_id,
    at,
    by,
    reason,
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
    FROM id_map
    WHERE _unreadable = ''
    ORDER BY
        _key ASC,
        _offset DESC
    LIMIT 1 BY _key
)
WHERE NOT _deleted
