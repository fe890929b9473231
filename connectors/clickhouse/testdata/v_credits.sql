CREATE VIEW v_credits
(
    `shipment_id` String COMMENT 'of which it is a part',
    `order_id` String COMMENT 'party/reference',
    `ref` String COMMENT 'what the ERP calls the shipment',
    `part` Int64 COMMENT 'which booking of the shipment',
    `parts` Int64 COMMENT 'how many bookings it took',
    `generation` Int64 COMMENT 'for the how many-th time a label was asked for',
    `party` LowCardinality(String) COMMENT 'the channel\'s account that sold it',
    `carrier` LowCardinality(String) COMMENT 'the account that owes its price',
    `numbers` Array(String) COMMENT 'that its parcels were tracked by',
    `booking_ref` String COMMENT 'the carrier\'s name of the booking',
    `cost` Decimal(38, 4) COMMENT 'what the carrier said that it costs, in major units; 0: it did not say',
    `cost_currency` LowCardinality(String) COMMENT 'ISO 4217',
    `voided_at` DateTime64(3, 'UTC') COMMENT 'when the carrier took it back',
    `billed` Decimal(38, 4) COMMENT 'what the invoices that are kept ask for it, less what they give back',
    `billed_currency` LowCardinality(String) COMMENT 'ISO 4217; empty: no invoice has it',
    `given_back` Bool COMMENT 'an invoice gives something back for it',
    `state` LowCardinality(String) COMMENT 'open, credited or charged',
    `settled_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'since when it is settled; null: it is open',
    `settled_by` String COMMENT 'who said so',
    `why` String COMMENT 'and how they know'
)
COMMENT 'Every label that was taken back, and whether its money is'
AS SELECT
    v.shipment_id AS shipment_id,
    order_id,
    ref,
    v.part AS part,
    parts,
    v.generation AS generation,
    party,
    carrier,
    numbers,
    booking_ref,
    cost,
    cost_currency,
    voided_at,
    billed,
    billed_currency,
    given_back,
    if((answer.1) = '', 'open', answer.1) AS state,
    if((answer.1) = '', NULL, answer.2) AS settled_at,
    answer.3 AS settled_by,
    answer.4 AS why
FROM
(
    SELECT
        shipment_id,
        part,
        generation,
        any(shipments.order_id) AS order_id,
        any(toString(shipments.party)) AS party,
        any(toString(shipments.ref)) AS ref,
        max(shipments.parts) AS parts,
        argMaxIf(toString(shipments.carrier), _offset, shipments.state = 'voided') AS carrier,
        groupUniqArrayArrayIf(arrayFilter(n -> (n != ''), parcels_number), shipments.state = 'labelled') AS numbers,
        argMaxIf(shipments.booking_ref, _offset, (shipments.state IN ('booked', 'labelled'))) AS booking_ref,
        ifNull(argMaxIf(shipments.cost, _offset, shipments.cost_currency != ''), 0) AS cost,
        max(toString(shipments.cost_currency)) AS cost_currency,
        minIf(at, shipments.state = 'voided') AS voided_at,
        argMaxIf((toString(shipments.state), at, by, shipments.why), _offset, (shipments.state IN ('credited', 'charged'))) AS answer
    FROM shipments
    WHERE _unreadable = ''
    GROUP BY
        shipment_id,
        part,
        generation
    HAVING (countIf(shipments.state = 'voided') > 0) AND (countIf(shipments.state IN ('booked', 'labelled')) > 0)
) AS v
LEFT JOIN
(
    SELECT
        shipment_id,
        part,
        generation,
        sum(amount) AS billed,
        max(toString(currency)) AS billed_currency,
        countIf(amount < 0) > 0 AS given_back
    FROM v_bills
    WHERE parcel != ''
    GROUP BY
        shipment_id,
        part,
        generation
) AS b ON (b.shipment_id = v.shipment_id) AND (b.part = v.part) AND (b.generation = v.generation)
