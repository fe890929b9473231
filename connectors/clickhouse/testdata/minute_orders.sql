CREATE TABLE minute_orders
(
    `minute` DateTime('UTC') COMMENT 'begin of the minute',
    `party` LowCardinality(String) COMMENT 'the configured account',
    `channel` LowCardinality(String) COMMENT 'the marketplace or shop system',
    `currency` LowCardinality(String) COMMENT 'ISO 4217',
    `received` UInt64 COMMENT 'orders that arrived',
    `amended` UInt64 COMMENT 'changes of orders',
    `cancelled` UInt64 COMMENT 'orders that were cancelled',
    `revenue` Decimal(38, 4) COMMENT 'total of the orders that arrived, in major units',
    `seen` UInt64 COMMENT 'how many rows it was computed from: of two states of a minute the one with more stands'
)
ENGINE = ReplacingMergeTree(seen)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, party, channel, currency)
SETTINGS index_granularity = 8192
COMMENT 'The orders of each minute, recomputed from orders_normalized whenever a row of the minute lands'
