CREATE VIEW v_tracking_misses
(
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `day` Date COMMENT 'on which they happened',
    `scans` UInt64 COMMENT 'that were heard of, by a push or an answer',
    `missed` UInt64 COMMENT 'of them, that an answer told of first'
)
COMMENT 'Scans that a carrier who pushes has not pushed, or later than it was asked: each was told by an answer first'
AS SELECT
    party,
    toDate(at) AS day,
    uniqExact(_partition, _offset) AS scans,
    uniqExactIf((_partition, _offset), origin = 'cron') AS missed
FROM tracking_events
WHERE (_unreadable = '') AND (origin IN ('webhook', 'cron')) AND (party IN (
    SELECT party
    FROM tracking_events
    WHERE (_unreadable = '') AND (origin = 'webhook')
))
GROUP BY
    party,
    day
