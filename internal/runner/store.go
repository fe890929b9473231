package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Store writes what came in by a door. It answers when the brokers have it, with all replicas (invariant 1).
type Store struct {
	client   *kgo.Client
	registry *schemas.Registry
}

// storeTimeout bounds how long a record is tried, whatever the door that stores it is ready to wait.
const storeTimeout = time.Minute

// NewStore prepares the producer of the doors; it connects at the first message.
func NewStore(kafka []kgo.Opt, registry *schemas.Registry) (*Store, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(0), kgo.ProducerBatchMaxBytesFn(batchBytes), kgo.MaxBufferedBytes(64 << 20),
		kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)),
	}, kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("prepare the producer of the doors: %w", err)
	}
	return &Store{client: client, registry: registry}, nil
}

// batchBytes is how large a batch of records may become: the brokers refuse one that is larger than its topic takes.
func batchBytes(topic string) int32 {
	if t := topics.Named(topic); t != nil {
		return int32(t.MessageBytes)
	}
	return 1 << 20
}

// Store writes all messages, in order; one without a value deletes its key. An error means that some may not be there: the sender sends
// them again.
func (s *Store) Store(ctx context.Context, messages []topics.Message) error {
	records := make([]*kgo.Record, len(messages))
	var memory memory
	for i := range messages {
		m := &messages[i]
		var value []byte // of no value: what its headers say is all
		if m.Value != nil {
			encoded, err := s.registry.Encode(ctx, memory.room(), m.Topic.Subject(), m.Topic.Schema, m.Value)
			if err != nil {
				return fmt.Errorf("store a message on %s: %w", m.Topic.Name, err)
			}
			value = memory.used(encoded)
		}
		headers := make([]kgo.RecordHeader, len(m.Headers))
		for j, h := range m.Headers {
			headers[j] = kgo.RecordHeader{Key: h.Key, Value: h.Value}
		}
		records[i] = &kgo.Record{Topic: m.Topic.Name, Key: []byte(m.Key), Value: value, Headers: headers}
	}
	if err := s.send(ctx, records); err != nil {
		return fmt.Errorf("store %d messages: %w", len(messages), err)
	}
	return nil
}

// send waits until the brokers have all records, or for no longer than a sender is kept waiting: the client itself tries on
// for ever with what may have arrived.
func (s *Store) send(ctx context.Context, records []*kgo.Record) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	answers := make(chan error, len(records))
	for _, r := range records {
		s.client.Produce(ctx, r, func(_ *kgo.Record, err error) { answers <- err })
	}
	for range records {
		select {
		case err := <-answers:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return fmt.Errorf("no answer from the brokers: %w", context.Cause(ctx))
		}
	}
	return nil
}

// Close ends the producer; what was not acknowledged was not accepted.
func (s *Store) Close() { s.client.Close() }
