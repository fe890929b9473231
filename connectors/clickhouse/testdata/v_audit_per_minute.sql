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
    sum(distinct_events) AS events
FROM
(
    SELECT
        minute,
        topic,
        partition,
        party,
        kind,
        groupBitmapMerge(minute_events.events) AS distinct_events
    FROM minute_events
    GROUP BY
        minute,
        topic,
        partition,
        party,
        kind
)
GROUP BY
    minute,
    topic,
    party,
    kind
