package embeddedtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/embedded/embeddedtest"
)

func TestWhatWasProducedIsThereAfterARestartOnTheSamePort(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	broker := embeddedtest.StartBroker(t)
	client, err := kgo.NewClient(append(embeddedtest.Quick(),
		kgo.SeedBrokers(broker.Brokers()...), kgo.DefaultProduceTopic("orders"), kgo.ConsumeTopics("orders"))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := kadm.NewClient(client).CreateTopic(ctx, 1, 1, nil, "orders"); err != nil {
		t.Fatal(err)
	}
	if err := client.ProduceSync(ctx, kgo.StringRecord("before")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	life := broker.BootID()
	broker.Restart()
	if broker.BootID() == life {
		t.Error("the broker has the boot id of its former life")
	}
	if err := client.ProduceSync(ctx, kgo.StringRecord("after")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for len(got) < 2 && ctx.Err() == nil {
		for r := range client.PollFetches(ctx).RecordsAll() {
			got = append(got, string(r.Value))
		}
	}
	if len(got) != 2 || got[0] != "before" || got[1] != "after" {
		t.Errorf("read %q", got)
	}
}

func TestATransactionalClientIsRefusedByABrokerThatStartedAnew(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	broker := embeddedtest.StartBroker(t)
	client, err := kgo.NewClient(append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...),
		kgo.DefaultProduceTopic("orders"), kgo.TransactionalID("step-"+broker.BootID()))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := kadm.NewClient(client).CreateTopic(ctx, 1, 1, nil, "orders"); err != nil {
		t.Fatal(err)
	}
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := client.ProduceSync(ctx, kgo.StringRecord("open")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	broker.Restart()
	// Its owner must build a new one, under the new boot id; so it must not wait, and not believe that this was committed.
	if err := client.EndTransaction(ctx, kgo.TryCommit); err == nil || ctx.Err() != nil {
		t.Errorf("the transaction that the restart aborted ended with %v", err)
	}
}

func TestTheRegistryGivesASchemaItsID(t *testing.T) {
	client, err := sr.NewClient(sr.URLs(embeddedtest.Registry(t)))
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateSchema(t.Context(), "orders-value", sr.Schema{Schema: `"string"`})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := client.SchemaByID(t.Context(), created.ID); err != nil || found.Schema != `"string"` {
		t.Errorf("schema %d is %q, %v", created.ID, found.Schema, err)
	}
}
