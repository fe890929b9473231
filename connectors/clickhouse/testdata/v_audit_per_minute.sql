CREATE VIEW v_audit_per_minute
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute',
    `topic` LowCardinality(String) COMMENT 'where the records lie',
    `party` LowCardinality(String) COMMENT 'the configured account they are about',
    `kind` LowCardinality(String) COMMENT 'what happened',
    `events` UInt64 COMMENT 'how many records said so, each counted once'
)
COMMENT 'Events by minute, account and kind'
AS SELECT
    minute,
    topic,
    party,
    kind,
    events
FROM minute_events
FINAL
