package embeddedtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Store keeps messages of one topic on a broker, as the doors' own does, and tells what lies there.
type Store struct {
	*Broker
	t        testing.TB
	topic    *topics.Topic
	client   *kgo.Client
	registry *schemas.Registry
}

// StartStore starts a broker with that topic, and a registry; both end with the test.
func StartStore(t testing.TB, topic *topics.Topic) *Store {
	t.Helper()
	s := &Store{Broker: StartBroker(t), t: t, topic: topic}
	var err error
	if s.registry, err = schemas.NewRegistry(Registry(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.registry.Register(t.Context(), topic.Subject(), topic.Schema); err != nil {
		t.Fatal(err)
	}
	s.client, err = kgo.NewClient(append(Quick(), kgo.SeedBrokers(s.Brokers()...), kgo.ProducerLinger(0), kgo.ProducerBatchMaxBytes(int32(topic.MessageBytes)))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.client.Close)
	bytesMax := fmt.Sprint(topic.MessageBytes)
	made, err := kadm.NewClient(s.client).CreateTopic(t.Context(), 2, 1, map[string]*string{"max.message.bytes": &bytesMax}, topic.Name)
	if err != nil || made.Err != nil {
		t.Fatal(err, made.Err)
	}
	return s
}

// Store returns when the broker has the messages.
func (s *Store) Store(ctx context.Context, messages []topics.Message) error {
	records := make([]*kgo.Record, len(messages))
	for i, m := range messages {
		value, err := s.registry.Encode(ctx, nil, m.Topic.Subject(), m.Topic.Schema, m.Value)
		if err != nil {
			return err
		}
		records[i] = &kgo.Record{Topic: m.Topic.Name, Key: []byte(m.Key), Value: value}
	}
	return s.client.ProduceSync(ctx, records...).FirstErr()
}

// Count is how many records lie on the topic.
func (s *Store) Count() (n int) {
	s.t.Helper()
	ends, err := kadm.NewClient(s.client).ListEndOffsets(s.t.Context(), s.topic.Name)
	if err != nil {
		s.t.Fatal(err)
	}
	ends.Each(func(o kadm.ListedOffset) { n += int(o.Offset) })
	return n
}

// Each decodes every record that lies on the topic into a value that next makes, a pointer to the topic's type.
func (s *Store) Each(next func() any) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	reader, err := kgo.NewClient(append(Quick(), kgo.SeedBrokers(s.Brokers()...), kgo.ConsumeTopics(s.topic.Name))...)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reader.Close()
	for left := s.Count(); left > 0; {
		fetched := reader.PollFetches(ctx)
		if err := fetched.Err(); err != nil {
			s.t.Fatalf("read what lies on %s: %v", s.topic.Name, err)
		}
		for r := range fetched.RecordsAll() {
			if err := s.registry.Decode(ctx, s.topic.Schema, r.Value, next()); err != nil {
				s.t.Fatal(err)
			}
			left--
		}
	}
}
