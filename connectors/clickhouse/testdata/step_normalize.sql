CREATE TABLE step_normalize
(
    `order_id` String COMMENT 'party/reference',
    `party` LowCardinality(String) COMMENT 'the configured account it came from',
    `seller` LowCardinality(String) COMMENT 'who owns that account',
    `channel` LowCardinality(String) COMMENT 'the marketplace or shop system',
    `ref` String COMMENT 'the order\'s reference at the channel',
    `origin` LowCardinality(String) COMMENT 'webhook, poll, cron, feed, api, manual or replay',
    `received_at` DateTime64(3, 'UTC') COMMENT 'when it arrived at the door',
    `content_type` LowCardinality(String) COMMENT 'as the sender stated it',
    `headers_name` Array(String) COMMENT 'headers of the delivery, secrets left out: lower case',
    `headers_value` Array(String) COMMENT 'headers of the delivery, secrets left out: value',
    `body` String COMMENT 'the payload, byte for byte',
    `body_key_id` String COMMENT 'the payload, byte for byte: key it is encrypted with; empty: none',
    `form` String COMMENT 'part: of an order that comes in several; notice: that something happened, without the order; patch: a change to merge; empty: a whole order',
    `part` String COMMENT 'which part',
    `delivery_id` String COMMENT 'the sender\'s own id of the delivery',
    `idempotency_key` String COMMENT 'the sender\'s own id of the request, under which it is carried out once',
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
COMMENT 'step.normalize: what comes back to normalize: a repaired message, a retry, a wake-up'
