-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS bills
(
    invoice String COMMENT 'SHA-256 of the file; with the row it names the bill',
    row UInt32 COMMENT 'of the file',
    file String COMMENT 'what it was called',
    number String COMMENT 'that the carrier tracks the parcel by; empty: the reference says which it is',
    reference String COMMENT 'ours in the carrier''s field, or the carrier''s own name of the booking',
    charge String COMMENT 'what is billed, in the carrier''s words; empty: all there is',
    amount Decimal(38, 4) COMMENT 'in major units of its currency; below 0: it is given back',
    currency LowCardinality(String) COMMENT 'ISO 4217',
    at DateTime64(3, 'UTC') COMMENT 'when it was read; of two readings of a row the later one stands'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (invoice, row)
COMMENT 'What carriers ask for parcels, by their invoices, as waybill prove labels has read them';

CREATE OR REPLACE VIEW v_bills
(
    invoice String COMMENT 'SHA-256 of the file',
    file String COMMENT 'what it was called',
    row UInt32 COMMENT 'of the file',
    parcel String COMMENT 'the number of the parcel; of a booking of several that is billed as one our reference; empty: no label is known',
    shipment_id String COMMENT 'of which it is a parcel',
    part Int64 COMMENT 'which booking of the shipment',
    generation Int64 COMMENT 'for the how many-th time a label was asked for',
    carrier String COMMENT 'the account that booked it',
    named String COMMENT 'by the bill: the number, or the reference if there is none',
    charge String COMMENT 'what is billed; empty: all there is',
    amount Decimal(38, 4) COMMENT 'in major units of its currency',
    currency LowCardinality(String) COMMENT 'ISO 4217'
)
AS WITH labels AS
(
    SELECT name, argMax((parcel, shipment_id, part, generation, carrier), (stood, _offset)) AS of
    FROM
    (
        SELECT arrayJoin(arrayDistinct(arrayFilter(n -> n != '', arrayConcat(parcels_number, [reference, booking_ref])))) AS name,
            multiIf(has(parcels_number, name), name, length(parcels_number) = 1 AND parcels_number[1] != '', parcels_number[1], reference) AS parcel,
            shipment_id, part, generation, carrier, state = 'labelled' AS stood, _offset
        FROM shipments
        WHERE state IN ('booked', 'labelled') AND _unreadable = ''
    )
    GROUP BY name
)
SELECT invoice, file, row, label.of.1 AS parcel, label.of.2 AS shipment_id, label.of.3 AS part, label.of.4 AS generation, label.of.5 AS carrier,
    if(number != '', number, reference) AS named, charge, amount, currency
FROM (SELECT *, if(number IN (SELECT name FROM labels), number, reference) AS known FROM bills FINAL) AS bill
LEFT JOIN labels AS label ON label.name = bill.known
COMMENT 'Every bill, and the parcel that it is for';
