CREATE TABLE outbox_erp
(
    `task_id` String COMMENT 'made of the business fact, so that the same call asked for twice is one task',
    `party` LowCardinality(String) COMMENT 'party',
    `kind` LowCardinality(String) COMMENT 'what is to be done, as the connector names it',
    `order_id` String COMMENT 'order id',
    `holds` Array(String) COMMENT 'keys on which it comes after every earlier task and before every later one: order, customer, parcel',
    `lane` String COMMENT 'of tasks that write over each other, as the statuses of a parcel do; empty: none',
    `sequence` Int64 COMMENT 'in its lane: a higher one makes a lower one needless',
    `deadline` Nullable(DateTime64(3, 'UTC')) COMMENT 'by when it must be done; the earliest goes first',
    `payload` String COMMENT 'what the call says, in the connector\'s own form',
    `payload_key_id` String COMMENT 'what the call says, in the connector\'s own form: key it is encrypted with; empty: none',
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
    `_deleted` Bool COMMENT 'the record is a tombstone: it deletes its key',
    PROJECTION positions
    (
        SELECT
            _partition,
            _offset
        ORDER BY
            _partition,
            _offset
    )
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(_at)
ORDER BY (task_id, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'outbox.erp: calls that are to be made at erp'
