CREATE TABLE minute_events
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute',
    `topic` LowCardinality(String) COMMENT 'where the records lie',
    `partition` Int32 COMMENT 'partition of the topic',
    `party` LowCardinality(String) COMMENT 'the configured account they are about',
    `kind` LowCardinality(String) COMMENT 'what happened',
    `events` AggregateFunction(groupBitmap, UInt64) COMMENT 'the offsets of the records: a set, so that a repeated one counts once'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, topic, partition, party, kind)
SETTINGS index_granularity = 8192
COMMENT 'Which records each minute had; v_audit_per_minute counts them'
