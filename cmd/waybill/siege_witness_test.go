package main

import (
	"context"
	"hash/fnv"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/clickhouse"
	"waybill/topics"
)

// watched are topics that nothing is ever removed from while a siege lasts.
var watched = []*topics.Topic{topics.OrdersRaw, topics.OrdersNormalized}

// spot is the position of a record.
type spot struct {
	topic     string
	partition int32
	offset    int64
}

// witness reads, read_committed, while everything happens, and remembers what it saw: a record that goes again was made invisible, one
// that appears behind its back was raised from the dead.
type witness struct {
	t       *testing.T
	end     context.CancelFunc
	reading sync.WaitGroup
	brokers []string

	mu      sync.Mutex
	seen    map[spot]uint64 // what the value was
	next    map[string]map[int32]kgo.Offset
	orders  map[string]bool // that were normalized
	changed int             // positions that held something else before
}

func newWitness(t *testing.T) *witness {
	w := &witness{t: t, seen: map[spot]uint64{}, next: map[string]map[int32]kgo.Offset{}, orders: map[string]bool{}, end: func() {}}
	for _, topic := range watched {
		w.next[topic.Name] = map[int32]kgo.Offset{}
	}
	t.Cleanup(func() { w.end(); w.reading.Wait() })
	return w
}

// follow reads on, at new addresses if there are such.
func (w *witness) follow(at *siteOf) {
	if slices.Equal(w.brokers, at.brokers) {
		return
	}
	w.end()
	w.reading.Wait()
	w.brokers = at.brokers
	kafka := onThisMachine(at.brokers)
	asking, err := kgo.NewClient(kafka...)
	if err != nil {
		w.t.Fatal(err)
	}
	defer asking.Close()
	for _, topic := range watched {
		details, err := kadm.NewClient(asking).ListTopics(w.t.Context(), topic.Name)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, p := range details[topic.Name].Partitions.Numbers() {
			if _, begun := w.next[topic.Name][p]; !begun {
				w.next[topic.Name][p] = kgo.NewOffset().AtStart()
			}
		}
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(w.next), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, kafka...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.end = cancel
	w.reading.Go(func() {
		defer client.Close()
		for ctx.Err() == nil {
			fetches := client.PollFetches(ctx)
			fetches.EachRecord(w.see)
		}
	})
}

func (w *witness) see(r *kgo.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next[r.Topic][r.Partition] = kgo.NewOffset().At(r.Offset + 1)
	if r.Attrs.IsControl() {
		return
	}
	at, sum := spotOf(r), contentOf(r)
	if before, known := w.seen[at]; known && before != sum {
		w.changed++
	}
	w.seen[at] = sum
	if r.Topic == topics.OrdersNormalized.Name {
		w.orders[string(r.Key)] = true
	}
}

func (w *witness) has(orderID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.orders[orderID]
}

// compare holds what was seen against what is there at the end.
func (w *witness) compare(now map[spot]uint64) (invisible, raised int) {
	within(w.t, siegePatience, func() bool { return w.sawTheLastOf(now) }, func(ok bool) bool { return ok })
	w.mu.Lock()
	defer w.mu.Unlock()
	for at, sum := range w.seen {
		if there, ok := now[at]; !ok || there != sum {
			invisible++
		}
	}
	for at := range now {
		if _, ok := w.seen[at]; !ok {
			raised++
		}
	}
	return invisible + w.changed, raised
}

// sawTheLastOf is whether the witness has come to the end of each partition.
func (w *witness) sawTheLastOf(now map[spot]uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for at := range now {
		if w.next[at.topic][at.partition].EpochOffset().Offset <= at.offset {
			return false
		}
	}
	return true
}

func spotOf(r *kgo.Record) spot { return spot{r.Topic, r.Partition, r.Offset} }

func contentOf(r *kgo.Record) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(r.Key)
	_, _ = h.Write(r.Value)
	return h.Sum64()
}

// siteOf is how a stack is reached at a time.
type siteOf struct {
	brokers       []string
	dsn, registry string
}

// hasLanded is whether the order stands in ClickHouse; not, while that does not answer.
func (s *siteOf) hasLanded(t *testing.T, orderID string) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tables, err := clickhouse.Open(ctx, s.dsn, clickhouse.Options{})
	if err != nil {
		return false
	}
	defer tables.Close()
	landed := false
	err = tables.Query(ctx, "SELECT 1 FROM orders_normalized WHERE order_id = '"+orderID+"'", func([]string, []any) error {
		landed = true
		return nil
	})
	return err == nil && landed
}
