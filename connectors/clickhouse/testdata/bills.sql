CREATE TABLE bills
(
    `invoice` String COMMENT 'SHA-256 of the file; with the row it names the bill',
    `row` UInt32 COMMENT 'of the file',
    `file` String COMMENT 'what it was called',
    `number` String COMMENT 'that the carrier tracks the parcel by; empty: the reference says which it is',
    `reference` String COMMENT 'ours in the carrier\'s field, or the carrier\'s own name of the booking',
    `charge` String COMMENT 'what is billed, in the carrier\'s words; empty: all there is',
    `amount` Decimal(38, 4) COMMENT 'in major units of its currency; below 0: it is given back',
    `currency` LowCardinality(String) COMMENT 'ISO 4217',
    `at` DateTime64(3, 'UTC') COMMENT 'when it was read; of two readings of a row the later one stands'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (invoice, row)
SETTINGS index_granularity = 8192
COMMENT 'What carriers ask for parcels, by their invoices, as waybill prove labels has read them'
