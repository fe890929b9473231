package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// beat stores orders at a steady pace, and watches each come out normalized, as a read_committed reader sees it.
type beat struct {
	stack     *stack
	store     *runner.Store
	perSecond int
	seed      uint64
	hot       atomic.Bool // every second order is a new version of one and the same

	mu     sync.Mutex
	due    map[string]time.Time // of orders that have not come out, by order and revision
	waits  []waited
	doubts int // orders that came out without being awaited: doubled
}

// waited is how long one order took from when it was due at the door until it could be read normalized.
type waited struct {
	partition int32
	due       time.Time
	took      time.Duration
	hot       bool
}

// beatEvery is how often orders are stored; all that are due since then go together.
const beatEvery = 10 * time.Millisecond

// run works until ctx ends.
func (b *beat) run(ctx context.Context) error {
	b.due = map[string]time.Time{}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.OrdersNormalized.Name), kgo.ConsumeStartOffset(kgo.NewOffset().AtEnd()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.FetchMaxWait(100 * time.Millisecond),
	}, b.stack.kafka...)...)
	if err != nil {
		return fmt.Errorf("read %s: %w", topics.OrdersNormalized.Name, err)
	}
	defer client.Close()
	watching, stop := context.WithCancel(ctx)
	watched := make(chan error, 1)
	go func() { watched <- b.watch(watching, client) }()
	err = b.send(ctx)
	stop()
	return errors.Join(err, <-watched)
}

func (b *beat) send(ctx context.Context) error {
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: 10_000_000, Seed: b.seed})
	if err != nil {
		return err
	}
	began, sent := time.Now(), 0
	var first sandbox.Payload
	var messages []topics.Message
	for p := range payloads {
		due := began.Add(time.Duration(sent) * time.Second / time.Duration(b.perSecond))
		if wait := time.Until(due); wait > 0 {
			if err := b.storeAll(ctx, messages); err != nil || ctx.Err() != nil {
				return ended(ctx, err)
			}
			messages = messages[:0]
			time.Sleep(min(wait, beatEvery))
		}
		if sent == 0 {
			first = p
		}
		if b.hot.Load() && sent%2 == 1 {
			p = newVersion(first, sent)
		}
		messages = append(messages, b.message(p, due))
		sent++
	}
	return nil
}

// newVersion is an amendment of an order, later than all others.
func newVersion(p sandbox.Payload, n int) sandbox.Payload {
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
	body := string(p.Body[:strings.LastIndex(string(p.Body), `"updatedAt"`)])
	p.Revision = "r" + strconv.Itoa(n)
	p.Body = fmt.Appendf(nil, `%s"updatedAt":"%s","revision":"%s"}`, body, at.Format("2006-01-02T15:04:05.000Z"), p.Revision)
	p.Body = []byte(strings.Replace(string(p.Body), `"login":"`, `"login":"`+p.Revision, 1))
	return p
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (b *beat) message(p sandbox.Payload, due time.Time) topics.Message {
	id := schemas.OrderID("allegro", p.Ref)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.due[id+"@"+p.Revision] = due
	return topics.Message{Topic: topics.OrdersRaw, Key: id, Value: &schemas.RawOrder{
		OrderID: id, Party: "allegro", Seller: "default", Channel: "allegro", Ref: p.Ref, Origin: schemas.OriginFeed,
		ReceivedAt: schemas.At(time.Now()), ContentType: "application/json", Body: schemas.Body{Bytes: p.Body},
	}, Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginFeed)}}}
}

func (b *beat) storeAll(ctx context.Context, messages []topics.Message) error {
	if len(messages) == 0 {
		return nil
	}
	return b.store.Store(ctx, messages)
}

func (b *beat) watch(ctx context.Context, client *kgo.Client) error {
	registry, err := b.stack.schemas()
	if err != nil {
		return err
	}
	for {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			return nil
		}
		came := time.Now()
		for r := range fetches.RecordsAll() {
			var order schemas.Order
			if err := registry.Decode(ctx, topics.OrdersNormalized.Schema, r.Value, &order); err != nil {
				return ended(ctx, err)
			}
			b.note(&order, r.Partition, came)
		}
	}
}

func (b *beat) note(order *schemas.Order, partition int32, came time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := order.OrderID + "@" + order.Revision
	due, awaited := b.due[key]
	if !awaited {
		b.doubts++
		return
	}
	delete(b.due, key)
	b.waits = append(b.waits, waited{partition, due, came.Sub(due), strings.HasPrefix(order.Revision, "r")})
}

// between are the waits of orders that were due in that time.
func (b *beat) between(from, to time.Time) []waited {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.waits), func(w waited) bool { return w.due.Before(from) || !w.due.Before(to) })
}

// missing is how many orders that were due before then have not come out.
func (b *beat) missing(before time.Time) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, due := range b.due {
		if due.Before(before) {
			n++
		}
	}
	return n
}
