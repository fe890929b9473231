package versions_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/versions"
	"waybill/schemas"
	"waybill/topics"
)

const subject = "orders.raw-value"

var subjects = map[string]schemas.Any{
	subject: schemas.RawOrderSchema, topics.Versions.Subject(): schemas.VersionChoiceSchema, topics.Instances.Subject(): schemas.InstanceSchema,
}

var earlier = schemas.Upto{"raw_order": 1}

// place is a broker and a registry, in which an earlier and a later program have registered what they have.
type place struct {
	*testing.T
	kafka []kgo.Opt
	url   string
	plain *schemas.Registry // writes the newest
}

func newPlace(t *testing.T) *place {
	t.Helper()
	broker := embeddedtest.StartBroker(t)
	p := &place{T: t, url: embeddedtest.Registry(t), kafka: append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))}
	p.plain = p.registry(nil)
	for _, s := range []string{topics.Versions.Subject(), topics.Instances.Subject()} {
		p.register(p.plain, s)
	}
	p.register(p.registry(earlier), subject)
	p.register(p.plain, subject)
	client := p.client()
	for _, topic := range []*topics.Topic{topics.Versions, topics.Instances} {
		if _, err := kadm.NewClient(client).CreateTopic(t.Context(), 2, 1, nil, topic.Name); err != nil {
			t.Fatal(err)
		}
	}
	p.choose(topics.Instances.Subject(), 1, schemas.InstanceSchema.Current())
	return p
}

func (p *place) registry(upto schemas.Upto) *schemas.Registry {
	p.Helper()
	r, err := schemas.NewRegistry(p.url)
	if err != nil {
		p.Fatal(err)
	}
	return r.Knowing(upto)
}

func (p *place) register(r *schemas.Registry, subject string) {
	p.Helper()
	if _, err := r.Register(p.Context(), subject, subjects[subject]); err != nil {
		p.Fatal(err)
	}
}

func (p *place) client(opts ...kgo.Opt) *kgo.Client {
	p.Helper()
	client, err := kgo.NewClient(append(opts, p.kafka...)...)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(client.Close)
	return client
}

func (p *place) choose(subject string, version int32, sum [32]byte) {
	p.Helper()
	choice := &schemas.VersionChoice{Subject: subject, Version: version, Fingerprint: schemas.FingerprintText(sum)}
	value, err := p.plain.Encode(p.Context(), nil, topics.Versions.Subject(), schemas.VersionChoiceSchema, choice)
	if err == nil {
		err = p.client().ProduceSync(p.Context(), &kgo.Record{Topic: topics.Versions.Name, Key: []byte(subject), Value: value}).FirstErr()
	}
	if err != nil {
		p.Fatal(err)
	}
}

// raw chooses one of the two versions of orders.raw.
func (p *place) raw(version int32) {
	p.Helper()
	p.choose(subject, version, schemas.RawOrderSchema.Versions()[version-1].Fingerprint)
}

// said is a log that a test reads.
type said struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(b)
}

func (s *said) count(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.String(), text)
}

// follow starts the choices of a program; they end with the test.
func (p *place) follow(upto schemas.Upto) (*versions.Choices, *schemas.Registry, *said) {
	p.Helper()
	log, registry := &said{}, p.registry(upto)
	choices := versions.New(p.kafka, registry, subjects, slog.New(slog.NewTextHandler(log, nil)))
	p.during(choices.Run)
	return choices, registry, log
}

// during runs something until the test, or stop, ends it.
func (p *place) during(run func(context.Context) error) (stop func()) {
	p.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			p.Error(err)
		}
	})
	p.Cleanup(stop)
	return stop
}

func (p *place) await(what string, good func() bool) {
	p.Helper()
	for end := time.Now().Add(time.Minute); !good(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("it never came: %s", what)
		}
	}
}

func (p *place) chosen(c *versions.Choices) int32 {
	p.Helper()
	choice, err := c.Chosen(p.Context(), subject)
	if err != nil {
		p.Fatal(err)
	}
	if choice == nil {
		return 0
	}
	return choice.Version
}

func TestAChoiceReachesEveryProcessThatRunsAndOneThatOnlyAsks(t *testing.T) {
	p := newPlace(t)
	first, _, _ := p.follow(nil)
	if got := p.chosen(first); got != 0 {
		t.Fatalf("version %d is written, and nobody chose it", got)
	}
	for _, version := range []int32{1, 2, 1} {
		p.raw(version)
		p.await("the choice", func() bool { return p.chosen(first) == version })
		asking := versions.New(p.kafka, p.registry(nil), subjects, slog.New(slog.DiscardHandler))
		if got := p.chosen(asking); got != version {
			t.Errorf("who only asks hears of version %d, want %d", got, version)
		}
	}
}

