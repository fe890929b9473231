package landing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// ledger stands for the table where faults are needed: it takes a token once, and refuses, hangs or forgets on request.
type ledger struct {
	lock   sync.Mutex
	tokens map[string]int // how often each was sent
	taken  map[string]bool
	order  []string // tokens, as they were sent
	rows   map[string]int
	events map[string]topics.Landed
	ranges map[place][]Span
	// before and after are called around a write; what they return is the write's answer.
	before, after func(ctx context.Context, b *topics.Block) error
	repaired      []string
	lives         int // of the engine, that have ended
}

func newLedger() *ledger {
	return &ledger{tokens: map[string]int{}, taken: map[string]bool{}, rows: map[string]int{}, events: map[string]topics.Landed{}, ranges: map[place][]Span{}}
}

func (l *ledger) Write(ctx context.Context, b *topics.Block) error {
	l.lock.Lock()
	before, after := l.before, l.after
	l.tokens[b.Token()]++
	l.order = append(l.order, b.Token())
	l.lock.Unlock()
	if before != nil {
		if err := before(ctx, b); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	l.take(b)
	if after != nil {
		return after(ctx, b)
	}
	return nil
}

func (l *ledger) take(b *topics.Block) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.taken[b.Token()] {
		return
	}
	l.taken[b.Token()] = true
	for _, e := range b.Events {
		l.rows[e.Position()]++
		l.events[e.Position()] = e
	}
	at := place{b.Topic.Name, b.Partition}
	l.ranges[at] = append(l.ranges[at], Span{b.From, b.To, b.Promised})
}

func (l *ledger) Repair(_ context.Context, b *topics.Block) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.repaired = append(l.repaired, b.Token())
	l.taken[b.Token()] = true
	for _, e := range b.Events {
		if l.rows[e.Position()] == 0 {
			l.rows[e.Position()] = 1
			l.events[e.Position()] = e
		}
	}
	return nil
}

func (l *ledger) Life(context.Context) (string, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return fmt.Sprint("life ", l.lives), nil
}

// crash loses the rows of a token, not the token: what a kill of the engine can do.
func (l *ledger) crash(b *topics.Block) {
	l.forget(b)
	l.lock.Lock()
	defer l.lock.Unlock()
	l.lives++
}

func (l *ledger) forget(b *topics.Block) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.taken[b.Token()] = true
	for _, e := range b.Events {
		delete(l.rows, e.Position())
	}
}

func (l *ledger) count() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return len(l.rows)
}

func (l *ledger) intercept(before, after func(context.Context, *topics.Block) error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.before, l.after = before, after
}

// stage is a broker with one topic, and a table.
type stage struct {
	t           *testing.T
	broker      *embeddedtest.Broker
	kafka       []kgo.Opt // how to reach it
	topic       *topics.Topic
	registry    *schemas.Registry
	registryURL string
	table       *ledger
	client      *kgo.Client
	want        map[string]bool // positions that must land
	lock        sync.Mutex
}

func newStage(t *testing.T, partitions int32) *stage {
	t.Helper()
	broker := embeddedtest.StartBroker(t)
	s := newStageOn(t, topics.OrdersRaw, append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))...)
	s.broker = broker
	s.create(partitions, nil)
	return s
}

// newStageOn is one on a broker of the test's own, whose topic is yet to be created.
func newStageOn(t *testing.T, topic *topics.Topic, kafka ...kgo.Opt) *stage {
	t.Helper()
	s := &stage{t: t, kafka: kafka, topic: topic, table: newLedger(), want: map[string]bool{}}
	s.registry, s.registryURL = registered(t, topic)
	return s
}

