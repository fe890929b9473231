CREATE VIEW v_catalogue
(
    `party` LowCardinality(String) COMMENT 'the configured account that offers it',
    `offer_ref` String COMMENT 'the offer\'s reference there',
    `sku` String COMMENT 'the seller\'s own article number',
    `quantity` String COMMENT 'how much of the article one sold piece is, decimal text',
    `unit` String COMMENT 'of that quantity',
    `stock_unit` String COMMENT 'unit the warehouse counts the article in; empty: the same',
    `components_sku` Array(String) COMMENT 'what a bundle consists of; empty for an article of its own: sku',
    `components_quantity` Array(String) COMMENT 'what a bundle consists of; empty for an article of its own: in one bundle, decimal text',
    `components_unit` Array(String) COMMENT 'what a bundle consists of; empty for an article of its own: unit',
    `components_stock_unit` Array(String) COMMENT 'what a bundle consists of; empty for an article of its own: stock unit',
    `components_price` Array(Nullable(Decimal(38, 4))) COMMENT 'what a bundle consists of; empty for an article of its own: what all of it in one bundle costs alone; the price of the bundle is shared out in that proportion, in major units of its currency',
    `components_price_currency` Array(LowCardinality(String)) COMMENT 'what a bundle consists of; empty for an article of its own: what all of it in one bundle costs alone; the price of the bundle is shared out in that proportion: currency, ISO 4217',
    `price` Nullable(Decimal(38, 4)) COMMENT 'the price the seller asks, to compare with what was paid, in major units of its currency',
    `price_currency` LowCardinality(String) COMMENT 'the price the seller asks, to compare with what was paid: currency, ISO 4217',
    `title` String COMMENT 'title',
    `eans` Array(String) COMMENT 'eans',
    `at` DateTime64(3, 'UTC') COMMENT 'when it was set',
    `by` String COMMENT 'who set it',
    `reason` String COMMENT 'reason',
    `grams` Int64 COMMENT 'what one sold piece weighs; 0: nobody says',
    `_partition` Int32 COMMENT 'partition of the topic',
    `_offset` Int64 COMMENT 'offset in the partition; with it the row\'s identity',
    `_at` DateTime64(3, 'UTC') COMMENT 'time of the record',
    `_key` String COMMENT 'key of the record',
    `_event_id` String COMMENT 'position of its cause plus an index',
    `_cause` String COMMENT 'topic/partition/offset of the record that led to it',
    `_origin` LowCardinality(String) COMMENT 'webhook, poll, cron, feed, manual or replay',
    `_run_id` LowCardinality(String) COMMENT 'which run of which step wrote it',
    `_mode` LowCardinality(String) COMMENT 'live, repair, dry_run or shadow',
    `_mapping_version` LowCardinality(String) COMMENT 'the mapping that made it, such as allegro/1',
    `_traceparent` String COMMENT 'W3C Trace Context',
    `_unreadable` String COMMENT 'why the value could not be read; empty: it could',
    `_unreadable_value` String COMMENT 'the value that could not be read, byte for byte',
    `_deleted` Bool COMMENT 'the record is a tombstone: it deletes its key'
)
COMMENT 'The latest of every party/offer of id.catalogue that was not deleted'
AS SELECT
    party,
    offer_ref,
    sku,
    quantity,
    unit,
    stock_unit,
    components_sku,
    components_quantity,
    components_unit,
    components_stock_unit,
    components_price,
    components_price_currency,
    price,
    price_currency,
    title,
    eans,
    at,
    by,
    reason,
    grams,
    _partition,
    _offset,
    _at,
    _key,
    _event_id,
    _cause,
    _origin,
    _run_id,
    _mode,
    _mapping_version,
    _traceparent,
    _unreadable,
    _unreadable_value,
    _deleted
FROM
(
    SELECT *
    FROM id_catalogue
    WHERE _unreadable = ''
    ORDER BY
        _key ASC,
        _offset DESC
    LIMIT 1 BY _key
)
WHERE NOT _deleted
