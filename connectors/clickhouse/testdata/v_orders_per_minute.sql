CREATE VIEW v_orders_per_minute
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute in which orders.normalized had the event',
    `party` LowCardinality(String) COMMENT 'the configured account',
    `channel` LowCardinality(String) COMMENT 'the marketplace or shop system',
    `currency` LowCardinality(String) COMMENT 'ISO 4217',
    `orders` UInt64 COMMENT 'orders that arrived',
    `amended` UInt64 COMMENT 'changes of orders',
    `cancelled` UInt64 COMMENT 'orders that were cancelled',
    `revenue` Decimal(38, 4) COMMENT 'total of the orders that arrived, as they arrived, in major units of the currency'
)
COMMENT 'Orders and revenue by minute, account and currency'
AS SELECT
    minute,
    party,
    channel,
    currency,
    received AS orders,
    amended,
    cancelled,
    revenue
FROM minute_orders
FINAL
