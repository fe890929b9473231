CREATE TABLE minute_offsets
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute',
    `topic` LowCardinality(String) COMMENT 'where the records lie',
    `partition` Int32 COMMENT 'partition of the topic',
    `party` LowCardinality(String) COMMENT 'the configured account they are about',
    `kind` LowCardinality(String) COMMENT 'what happened',
    `offsets` AggregateFunction(groupBitmap, UInt64) COMMENT 'offsets of the records: a set, so that a repeated one counts once'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (topic, minute, partition, party, kind)
SETTINGS index_granularity = 8192
COMMENT 'Which records each minute had: what minute_events is counted from'