func TestAProcessThatCanNotReadWhatIsWrittenSaysSoOnceAndGoesOnWhenItCan(t *testing.T) {
	p := newPlace(t)
	p.raw(1)
	older, _, log := p.follow(earlier)
	newer, _, quiet := p.follow(nil)
	p.await("the first choice", func() bool { return p.chosen(older) == 1 && p.chosen(newer) == 1 })
	if err := older.Readable(); err != nil {
		t.Errorf("it can read what is written: %v", err)
	}
	p.raw(2)
	p.await("the older one says so", func() bool { return older.Readable() != nil })
	if got, want := older.Readable().Error(), "orders.raw-value is written in version 2, which this version of Waybill can not read: upgrade this instance"; got != want {
		t.Errorf("got %q", got)
	}
	changes := older.Changes()
	p.choose(topics.Instances.Subject(), 1, schemas.InstanceSchema.Current())
	p.await("another choice", func() bool { return older.Changes() > changes && p.chosen(newer) == 2 })
	if n := log.count("upgrade this instance"); n != 1 {
		t.Errorf("it was said %d times", n)
	}
	if err := newer.Readable(); err != nil || quiet.count("upgrade") > 0 {
		t.Errorf("the newer one can read all: %v", err)
	}
	p.raw(1)
	p.await("the older one can read again", func() bool { return older.Readable() == nil })
}

func TestWithoutTheTopicItIsSaidWhatMakesIt(t *testing.T) {
	broker := embeddedtest.StartBroker(t)
	kafka := append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))
	registry, err := schemas.NewRegistry(embeddedtest.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	err = versions.New(kafka, registry, subjects, slog.New(slog.DiscardHandler)).Load(t.Context())
	if err == nil || !strings.Contains(err.Error(), "read topic versions (waybill provision makes it)") {
		t.Errorf("got %v", err)
	}
}

func TestAnActivationGoesForwardByItselfAndBackOnlyWhenItIsNamed(t *testing.T) {
	p := newPlace(t)
	choices := versions.New(p.kafka, p.registry(nil), subjects, slog.New(slog.DiscardHandler))
	older := versions.New(p.kafka, p.registry(earlier), subjects, slog.New(slog.DiscardHandler))
	if _, err := choices.Activation(t.Context(), subject, 0); !errors.Is(err, versions.ErrActivation) {
		t.Errorf("before anything is written: %v", err)
	}
	p.raw(1)
	reload := func() {
		t.Helper()
		if err := errors.Join(choices.Load(t.Context()), older.Load(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	reload()
	forward, err := choices.Activation(t.Context(), subject, 0)
	if err != nil || forward.From != 1 || forward.To != 2 || len(forward.Lost) != 0 || forward.Done() {
		t.Fatalf("forward: %+v, %v", forward, err)
	}
	if *forward.Choice() != (schemas.VersionChoice{Subject: subject, Version: 2, Fingerprint: schemas.FingerprintText(schemas.RawOrderSchema.Current())}) {
		t.Errorf("the record is %+v", forward.Choice())
	}
	if _, err := older.Activation(t.Context(), subject, 2); !errors.Is(err, versions.ErrActivation) || !strings.Contains(err.Error(), "does not have version 2") {
		t.Errorf("by a program that lacks it: %v", err)
	}
	if _, err := choices.Activation(t.Context(), subject, 3); !errors.Is(err, versions.ErrActivation) || !strings.Contains(err.Error(), "there are: 1, 2") {
		t.Errorf("a version that is not registered: %v", err)
	}
	p.raw(2)
	reload()
	for name, c := range map[string]*versions.Choices{"the newest is written": choices, "a newer than its own is written": older} {
		if again, err := c.Activation(t.Context(), subject, 0); err != nil || !again.Done() {
			t.Errorf("%s: %+v, %v", name, again, err)
		}
	}
	back, err := choices.Activation(t.Context(), subject, 1)
	if want := []string{".form", ".part", ".delivery_id", ".idempotency_key"}; err != nil || back.To != 1 || !slices.Equal(back.Lost, want) {
		t.Errorf("back: %+v, %v", back, err)
	}
}
