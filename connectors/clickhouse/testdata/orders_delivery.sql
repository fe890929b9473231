CREATE TABLE orders_delivery
(
    `order_id` String COMMENT 'order id',
    `party` LowCardinality(String) COMMENT 'the channel\'s account that sold it',
    `status` LowCardinality(String) COMMENT 'of the parcel that is the furthest behind, or in trouble; delivered and returned: all are',
    `parcels` Int64 COMMENT 'parcels',
    `delivered` Int64 COMMENT 'of these',
    `returned` Int64 COMMENT 'of these',
    `ended` Bool COMMENT 'nothing is expected of any',
    `at` DateTime64(3, 'UTC') COMMENT 'when it came to stand so',
    `sequence` Int64 COMMENT 'greater each time it stands otherwise',
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
COMMENT 'orders.delivery: how all parcels of an order stand together, each time that is otherwise'
