CREATE TABLE receipts
(
    `task_id` String COMMENT 'task id',
    `party` LowCardinality(String) COMMENT 'party',
    `kind` LowCardinality(String) COMMENT 'of the task',
    `order_id` String COMMENT 'order id',
    `attempt` Int64 COMMENT 'the number of the call, from 1',
    `asked` Bool COMMENT 'it only asked what had become of an earlier call',
    `outcome` String COMMENT 'done, absent, needless, failed or not_accepted',
    `class` LowCardinality(String) COMMENT 'of a failure',
    `code` LowCardinality(String) COMMENT 'of a failure, as the party names it',
    `their_ref` String COMMENT 'what the party calls what was made',
    `release` String COMMENT 'of Waybill, whose connector spoke',
    `at` DateTime64(3, 'UTC') COMMENT 'when the call began',
    `took_ms` Int64 COMMENT 'took ms',
    `exchanges_method` Array(LowCardinality(String)) COMMENT 'exchanges: method',
    `exchanges_path` Array(String) COMMENT 'exchanges: path',
    `exchanges_query` Array(String) COMMENT 'exchanges: as it stood behind the path; empty: none',
    `exchanges_query_key_id` Array(String) COMMENT 'exchanges: as it stood behind the path; empty: none: key it is encrypted with; empty: none',
    `exchanges_headers` Array(String) COMMENT 'exchanges: that were sent, a line each; what proves who asks is left out',
    `exchanges_sent` Array(String) COMMENT 'exchanges: secrets are left out; empty if it was empty, or is too long to be kept',
    `exchanges_sent_key_id` Array(String) COMMENT 'exchanges: secrets are left out; empty if it was empty, or is too long to be kept: key it is encrypted with; empty: none',
    `exchanges_sent_bytes` Array(Int64) COMMENT 'exchanges: on the wire',
    `exchanges_sent_sha256` Array(String) COMMENT 'exchanges: of the bytes on the wire, in hex; empty of a request that holds a secret alone',
    `exchanges_status` Array(Int64) COMMENT 'exchanges: of the answer (RFC 9110 §15); 0: none came',
    `exchanges_said` Array(String) COMMENT 'exchanges: what was answered, likewise',
    `exchanges_said_key_id` Array(String) COMMENT 'exchanges: what was answered, likewise: key it is encrypted with; empty: none',
    `exchanges_said_bytes` Array(Int64) COMMENT 'exchanges: said bytes',
    `exchanges_at` Array(DateTime64(3, 'UTC')) COMMENT 'exchanges: at',
    `exchanges_took_ms` Array(Int64) COMMENT 'exchanges: until the answer was read',
    `reason` String COMMENT 'why nobody was called; no personal data',
    `parts` Array(String) COMMENT 'what the call has in common with others, and may fail by alone, the widest first: storefront allegro-cz, service V01PAK',
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
ORDER BY (order_id, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'receipts: every call about an order at a party: what was sent, byte for byte, and what was answered'
