package landing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// reader reads ranges of partitions, read_committed, to their very end. A consumer only gives records, and the end of a range
// may have none: its last ones can be markers, or aborted, or gone by compaction. So it fetches by itself and knows its
// position.
type reader struct {
	client *kgo.Client
}

// cutOff is a log that ends before a range that was read from it.
type cutOff struct {
	at   place
	end  int64
	span Span
}

func (c *cutOff) Error() string {
	return fmt.Sprintf("%s/%d ends at offset %d, before the promised range [%d,%d): has the broker lost records?",
		c.at.topic, c.at.partition, c.end, c.span.From, c.span.To)
}

// collect returns the records that are left of the range.
func (r *reader) collect(ctx context.Context, at place, span Span) ([]*kgo.Record, error) {
	records := make([]*kgo.Record, 0, span.Records)
	err := r.read(ctx, at, span, func(piece []*kgo.Record) (bool, error) {
		records = append(records, piece...)
		return true, nil
	})
	return records, err
}

// read hands the records of the range to each, piece by piece, until the whole range has been passed or each wants no more.
// What retention has deleted is passed as if it were empty. It waits for a transaction that holds the range up.
func (r *reader) read(ctx context.Context, at place, span Span, each func([]*kgo.Record) (more bool, err error)) error {
	for position := span.From; position < span.To; {
		answer, err := r.fetch(ctx, at, position)
		switch {
		case errors.Is(err, kerr.OffsetOutOfRange):
			start, end, err := r.bounds(ctx, at)
			if err != nil {
				return err
			}
			if end < span.To {
				return &cutOff{at, end, span}
			}
			if start <= position {
				return fmt.Errorf("read %s/%d at offset %d: %w", at.topic, at.partition, position, kerr.OffsetOutOfRange)
			}
			position = start
			continue
		case err != nil:
			return fmt.Errorf("read %s/%d at offset %d: %w", at.topic, at.partition, position, err)
		case answer.HighWatermark < span.To:
			return &cutOff{at, answer.HighWatermark, span}
		}
		records, next, err := parse(at, position, answer)
		if err != nil {
			return fmt.Errorf("read %s/%d at offset %d: %w", at.topic, at.partition, position, err)
		}
		if more, err := each(before(records, span.To)); err != nil || !more {
			return err
		}
		if next == position && answer.LastStableOffset >= span.To && len(answer.RecordBatches) == 0 {
			return nil // nothing is left up to there
		}
		position = next
	}
	return nil
}

// parse takes the records out of an answer, without markers and what was aborted.
func parse(at place, position int64, answer *kmsg.FetchResponseTopicPartition) (records []*kgo.Record, next int64, err error) {
	options := kgo.ProcessFetchPartitionOpts{
		Offset: position, Topic: at.topic, Partition: at.partition, IsolationLevel: kgo.ReadCommitted(),
	}
	fetched, next := kgo.ProcessFetchPartition(options, answer, kgo.DefaultDecompressor(), nil)
	if fetched.Err == nil && next == position && len(answer.RecordBatches) > 0 {
		return nil, 0, errors.New("the broker's answer holds no whole batch")
	}
	return fetched.Records, next, fetched.Err
}

func before(records []*kgo.Record, to int64) []*kgo.Record {
	for len(records) > 0 && records[len(records)-1].Offset >= to {
		records = records[:len(records)-1]
	}
	return records
}

// fetch asks the partition's leader for what stands at the position and behind it.
func (r *reader) fetch(ctx context.Context, at place, position int64) (*kmsg.FetchResponseTopicPartition, error) {
	leader, id, err := r.leader(ctx, at, 0)
	if err != nil {
		return nil, err
	}
	request := kmsg.NewPtrFetchRequest()
	request.MaxWaitMillis = fetchMilliseconds
	request.MinBytes = 1
	request.MaxBytes = fetchBytesMax
	request.IsolationLevel = 1
	topic := kmsg.NewFetchRequestTopic()
	topic.Topic, topic.TopicID = at.topic, id
	partition := kmsg.NewFetchRequestTopicPartition()
	partition.Partition = at.partition
	partition.FetchOffset = position
	partition.PartitionMaxBytes = fetchPartitionBytesMax
	topic.Partitions = append(topic.Partitions, partition)
	request.Topics = append(request.Topics, topic)
	answer, err := r.client.Broker(int(leader)).RetriableRequest(ctx, request)
	if err != nil {
		return nil, err
	}
	fetched := answer.(*kmsg.FetchResponse)
	if err := kerr.ErrorForCode(fetched.ErrorCode); err != nil {
		return nil, err
	}
	if len(fetched.Topics) != 1 || len(fetched.Topics[0].Partitions) != 1 {
		return nil, errors.New("the broker did not answer for this partition")
	}
	found := &fetched.Topics[0].Partitions[0]
	err = kerr.ErrorForCode(found.ErrorCode)
	if kerr.IsRetriable(err) {
		_, _, _ = r.leader(ctx, at, time.Nanosecond) // it may have moved: the next try finds it
	}
	return found, err
}

// leader is who has the partition, as known for no longer than age; 0 is the client's usual.
func (r *reader) leader(ctx context.Context, at place, age time.Duration) (leader int32, topicID [16]byte, err error) {
	request := kmsg.NewPtrMetadataRequest()
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = &at.topic
	request.Topics = append(request.Topics, topic)
	answer, err := r.client.RequestCachedMetadata(ctx, request, age)
	if err != nil {
		return 0, topicID, err
	}
	for _, t := range answer.Topics {
		if err := kerr.ErrorForCode(t.ErrorCode); err != nil {
			return 0, topicID, err
		}
		for _, p := range t.Partitions {
			if p.Partition == at.partition {
				return p.Leader, t.TopicID, kerr.ErrorForCode(p.ErrorCode)
			}
		}
	}
	return 0, topicID, kerr.UnknownTopicOrPartition
}
