CREATE TABLE step_request
(
    `party` LowCardinality(String) COMMENT 'the ERP',
    `kind` LowCardinality(String) COMMENT 'ready: packed, for a carrier; gone: it has left; unready: it was ready, and is no more',
    `ref` String COMMENT 'what the ERP calls the shipment or the order',
    `order_id` String COMMENT 'ours, as the ERP carries it: party/reference; empty: it carries none',
    `revision` String COMMENT 'the ERP\'s own mark of this state, which no other state of the same ref has',
    `received_at` DateTime64(3, 'UTC') COMMENT 'when it was said',
    `origin` LowCardinality(String) COMMENT 'poll: it was asked for',
    `body` String COMMENT 'what was said, as JSON of the ERP\'s own',
    `body_key_id` String COMMENT 'what was said, as JSON of the ERP\'s own: key it is encrypted with; empty: none',
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
ORDER BY (_key, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'step.request: what comes back to request: a repaired message, a retry, a wake-up'
