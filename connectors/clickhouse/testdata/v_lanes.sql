CREATE VIEW v_lanes
(
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `service` String COMMENT 'the carrier\'s product; empty: what the account says',
    `country` String COMMENT 'where parcels go, ISO 3166-1 alpha-2',
    `parcels` UInt64 COMMENT 'that were delivered in the last 90 days',
    `since` Nullable(DateTime64(3, 'UTC')) COMMENT 'when the first of them left',
    `hours_p50` Float64 COMMENT 'half of them took no longer, from the carrier\'s first scan to the delivery',
    `hours_p90` Float64 COMMENT 'nine of ten took no longer',
    `expected` UInt64 COMMENT 'of them, whose carrier had said when',
    `error_hours` Nullable(Float64) COMMENT 'how far off its first word was, on average (MAE); null: it said nothing'
)
COMMENT 'How long parcels take, by carrier, product and country, and how far off their carriers\' own word was'
AS SELECT
    party,
    service,
    country,
    count() AS parcels,
    min(left_at) AS since,
    quantile(0.5)(dateDiff('minute', left_at, delivered_at) / 60) AS hours_p50,
    quantile(0.9)(dateDiff('minute', left_at, delivered_at) / 60) AS hours_p90,
    countIf(isNotNull(expected_first)) AS expected,
    avgIf(abs(dateDiff('minute', expected_first, delivered_at)) / 60, isNotNull(expected_first)) AS error_hours
FROM v_journeys
WHERE isNotNull(left_at) AND isNotNull(delivered_at) AND (delivered_at > (now() - toIntervalDay(90)))
GROUP BY
    party,
    service,
    country