// registered is a registry that knows the topic's schema, and needs no network to say so.
func registered(t *testing.T, topic *topics.Topic) (*schemas.Registry, string) {
	t.Helper()
	url := embeddedtest.Registry(t)
	registry, err := schemas.NewRegistry(url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.Register(t.Context(), topic.Subject(), topic.Schema); err != nil {
		t.Fatal(err)
	}
	return registry, url
}

func (s *stage) create(partitions int32, settings map[string]*string) {
	s.t.Helper()
	s.client = s.connect(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if _, err := kadm.NewClient(s.client).CreateTopic(s.t.Context(), partitions, 1, settings, s.topic.Name); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) options(more ...kgo.Opt) []kgo.Opt {
	return append(slices.Clone(s.kafka), more...)
}

func (s *stage) connect(more ...kgo.Opt) *kgo.Client {
	s.t.Helper()
	client, err := kgo.NewClient(s.options(more...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.CloseAllowingRebalance)
	return client
}

// raw is a value of orders.raw.
func (s *stage) raw(n int) []byte {
	s.t.Helper()
	value := &schemas.RawOrder{OrderID: fmt.Sprintf("allegro/%d", n), Party: "allegro", Channel: "allegro", Body: schemas.Body{Bytes: []byte("{}")}}
	framed, err := s.registry.Encode(s.t.Context(), nil, s.topic.Subject(), s.topic.Schema, value)
	if err != nil {
		s.t.Fatal(err)
	}
	return framed
}

// produce writes n orders to the partition and expects them to land.
func (s *stage) produce(partition int32, n int) {
	s.t.Helper()
	for i := range n {
		s.send(s.client, &kgo.Record{Partition: partition, Key: []byte(fmt.Sprint(i)), Value: s.raw(i)}, true)
	}
	if err := s.client.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) send(client *kgo.Client, r *kgo.Record, lands bool) {
	r.Topic = s.topic.Name
	client.Produce(s.t.Context(), r, func(r *kgo.Record, err error) {
		if err != nil {
			s.t.Errorf("produce: %v", err)
		} else if lands {
			s.lock.Lock()
			s.want[schemas.Position(r.Topic, r.Partition, r.Offset)] = true
			s.lock.Unlock()
		}
	})
}

// member is a Landing that runs.
type member struct {
	*Landing
	t    *testing.T
	end  context.CancelFunc
	done chan struct{}
	err  error
}

func (s *stage) config() Config {
	return Config{
		Kafka: s.options(), Topics: []*topics.Topic{s.topic}, BlockMilliseconds: 20, BlockRowsMax: 50,
		Metrics: prometheus.NewRegistry(),
		Log:     slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})),
	}
}

func (s *stage) start(c Config) *member {
	s.t.Helper()
	landing, err := New(c, s.table, s.registry)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	m := &member{Landing: landing, t: s.t, end: end, done: make(chan struct{})}
	go func() {
		defer close(m.done)
		m.err = landing.Run(ctx)
	}()
	s.t.Cleanup(m.stop)
	return m
}

func (m *member) stop() {
	m.end()
	<-m.done
	if m.err != nil {
		m.t.Errorf("landing ended: %v", m.err)
	}
}

// await waits until the condition holds.
func (s *stage) await(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// landed waits until as many rows are there as were produced, then compares them, and checks that the ranges tile.
func (s *stage) landed() {
	s.t.Helper()
	s.await("everything has landed", func() bool { return s.table.count() >= len(s.want) })
	s.table.lock.Lock()
	defer s.table.lock.Unlock()
	for position := range s.want {
		if s.table.rows[position] == 0 {
			s.t.Errorf("%s is missing", position)
		}
	}
	for position, n := range s.table.rows {
		if n != 1 || !s.want[position] {
			s.t.Errorf("%s landed %d times, wanted %v", position, n, s.want[position])
		}
	}
	for at, spans := range s.table.ranges {
		slices.SortFunc(spans, func(a, b Span) int { return int(a.From - b.From) })
		for i := 1; i < len(spans); i++ {
			if spans[i].From != spans[i-1].To {
				s.t.Errorf("%v: range %v does not meet %v", at, spans[i], spans[i-1])
			}
		}
	}
}

// offset is the group's committed offset and what it promises.
func (s *stage) offset(partition int32) (int64, promise) {
	s.t.Helper()
	all, err := kadm.NewClient(s.client).FetchOffsets(s.t.Context(), "waybill.landing")
	if err != nil {
		s.t.Fatal(err)
	}
	found, ok := all.Lookup(s.topic.Name, partition)
	if !ok {
		return -1, promise{}
	}
	p, err := readPromise(found.At, found.Metadata)
	if err != nil {
		s.t.Fatal(err)
	}
	return found.At, p
}

var errRefused = errors.New("connection refused")

// kill ends the member as a kill does: nothing more is written or committed.
func (m *member) kill() {
	m.lock.Lock()
	for _, p := range m.partitions {
		p.cancel()
	}
	m.lock.Unlock()
	m.end()
}

// retried is how many failures of that cause were waited for.
func (m *member) retried(cause string) float64 {
	return m.value(m.metrics.retries.WithLabelValues(m.config.Topics[0].Name, cause)).GetCounter().GetValue()
}

// foreign is a value whose schema the registry knows, and we do not.
func (s *stage) foreign() []byte {
	s.t.Helper()
	client, err := sr.NewClient(sr.URLs(s.registryURL))
	if err != nil {
		s.t.Fatal(err)
	}
	created, err := client.CreateSchema(s.t.Context(), "newer-value", sr.Schema{Schema: `{"type":"record","name":"newer","fields":[]}`})
	if err != nil {
		s.t.Fatal(err)
	}
	framed, err := new(sr.ConfluentHeader).AppendEncode(nil, created.ID, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return framed
}

func (m *member) ended() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

func (m *member) value(metric prometheus.Metric) *dto.Metric {
	m.t.Helper()
	found := new(dto.Metric)
	if err := metric.Write(found); err != nil {
		m.t.Error(err)
	}
	return found
}
