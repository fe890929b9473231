CREATE TABLE step_care
(
    `order_id` String COMMENT 'order id',
    `shipment_id` String COMMENT 'shipment id',
    `party` LowCardinality(String) COMMENT 'the carrier\'s account',
    `carrier` String COMMENT 'whose words it was in',
    `number` String COMMENT 'that the parcel is tracked by',
    `origin` LowCardinality(String) COMMENT 'how it was first heard of: webhook, cron, manual or feed',
    `status` LowCardinality(String) COMMENT 'created, picked_up, in_transit, out_for_delivery, at_pickup_point, failed_attempt, exception, delivered, returned, ignore or unknown',
    `at` DateTime64(3, 'UTC') COMMENT 'when it was so',
    `heard_at` DateTime64(3, 'UTC') COMMENT 'when it was first heard of',
    `zone` String COMMENT 'in which the time was read, where it came without one',
    `code` LowCardinality(String) COMMENT 'the carrier\'s own',
    `known` Bool COMMENT 'the code is in the carrier\'s vocabulary',
    `reason` String COMMENT 'the carrier\'s finer code',
    `said` String COMMENT 'in the carrier\'s words',
    `said_key_id` String COMMENT 'in the carrier\'s words: key it is encrypted with; empty: none',
    `location` String COMMENT 'a place of the carrier\'s',
    `terminal` Bool COMMENT 'nothing is expected to follow',
    `returning` Bool COMMENT 'on its way back to the sender',
    `linked` String COMMENT 'another number under which it goes on',
    `event_ref` String COMMENT 'the carrier\'s own name of it',
    `receiver_key_id` String COMMENT 'who took it, where that was told: key id',
    `receiver_name` String COMMENT 'who took it, where that was told: name',
    `receiver_company` String COMMENT 'who took it, where that was told: company',
    `receiver_street` String COMMENT 'who took it, where that was told: street',
    `receiver_postal_code` String COMMENT 'who took it, where that was told: postal code',
    `receiver_city` String COMMENT 'who took it, where that was told: city',
    `receiver_region` String COMMENT 'who took it, where that was told: region',
    `receiver_country` LowCardinality(String) COMMENT 'who took it, where that was told: country',
    `receiver_phone` String COMMENT 'who took it, where that was told: phone',
    `receiver_email` String COMMENT 'who took it, where that was told: email',
    `receiver_tax_id` String COMMENT 'who took it, where that was told: tax id',
    `receiver_login` String COMMENT 'who took it, where that was told: login',
    `trouble` String COMMENT 'what hinders the parcel: late, held, attempt, address, refused, not_collected, customs, damaged, lost or returning; empty: nothing',
    `expected_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when its carrier expects to deliver it, as far as it has said',
    `proofs_kind` Array(LowCardinality(String)) COMMENT 'of its delivery, that were kept with this: signature, photo or document',
    `proofs_type` Array(String) COMMENT 'of its delivery, that were kept with this: of its content: image/gif',
    `proofs_sha256` Array(String) COMMENT 'of its delivery, that were kept with this: of its bytes, which lie in the label store',
    `proofs_bytes` Array(Int64) COMMENT 'of its delivery, that were kept with this: bytes',
    `counts` Bool COMMENT 'the parcel stands as this says, since this was heard of',
    `why` String COMMENT 'it does not',
    `standing` String COMMENT 'how the parcel stands, of all that was heard of it; empty: nothing says that yet',
    `standing_at` DateTime64(3, 'UTC') COMMENT 'since when',
    `ended` Bool COMMENT 'nobody asks for it any more',
    `sequence` Int64 COMMENT 'greater each time the parcel stands otherwise',
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
    `_deleted` Bool COMMENT 'the record is a tombstone: it deletes its key',
    PROJECTION positions
    (
        SELECT
            _partition,
            _offset
        ORDER BY
            _partition,
            _offset
    )
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(_at)
ORDER BY (_key, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'step.care: what comes back to care: a repaired message, a retry, a wake-up'
