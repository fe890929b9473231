package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/embedded"
	"waybill/internal/embedded/embeddedtest"
	"waybill/topics"
)

// A list of what waits once came out empty, because the broker was busy for some seconds when it was asked.
func TestATopicIsReadWholeFromABrokerThatIsSlow(t *testing.T) {
	t.Parallel()
	broker := embeddedtest.StartBroker(t)
	if broker.Real() {
		t.Skip("a real broker is not slow when it is told to be")
	}
	s := &stack{brokers: broker.Brokers(), kafka: onThisMachine(broker.Brokers()), running: &embedded.Instance{}}
	client, err := kgo.NewClient(s.kafka...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := kadm.NewClient(client).CreateTopic(t.Context(), 3, 1, nil, topics.Trash.Name); err != nil {
		t.Fatal(err)
	}
	const records = 30
	for n := range int32(records) {
		client.Produce(t.Context(), &kgo.Record{Topic: topics.Trash.Name, Key: []byte{byte(n)}, Value: []byte("entry")}, nil)
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}

	var asked atomic.Bool
	broker.Cluster().ControlKey(kmsg.Fetch.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		if !asked.Swap(true) {
			time.Sleep(5 * time.Second)
		}
		return nil, nil, false
	})
	read := 0
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.readTopic(ctx, topics.Trash, func(*kgo.Record) error { read++; return nil }); err != nil || read != records {
		t.Errorf("read %d of %d records: %v", read, records, err)
	}
	if !asked.Load() {
		t.Error("the broker was never slow")
	}
}
