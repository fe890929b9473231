-- +goose NO TRANSACTION
-- +goose Up
CREATE OR REPLACE VIEW v_missed
(
    order_id String COMMENT 'party/reference',
    party LowCardinality(String) COMMENT 'the configured account it came from',
    channel LowCardinality(String) COMMENT 'the marketplace or shop system',
    found_at DateTime64(3, 'UTC') COMMENT 'when a sweep found it'
)
AS SELECT order_id, any(party) AS party, any(channel) AS channel, min(_at) AS found_at
FROM orders_raw
WHERE _unreadable = ''
GROUP BY order_id
HAVING argMin(_origin, _offset) = 'sweep'
COMMENT 'Orders that nobody told of: the first that is known of them is what a sweep has found';
