CREATE TABLE audit
(
    `order_id` String COMMENT 'party/reference; empty if the record is about no order',
    `at` DateTime64(3, 'UTC') COMMENT 'time of the record',
    `topic` LowCardinality(String) COMMENT 'where the record lies',
    `partition` Int32 COMMENT 'partition of the topic',
    `offset` Int64 COMMENT 'offset in the partition; with topic and partition the identity of the row',
    `kind` LowCardinality(String) COMMENT 'what happened, in one word',
    `summary` String COMMENT 'what happened, for people; no personal data',
    `party` LowCardinality(String) COMMENT 'the configured account it is about',
    `seller` LowCardinality(String) COMMENT 'who owns that account',
    `event_id` String COMMENT 'position of its cause plus an index',
    `cause` String COMMENT 'topic/partition/offset of the record that led to it',
    `origin` LowCardinality(String) COMMENT 'webhook, poll, cron, feed, manual or replay',
    `run_id` LowCardinality(String) COMMENT 'which run of which step wrote it',
    `mode` LowCardinality(String) COMMENT 'live, repair, dry_run or shadow',
    `mapping_version` LowCardinality(String) COMMENT 'the mapping that made it, such as allegro/1',
    `traceparent` String COMMENT 'W3C Trace Context',
    INDEX orders order_id TYPE bloom_filter(0.001) GRANULARITY 1,
    PROJECTION positions
    (
        SELECT
            topic,
            partition,
            offset,
            at,
            party,
            kind
        ORDER BY
            topic,
            partition,
            offset
    )
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (order_id, at, topic, partition, offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'What happened: one row a record that landed, in the order of its order\'s timeline'
