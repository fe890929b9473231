-- +goose NO TRANSACTION
-- +goose Up
CREATE OR REPLACE VIEW v_refunds
(
    order_id String COMMENT 'party/reference',
    party LowCardinality(String) COMMENT 'the configured account it came from',
    at DateTime64(3, 'UTC') COMMENT 'when the channel was last heard of it',
    amount Decimal(38, 4) COMMENT 'paid back to the buyer so far, in major units',
    paid Decimal(38, 4) COMMENT 'of this: what the buyer paid for all that was bought',
    currency LowCardinality(String) COMMENT 'of both, ISO 4217',
    exceeds Bool COMMENT 'more was paid back than was paid, which nobody is owed'
)
AS SELECT order_id, argMax(orders_normalized.party, _offset) AS party, argMax(_at, _offset) AS at, argMax(refund_amount, _offset) AS amount,
    argMax(refund_paid, _offset) AS paid, argMax(refund_paid_currency, _offset) AS currency, amount > paid AS exceeds
FROM orders_normalized
WHERE _unreadable = ''
GROUP BY order_id
HAVING currency != ''
COMMENT 'What was paid back of each order, where the channel says how much';
