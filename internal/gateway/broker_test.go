package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// forgetful is a party that does what it is told, and loses each fifth of its answers.
type forgetful struct {
	mu    sync.Mutex
	calls int
	did   map[string]int
}

func (f *forgetful) Call(_ context.Context, t *schemas.Task) (Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	f.did[t.TaskID]++
	if f.calls%5 == 0 {
		return Answer{}, errors.New("connection reset")
	}
	return Answer{TheirRef: "their " + t.TaskID}, nil
}

func (f *forgetful) Find(_ context.Context, t *schemas.Task) (Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.did[t.TaskID] == 0 {
		return Answer{}, ErrAbsent
	}
	return Answer{TheirRef: "their " + t.TaskID}, nil
}

func (f *forgetful) done() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.did)
}

// What the simulation plays in a bubble holds on a broker too, the real one where there is one: the party goes from process to process,
// and each call is made once.
func TestCallsAreMadeOnceWhileThePartyGoesFromProcessToProcess(t *testing.T) {
	broker, registry, dir := embeddedtest.StartBroker(t), toyRegistry(t), t.TempDir()
	kafka := append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))
	client, err := kgo.NewClient(kafka...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	compact := "compact"
	for _, topic := range []*topics.Topic{topics.Outbox(simParty), topics.Ledger(simParty), topics.IDMap, topics.Trash, topics.Gateways, topics.Receipts} {
		var configs map[string]*string
		if topic.Compacted {
			configs = map[string]*string{"cleanup.policy": &compact}
		}
		if _, err := kadm.NewClient(client).CreateTopic(t.Context(), 1, 1, configs, topic.Name); err != nil {
			t.Fatal(err)
		}
	}
	party := &forgetful{did: map[string]int{}}
	kinds := []Kind{{Name: "findable", Findable: true, CallMax: 5 * time.Second, SettleTime: 100 * time.Millisecond, Then: follows}}
	limits := DefaultLimits()
	limits.SessionMax = 2 * time.Second
	serve := func(name string) (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		g := New(Config{Kafka: kafka, Deployment: "test", Instance: name, Name: simParty, Dir: filepath.Join(dir, name), Log: slog.New(slog.DiscardHandler), Limits: limits}, party, kinds, registry)
		go func() {
			defer close(ended)
			if err := g.Run(ctx); err != nil {
				t.Error(err)
			}
		}()
		return func() { cancel(); <-ended }
	}
	const tasks = 120
	feed := func(from, to int) {
		for n := from; n < to; n++ {
			task := &schemas.Task{TaskID: fmt.Sprint("t", n), Party: simParty, Kind: "findable", OrderID: fmt.Sprint("o", n), Holds: []string{fmt.Sprint("o", n%40)}}
			b, err := registry.Encode(t.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
			if err == nil {
				err = client.ProduceSync(t.Context(), &kgo.Record{Topic: topics.Outbox(simParty).Name, Key: []byte(task.TaskID), Value: b}).FirstErr()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	stop := serve("1")
	for piece := range 4 {
		feed(piece*tasks/4, (piece+1)*tasks/4)
		for end := time.Now().Add(time.Minute); party.done() < piece*tasks/4+5 && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		next := serve(fmt.Sprint(piece + 2))
		stop()
		stop = next
	}
	for end := time.Now().Add(2 * time.Minute); party.done() < tasks && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	for id, times := range party.did {
		if times != 1 {
			t.Errorf("%s was done %d times", id, times)
		}
	}
	if party.done() != tasks {
		t.Errorf("%d of %d were done", party.done(), tasks)
	}
}
