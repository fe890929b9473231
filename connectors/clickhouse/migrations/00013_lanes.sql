-- +goose NO TRANSACTION
-- +goose Up
CREATE OR REPLACE VIEW v_journeys
(
    order_id String COMMENT 'party/reference',
    shipment_id String COMMENT 'of which it is a parcel',
    party LowCardinality(String) COMMENT 'the carrier''s account',
    number String COMMENT 'that the parcel is tracked by',
    service String COMMENT 'the carrier''s product that was booked; empty: what the account says',
    country String COMMENT 'where it goes, ISO 3166-1 alpha-2; empty: nobody has said it',
    left_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when its carrier had it first',
    expected_first Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was to be delivered, as its carrier said first',
    expected_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it is to be delivered, as its carrier said last',
    deliver_by Nullable(DateTime64(3, 'UTC')) COMMENT 'as its buyer was promised',
    delivered_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was',
    ended Bool COMMENT 'nobody asks for it any more'
)
AS SELECT p.order_id AS order_id, p.shipment_id AS shipment_id, p.party AS party, p.number AS number, s.service AS service, s.country AS country, p.left_at AS left_at,
    p.expected_first AS expected_first, p.expected_at AS expected_at, s.deliver_by AS deliver_by, p.delivered_at AS delivered_at, p.ended AS ended
FROM
(
    SELECT order_id, shipment_id, party, number, minOrNullIf(at, status IN ('picked_up', 'in_transit', 'out_for_delivery')) AS left_at,
        argMinOrNullIf(tracking_events.expected_at, _offset, isNotNull(tracking_events.expected_at)) AS expected_first,
        argMaxOrNullIf(tracking_events.expected_at, _offset, isNotNull(tracking_events.expected_at)) AS expected_at,
        if(argMax(standing, _offset) = 'delivered', argMax(standing_at, _offset), NULL) AS delivered_at, argMax(tracking_events.ended, _offset) AS ended
    FROM tracking_events
    WHERE _unreadable = ''
    GROUP BY order_id, shipment_id, party, number
) AS p
LEFT JOIN
(
    SELECT shipment_id, argMaxIf(shipments.service, _offset, state = 'labelled') AS service, argMaxIf(to_country, _offset, to_country != '') AS country,
        argMaxOrNullIf(shipments.deliver_by, _offset, isNotNull(shipments.deliver_by)) AS deliver_by
    FROM shipments
    WHERE _unreadable = ''
    GROUP BY shipment_id
) AS s ON s.shipment_id = p.shipment_id
COMMENT 'Every parcel from its carrier''s first scan to its delivery, with what was promised and expected';

CREATE OR REPLACE VIEW v_lanes
(
    party LowCardinality(String) COMMENT 'the carrier''s account',
    service String COMMENT 'the carrier''s product; empty: what the account says',
    country String COMMENT 'where parcels go, ISO 3166-1 alpha-2',
    parcels UInt64 COMMENT 'that were delivered in the last 90 days',
    since Nullable(DateTime64(3, 'UTC')) COMMENT 'when the first of them left',
    hours_p50 Float64 COMMENT 'half of them took no longer, from the carrier''s first scan to the delivery',
    hours_p90 Float64 COMMENT 'nine of ten took no longer',
    expected UInt64 COMMENT 'of them, whose carrier had said when',
    error_hours Nullable(Float64) COMMENT 'how far off its first word was, on average (MAE); null: it said nothing'
)
AS SELECT party, service, country, count() AS parcels, min(left_at) AS since, quantile(0.5)(dateDiff('minute', left_at, delivered_at) / 60) AS hours_p50,
    quantile(0.9)(dateDiff('minute', left_at, delivered_at) / 60) AS hours_p90, countIf(isNotNull(expected_first)) AS expected,
    avgIf(abs(dateDiff('minute', expected_first, delivered_at)) / 60, isNotNull(expected_first)) AS error_hours
FROM v_journeys
WHERE isNotNull(left_at) AND isNotNull(delivered_at) AND delivered_at > now() - INTERVAL 90 DAY
GROUP BY party, service, country
COMMENT 'How long parcels take, by carrier, product and country, and how far off their carriers'' own word was';

CREATE OR REPLACE VIEW v_expected
(
    order_id String COMMENT 'party/reference',
    shipment_id String COMMENT 'of which it is a parcel',
    party LowCardinality(String) COMMENT 'the carrier''s account',
    number String COMMENT 'that the parcel is tracked by',
    left_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when its carrier had it first',
    expected_at Nullable(DateTime64(3, 'UTC')) COMMENT 'as its carrier said last',
    p50 Nullable(DateTime64(3, 'UTC')) COMMENT 'half of the parcels of its lane had arrived by then; null: none has yet',
    p90 Nullable(DateTime64(3, 'UTC')) COMMENT 'nine of ten had',
    deliver_by Nullable(DateTime64(3, 'UTC')) COMMENT 'as its buyer was promised',
    endangered Bool COMMENT 'its carrier, or nine of ten of its lane, say that it arrives later than that'
)
AS SELECT j.order_id AS order_id, j.shipment_id AS shipment_id, j.party AS party, j.number AS number, j.left_at AS left_at, j.expected_at AS expected_at,
    if(l.parcels > 0, j.left_at + toIntervalMinute(toInt64(l.hours_p50 * 60)), NULL) AS p50,
    if(l.parcels > 0, j.left_at + toIntervalMinute(toInt64(l.hours_p90 * 60)), NULL) AS p90, j.deliver_by AS deliver_by,
    ifNull(coalesce(j.expected_at, p90) > j.deliver_by, false)::Bool AS endangered
FROM v_journeys AS j
LEFT JOIN v_lanes AS l ON l.party = j.party AND l.service = j.service AND l.country = j.country
WHERE NOT j.ended
COMMENT 'Every parcel on its way: when it arrives, as its carrier says and as its lane has been, and whether that is too late';
