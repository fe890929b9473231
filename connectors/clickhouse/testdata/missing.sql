CREATE TABLE missing
(
    `order_id` String COMMENT 'whose; empty: of a whole source',
    `party` LowCardinality(String) COMMENT 'party',
    `what` String COMMENT 'ready, placed or accepted of an order; orders of a source',
    `state` LowCardinality(String) COMMENT 'missing, or came',
    `share` Int64 COMMENT 'of the time that it had, in per cent: below 100 it is not late yet',
    `since` DateTime64(3, 'UTC') COMMENT 'from when on it was expected',
    `due` DateTime64(3, 'UTC') COMMENT 'by when it had to come',
    `at` DateTime64(3, 'UTC') COMMENT 'when this was said',
    `reason` String COMMENT 'how it was known; no personal data',
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
COMMENT 'missing: what should have come and has not: a word of the channel, of the ERP, or any order at all'
