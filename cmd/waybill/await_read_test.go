package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/config"
	"waybill/internal/credentials"
	"waybill/internal/embedded"
	"waybill/internal/embedded/embeddedtest"
	"waybill/topics"
)

// A demo once waited for ever for the landing to pass what a process that was stopped had written, and never committed.
func TestAGroupIsNotWaitedForThatHasNothingLeftButWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	broker := embeddedtest.StartBroker(t)
	s := &stack{brokers: broker.Brokers(), kafka: onThisMachine(broker.Brokers()), running: &embedded.Instance{}, config: &config.Config{}, login: &credentials.All{}}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.TransactionalID("given-up"), kgo.DefaultProduceTopic(topics.Trash.Name)}, s.kafka...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	if _, err := admin.CreateTopic(t.Context(), 1, 1, nil, topics.Trash.Name); err != nil {
		t.Fatal(err)
	}
	write := func(end kgo.TransactionEndTry) {
		t.Helper()
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		if err := client.ProduceSync(t.Context(), kgo.StringRecord("a"), kgo.StringRecord("b")).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if err := client.EndTransaction(t.Context(), end); err != nil {
			t.Fatal(err)
		}
	}
	read := func(group string, at int64) error {
		t.Helper()
		offsets := kadm.Offsets{}
		offsets.AddOffset(topics.Trash.Name, 0, at, -1)
		if err := admin.CommitAllOffsets(t.Context(), group, offsets); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 4*stillTime)
		defer cancel()
		return s.awaitRead(ctx, group, []*topics.Topic{topics.Trash})
	}
	write(kgo.TryCommit) // 0, 1, and its marker
	write(kgo.TryAbort)  // 3, 4, and its marker
	began := time.Now()
	if err := read("landing", 3); err != nil || time.Since(began) < stillTime {
		t.Errorf("what was given up is waited for: %v, after %s", err, time.Since(began))
	}
	if err := read("slow", 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a record is not waited for: %v", err)
	}
}
