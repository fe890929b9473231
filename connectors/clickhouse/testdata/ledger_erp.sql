CREATE TABLE ledger_erp
(
    `task_task_id` String COMMENT 'task: task id',
    `task_party` LowCardinality(String) COMMENT 'task: party',
    `task_kind` LowCardinality(String) COMMENT 'task: kind',
    `task_order_id` String COMMENT 'task: order id',
    `task_holds` Array(String) COMMENT 'task: holds',
    `task_lane` String COMMENT 'task: lane',
    `task_sequence` Int64 COMMENT 'task: sequence',
    `task_deadline` Nullable(DateTime64(3, 'UTC')) COMMENT 'task: deadline',
    `task_payload` String COMMENT 'task: payload',
    `task_payload_key_id` String COMMENT 'task: payload: key it is encrypted with; empty: none',
    `offset` Int64 COMMENT 'of the task on its outbox: earlier ones come first',
    `state` LowCardinality(String) COMMENT 'open, intent, waiting, done, dropped, doubt or trashed; lane, paused, resumed, permitted or spent of what is no task',
    `attempts` Int64 COMMENT 'calls that were made, without those that only asked',
    `not_before` Nullable(DateTime64(3, 'UTC')) COMMENT 'of a waiting one, and of an intent that is to be asked about',
    `class` LowCardinality(String) COMMENT 'of the last failure',
    `code` LowCardinality(String) COMMENT 'of the last failure, as the party names it',
    `reason` String COMMENT 'of the last failure, for people; no personal data',
    `their_ref` String COMMENT 'what the party calls what was made: the number of its order, of its label',
    `receipt` String COMMENT 'the party\'s answer, without secrets and payment data',
    `receipt_key_id` String COMMENT 'the party\'s answer, without secrets and payment data: key it is encrypted with; empty: none',
    `at` DateTime64(3, 'UTC') COMMENT 'when this was written',
    `trash_trash_id` String COMMENT 'its entry in the trash, until that is closed: trash id',
    `trash_class` LowCardinality(String) COMMENT 'its entry in the trash, until that is closed: class',
    `trash_reason` String COMMENT 'its entry in the trash, until that is closed: reason',
    `trash_fingerprint` String COMMENT 'its entry in the trash, until that is closed: fingerprint',
    `trash_topic` LowCardinality(String) COMMENT 'its entry in the trash, until that is closed: topic',
    `trash_partition` Int32 COMMENT 'its entry in the trash, until that is closed: partition',
    `trash_offset` Int64 COMMENT 'its entry in the trash, until that is closed: offset',
    `trash_first_at` DateTime64(3, 'UTC') COMMENT 'its entry in the trash, until that is closed: first at',
    `trash_attempts` Int64 COMMENT 'its entry in the trash, until that is closed: attempts',
    `granted` Int64 COMMENT 'the attempts that there had been when a person last let it go: they do not count any more',
    `did` String COMMENT 'what an operator did last about it: retried, edited, dismissed, done or not_done; empty: nothing yet',
    `by` String COMMENT 'who did it, or who paused the party',
    `why` String COMMENT 'why, in their words; no personal data',
    `job` String COMMENT 'the job that did it, if it was one of many',
    `asked_at` DateTime64(3, 'UTC') COMMENT 'when the task came; 0: before this was written down',
    `boost_until` DateTime64(3, 'UTC') COMMENT 'a person\'s word that it goes before others for a while: until',
    `boost_by` String COMMENT 'a person\'s word that it goes before others for a while: by',
    `boost_why` String COMMENT 'a person\'s word that it goes before others for a while: why',
    `plan` String COMMENT 'hash of the approved plan that lets a repair make it; empty: it is live',
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
COMMENT 'ledger.erp: what became of the calls at erp'
