-- +goose NO TRANSACTION
-- +goose Up
CREATE OR REPLACE VIEW v_parcels
(
    order_id String COMMENT 'party/reference',
    shipment_id String COMMENT 'of which it is a parcel',
    party LowCardinality(String) COMMENT 'the carrier''s account',
    carrier String COMMENT 'in whose words it was told',
    number String COMMENT 'that the parcel is tracked by',
    standing String COMMENT 'how it stands, of all that was heard of it; empty: nothing says that yet',
    since DateTime64(3, 'UTC') COMMENT 'since when',
    origin LowCardinality(String) COMMENT 'how that was first heard of: webhook, cron, manual or feed',
    heard_at DateTime64(3, 'UTC') COMMENT 'when something new was heard of it last',
    ended Bool COMMENT 'nobody asks for it any more'
)
AS SELECT order_id, shipment_id, party, argMax(carrier, _offset) AS carrier, number, argMax(standing, _offset) AS standing, argMax(standing_at, _offset) AS since,
    argMaxIf(origin, _offset, counts) AS origin, max(heard_at) AS heard_at, argMax(ended, _offset) AS ended
FROM tracking_events
WHERE _unreadable = ''
GROUP BY order_id, shipment_id, party, number
COMMENT 'Every parcel that a carrier has said something of, as it stands';

CREATE OR REPLACE VIEW v_tracking_misses
(
    party LowCardinality(String) COMMENT 'the carrier''s account',
    day Date COMMENT 'on which they happened',
    scans UInt64 COMMENT 'that were heard of, by a push or an answer',
    missed UInt64 COMMENT 'of them, that an answer told of first'
)
AS SELECT party, toDate(at) AS day, uniqExact(_partition, _offset) AS scans, uniqExactIf((_partition, _offset), origin = 'cron') AS missed
FROM tracking_events
WHERE _unreadable = '' AND origin IN ('webhook', 'cron') AND party IN (SELECT party FROM tracking_events WHERE _unreadable = '' AND origin = 'webhook')
GROUP BY party, day
COMMENT 'Scans that a carrier who pushes has not pushed, or later than it was asked: each was told by an answer first';
