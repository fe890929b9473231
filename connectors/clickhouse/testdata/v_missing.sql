CREATE VIEW v_missing
(
    `order_id` String COMMENT 'party/reference; empty: of a whole source',
    `party` LowCardinality(String) COMMENT 'the configured account',
    `what` LowCardinality(String) COMMENT 'ready, placed or accepted of an order; orders of a source',
    `share` Int64 COMMENT 'of the time that it had, in per cent: below 100 it is not late yet',
    `since` DateTime64(3, 'UTC') COMMENT 'from when on it was expected',
    `due` DateTime64(3, 'UTC') COMMENT 'by when it had to come',
    `told_at` DateTime64(3, 'UTC') COMMENT 'when that was said last',
    `reason` String COMMENT 'how it was known'
)
COMMENT 'What should have come and has not: of every order and source, what is missing now'
AS SELECT
    order_id,
    party,
    what,
    argMax(share, _offset) AS share,
    argMax(since, _offset) AS since,
    argMax(due, _offset) AS due,
    max(at) AS told_at,
    argMax(reason, _offset) AS reason
FROM missing
WHERE _unreadable = ''
GROUP BY
    order_id,
    party,
    what
HAVING argMax(state, _offset) = 'missing'
