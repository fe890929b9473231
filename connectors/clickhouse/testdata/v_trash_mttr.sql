CREATE VIEW v_trash_mttr
(
    `class` LowCardinality(String) COMMENT 'class of the last failure',
    `party` LowCardinality(String) COMMENT 'the configured account they came from',
    `closed` UInt64 COMMENT 'entries that are repaired or dismissed',
    `repaired` UInt64 COMMENT 'of those, the repaired ones',
    `median_seconds` Float64 COMMENT 'from the arrival of the message that failed to the end of its entry: half were faster',
    `p90_seconds` Float64 COMMENT 'the same: nine of ten were faster'
)
COMMENT 'How long it takes until what failed is repaired or dismissed, by class and account'
AS SELECT
    class,
    party,
    count() AS closed,
    countIf(state = 'repaired') AS repaired,
    quantileExactInclusive(0.5)(seconds) AS median_seconds,
    quantileExactInclusive(0.9)(seconds) AS p90_seconds
FROM
(
    SELECT
        class,
        party,
        state,
        (toUnixTimestamp64Milli(_at) - toUnixTimestamp64Milli(first_at)) / 1000 AS seconds
    FROM trash
    WHERE _unreadable = ''
    ORDER BY
        trash_id ASC,
        _offset DESC
    LIMIT 1 BY trash_id
)
WHERE state IN ('repaired', 'dismissed')
GROUP BY
    class,
    party
