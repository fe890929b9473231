CREATE TABLE landed
(
    `topic` LowCardinality(String) COMMENT 'whose records landed',
    `partition` Int32 COMMENT 'partition of the topic',
    `from_offset` Int64 COMMENT 'first offset of the range',
    `to_offset` Int64 COMMENT 'the offset behind the range',
    `records` Int64 COMMENT 'records of the range that landed',
    `superseded` Int64 COMMENT 'records of the range that compaction removed before they could land',
    `token` String COMMENT 'deduplication token of the range',
    `at` DateTime64(3, 'UTC') COMMENT 'when it had landed'
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, from_offset, to_offset)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192
COMMENT 'Which ranges of offsets have landed, whole'
