-- +goose NO TRANSACTION
-- +goose Up
CREATE OR REPLACE VIEW v_trash
(
    trash_id String COMMENT 'step/topic/partition/offset of the message',
    step LowCardinality(String) COMMENT 'the step that could not handle it',
    class LowCardinality(String) COMMENT 'invalid, malformed, unknown_schema, unknown_party, exhausted or panic',
    reason String COMMENT 'why it failed, for people',
    codes Array(LowCardinality(String)) COMMENT 'what is wrong, for machines',
    paths Array(String) COMMENT 'where it is wrong: JSON paths in what was sent',
    fingerprint String COMMENT 'equal for failures of one cause',
    attempts Int64 COMMENT 'how often it was tried',
    first_at DateTime64(3, 'UTC') COMMENT 'arrival of the message that failed',
    age_seconds Int64 COMMENT 'how long ago that was',
    order_id String COMMENT 'party/reference, empty if unknown',
    party LowCardinality(String) COMMENT 'the configured account it came from',
    seller LowCardinality(String) COMMENT 'who owns that account',
    topic LowCardinality(String) COMMENT 'where the message lies',
    partition Int32 COMMENT 'partition of that topic',
    offset Int64 COMMENT 'offset in that partition',
    ship_by Nullable(DateTime64(3, 'UTC')) COMMENT 'when its order has to have left; null: its message did not say',
    owner String COMMENT 'whose it is, empty: nobody\'s'
)
AS SELECT t.trash_id AS trash_id, step, class, reason, faults_code AS codes, faults_path AS paths, fingerprint, attempts, first_at,
    dateDiff('second', first_at, now64(3, 'UTC')) AS age_seconds, order_id, party, seller, topic, partition, offset, ship_by, o.owner AS owner
FROM
(
    SELECT * EXCEPT (value, headers_value, _unreadable_value)
    FROM trash
    WHERE _unreadable = ''
    ORDER BY trash_id, _offset DESC
    LIMIT 1 BY trash_id
) AS t
LEFT JOIN
(
    SELECT trash_id, owner
    FROM trash_notes
    WHERE _unreadable = '' AND kind = 'assigned'
    ORDER BY note_id, _offset DESC
    LIMIT 1 BY note_id
) AS o ON o.trash_id = t.trash_id
WHERE state = 'open'
COMMENT 'Messages that failed and wait to be repaired or dismissed';

CREATE OR REPLACE VIEW v_trash_mttr
(
    class LowCardinality(String) COMMENT 'class of the last failure',
    party LowCardinality(String) COMMENT 'the configured account they came from',
    closed UInt64 COMMENT 'entries that are repaired or dismissed',
    repaired UInt64 COMMENT 'of those, the repaired ones',
    median_seconds Float64 COMMENT 'from the arrival of the message that failed to the end of its entry: half were faster',
    p90_seconds Float64 COMMENT 'the same: nine of ten were faster'
)
AS SELECT class, party, count() AS closed, countIf(state = 'repaired') AS repaired,
    quantileExactInclusive(0.5)(seconds) AS median_seconds, quantileExactInclusive(0.9)(seconds) AS p90_seconds
FROM
(
    SELECT class, party, state, (toUnixTimestamp64Milli(_at) - toUnixTimestamp64Milli(first_at)) / 1000 AS seconds
    FROM trash
    WHERE _unreadable = ''
    ORDER BY trash_id, _offset DESC
    LIMIT 1 BY trash_id
)
WHERE state IN ('repaired', 'dismissed')
GROUP BY class, party
COMMENT 'How long it takes until what failed is repaired or dismissed, by class and account';
