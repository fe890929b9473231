CREATE TABLE orders_acknowledged
(
    `order_id` String COMMENT 'order id',
    `party` LowCardinality(String) COMMENT 'party',
    `state` LowCardinality(String) COMMENT 'provisional, asked, accepted, rejected or not_asked',
    `reason` String COMMENT 'why it is so; no personal data',
    `pieces` Int64 COMMENT 'that are rejected; 0 of a whole order',
    `provisional` Bool COMMENT 'it was accepted before the ERP had it',
    `due` Nullable(DateTime64(3, 'UTC')) COMMENT 'by when the channel was to know',
    `at` DateTime64(3, 'UTC') COMMENT 'since when it is so',
    `by` String COMMENT 'who decided: acknowledge, or a person',
    `eta` Nullable(DateTime64(3, 'UTC')) COMMENT 'of what is provisional: by when it is accepted or rejected, or it is said that it is not; null: it is not provisional',
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
ORDER BY (order_id, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'orders.acknowledged: what the channel was told: accepted, rejected, or why nothing'
