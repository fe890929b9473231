CREATE VIEW v_expected
(
    `order_id` String COMMENT 'party/reference',
    `shipment_id` String COMMENT 'of which it is a parcel',
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `number` String COMMENT 'that the parcel is tracked by',
    `left_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when its carrier had it first',
    `expected_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'as its carrier said last',
    `p50` Nullable(DateTime64(3, 'UTC')) COMMENT 'half of the parcels of its lane had arrived by then; null: none has yet',
    `p90` Nullable(DateTime64(3, 'UTC')) COMMENT 'nine of ten had',
    `deliver_by` Nullable(DateTime64(3, 'UTC')) COMMENT 'as its buyer was promised',
    `endangered` Bool COMMENT 'its carrier, or nine of ten of its lane, say that it arrives later than that'
)
COMMENT 'Every parcel on its way: when it arrives, as its carrier says and as its lane has been, and whether that is too late'
AS SELECT
    j.order_id AS order_id,
    j.shipment_id AS shipment_id,
    j.party AS party,
    j.number AS number,
    j.left_at AS left_at,
    j.expected_at AS expected_at,
    if(l.parcels > 0, j.left_at + toIntervalMinute(toInt64(l.hours_p50 * 60)), NULL) AS p50,
    if(l.parcels > 0, j.left_at + toIntervalMinute(toInt64(l.hours_p90 * 60)), NULL) AS p90,
    j.deliver_by AS deliver_by,
    CAST(ifNull(coalesce(j.expected_at, p90) > j.deliver_by, false), 'Bool') AS endangered
FROM v_journeys AS j
LEFT JOIN v_lanes AS l ON (l.party = j.party) AND (l.service = j.service) AND (l.country = j.country)
WHERE NOT j.ended
