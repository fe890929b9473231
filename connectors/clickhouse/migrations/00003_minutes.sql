-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS minute_offsets
(
    minute DateTime('UTC') COMMENT 'begin of the minute',
    topic LowCardinality(String) COMMENT 'where the records lie',
    partition Int32 COMMENT 'partition of the topic',
    party LowCardinality(String) COMMENT 'the configured account they are about',
    kind LowCardinality(String) COMMENT 'what happened',
    offsets AggregateFunction(groupBitmap, UInt64) COMMENT 'offsets of the records: a set, so that a repeated one counts once'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (topic, minute, partition, party, kind)
COMMENT 'Which records each minute had: what minute_events is counted from';

CREATE TABLE IF NOT EXISTS minute_events
(
    minute DateTime('UTC') COMMENT 'begin of the minute',
    topic LowCardinality(String) COMMENT 'where the records lie',
    party LowCardinality(String) COMMENT 'the configured account they are about',
    kind LowCardinality(String) COMMENT 'what happened',
    events UInt64 COMMENT 'how many records said so; of two states of a minute the one with more stands'
)
ENGINE = ReplacingMergeTree(events)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, topic, party, kind)
COMMENT 'The events of each minute, recounted whenever one of the minute lands';

CREATE TABLE IF NOT EXISTS minute_orders
(
    minute DateTime('UTC') COMMENT 'begin of the minute',
    party LowCardinality(String) COMMENT 'the configured account',
    channel LowCardinality(String) COMMENT 'the marketplace or shop system',
    currency LowCardinality(String) COMMENT 'ISO 4217',
    received UInt64 COMMENT 'orders that arrived',
    amended UInt64 COMMENT 'changes of orders',
    cancelled UInt64 COMMENT 'orders that were cancelled',
    revenue Decimal(38, 4) COMMENT 'total of the orders that arrived, in major units',
    seen UInt64 COMMENT 'how many rows it was computed from: of two states of a minute the one with more stands'
)
ENGINE = ReplacingMergeTree(seen)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, party, channel, currency)
COMMENT 'The orders of each minute, recomputed from orders_normalized whenever a row of the minute lands';

ALTER TABLE orders_normalized ADD PROJECTION IF NOT EXISTS minutes
    (SELECT _at, _partition, _offset, _unreadable, _deleted, party, channel, change, total, total_currency ORDER BY _at);

ALTER TABLE orders_normalized MATERIALIZE PROJECTION minutes;
