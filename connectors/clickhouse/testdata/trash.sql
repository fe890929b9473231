CREATE TABLE trash
(
    `trash_id` String COMMENT 'step/topic/partition/offset of the message',
    `step` LowCardinality(String) COMMENT 'the step that could not handle it',
    `state` LowCardinality(String) COMMENT 'open, waiting, repaired or dismissed',
    `class` LowCardinality(String) COMMENT 'invalid, malformed, unknown_schema, unknown_party, exhausted, panic, missing_pair, incomplete or conflict',
    `reason` String COMMENT 'why it failed, for people; no personal data',
    `faults_code` Array(LowCardinality(String)) COMMENT 'faults: stable, for machines',
    `faults_path` Array(String) COMMENT 'faults: JSON path in what was sent',
    `faults_text` Array(String) COMMENT 'faults: for people',
    `fingerprint` String COMMENT 'equal for failures of one cause: step and codes, without ids',
    `attempts` Int64 COMMENT 'how often it was tried',
    `first_at` DateTime64(3, 'UTC') COMMENT 'arrival of the message that failed',
    `order_id` String COMMENT 'order id',
    `party` LowCardinality(String) COMMENT 'party',
    `seller` LowCardinality(String) COMMENT 'seller',
    `topic` LowCardinality(String) COMMENT 'topic',
    `partition` Int32 COMMENT 'partition',
    `offset` Int64 COMMENT 'offset',
    `key` String COMMENT 'the message\'s key',
    `headers_name` Array(String) COMMENT 'headers: lower case',
    `headers_value` Array(String) COMMENT 'headers: value',
    `value` String COMMENT 'the message\'s value, byte for byte; null above 256 KiB and once closed',
    `value_key_id` String COMMENT 'the message\'s value, byte for byte; null above 256 KiB and once closed: key it is encrypted with; empty: none',
    `value_sha256` String COMMENT 'of the value, hexadecimal',
    `resolution` String COMMENT 'what closed it',
    `did` String COMMENT 'what an operator did last: retried, edited, dismissed or imported; empty: nothing yet',
    `by` String COMMENT 'who did it',
    `why` String COMMENT 'why, in their words; no personal data',
    `job` String COMMENT 'the job that did it, if it was one of many',
    `ship_by` Nullable(DateTime64(3, 'UTC')) COMMENT 'when the order has to have left; null: its message did not say, or the entry is closed',
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
ORDER BY (trash_id, _partition, _offset)
SETTINGS non_replicated_deduplication_window = 10000, deduplicate_merge_projection_mode = 'rebuild', default_compression_codec = 'ZSTD(1)', index_granularity = 8192
COMMENT 'trash: one entry a failed message: bytes, reason, class, attempts, state'
