CREATE TABLE minute_events
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute',
    `topic` LowCardinality(String) COMMENT 'where the records lie',
    `party` LowCardinality(String) COMMENT 'the configured account they are about',
    `kind` LowCardinality(String) COMMENT 'what happened',
    `events` UInt64 COMMENT 'how many records said so; of two states of a minute the one with more stands'
)
ENGINE = ReplacingMergeTree(events)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, topic, party, kind)
SETTINGS index_granularity = 8192
COMMENT 'The events of each minute, recounted whenever one of the minute lands'
