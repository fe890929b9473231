CREATE VIEW v_journeys
(
    `order_id` String COMMENT 'party/reference',
    `shipment_id` String COMMENT 'of which it is a parcel',
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `number` String COMMENT 'that the parcel is tracked by',
    `service` String COMMENT 'the carrier\'s product that was booked; empty: what the account says',
    `country` String COMMENT 'where it goes, ISO 3166-1 alpha-2; empty: nobody has said it',
    `left_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when its carrier had it first',
    `expected_first` Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was to be delivered, as its carrier said first',
    `expected_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when it is to be delivered, as its carrier said last',
    `deliver_by` Nullable(DateTime64(3, 'UTC')) COMMENT 'as its buyer was promised',
    `delivered_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was',
    `ended` Bool COMMENT 'nobody asks for it any more'
)
COMMENT 'Every parcel from its carrier\'s first scan to its delivery, with what was promised and expected'
AS SELECT
    p.order_id AS order_id,
    p.shipment_id AS shipment_id,
    p.party AS party,
    p.number AS number,
    s.service AS service,
    s.country AS country,
    p.left_at AS left_at,
    p.expected_first AS expected_first,
    p.expected_at AS expected_at,
    s.deliver_by AS deliver_by,
    p.delivered_at AS delivered_at,
    p.ended AS ended
FROM
(
    SELECT
        order_id,
        shipment_id,
        party,
        number,
        minOrNullIf(at, (status IN ('picked_up', 'in_transit', 'out_for_delivery'))) AS left_at,
        argMinOrNullIf(tracking_events.expected_at, _offset, isNotNull(tracking_events.expected_at)) AS expected_first,
        argMaxOrNullIf(tracking_events.expected_at, _offset, isNotNull(tracking_events.expected_at)) AS expected_at,
        if(argMax(standing, _offset) = 'delivered', argMax(standing_at, _offset), NULL) AS delivered_at,
        argMax(tracking_events.ended, _offset) AS ended
    FROM tracking_events
    WHERE _unreadable = ''
    GROUP BY
        order_id,
        shipment_id,
        party,
        number
) AS p
LEFT JOIN
(
    SELECT
        shipment_id,
        argMaxIf(shipments.service, _offset, state = 'labelled') AS service,
        argMaxIf(to_country, _offset, to_country != '') AS country,
        argMaxOrNullIf(shipments.deliver_by, _offset, isNotNull(shipments.deliver_by)) AS deliver_by
    FROM shipments
    WHERE _unreadable = ''
    GROUP BY shipment_id
) AS s ON s.shipment_id = p.shipment_id
