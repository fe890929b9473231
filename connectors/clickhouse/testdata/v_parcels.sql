CREATE VIEW v_parcels
(
    `order_id` String COMMENT 'party/reference',
    `shipment_id` String COMMENT 'of which it is a parcel',
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `carrier` String COMMENT 'in whose words it was told',
    `number` String COMMENT 'that the parcel is tracked by',
    `standing` String COMMENT 'how it stands, of all that was heard of it; empty: nothing says that yet',
    `since` DateTime64(3, 'UTC') COMMENT 'since when',
    `origin` LowCardinality(String) COMMENT 'how that was first heard of: webhook, cron, manual or feed',
    `heard_at` DateTime64(3, 'UTC') COMMENT 'when something new was heard of it last',
    `ended` Bool COMMENT 'nobody asks for it any more'
)
COMMENT 'Every parcel that a carrier has said something of, as it stands'
AS SELECT
    order_id,
    shipment_id,
    party,
    argMax(carrier, _offset) AS carrier,
    number,
    argMax(standing, _offset) AS standing,
    argMax(standing_at, _offset) AS since,
    argMaxIf(origin, _offset, counts) AS origin,
    max(heard_at) AS heard_at,
    argMax(ended, _offset) AS ended
FROM tracking_events
WHERE _unreadable = ''
GROUP BY
    order_id,
    shipment_id,
    party,
    number
