package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// scripted is a party that does as it is told, and keeps a list of the calls.
type scripted struct {
	mu    sync.Mutex
	does  func(task *schemas.Task) (Answer, error)
	finds func(task *schemas.Task) (Answer, error)
	calls []string
	takes time.Duration
}

func (p *scripted) Call(_ context.Context, task *schemas.Task) (Answer, error) {
	p.mu.Lock()
	p.calls = append(p.calls, task.TaskID+" "+string(task.Payload.Bytes))
	does, takes := p.does, p.takes
	p.mu.Unlock()
	time.Sleep(takes)
	return does(task)
}

func (p *scripted) Find(_ context.Context, task *schemas.Task) (Answer, error) { return p.finds(task) }

func (p *scripted) set(does func(task *schemas.Task) (Answer, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.does = does
}

func (p *scripted) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.calls)
}

func works200(task *schemas.Task) (Answer, error) {
	return Answer{TheirRef: "their " + task.TaskID}, nil
}

func fails(class, code string) func(*schemas.Task) (Answer, error) {
	return func(*schemas.Task) (Answer, error) {
		return Answer{}, &Failure{Class: class, Code: code, Reason: "because"}
	}
}

// inPeace is a bubble with one party and nothing that goes wrong by itself.
func inPeace(t *testing.T, story func(s *sim, p *scripted)) {
	registry, dir := toyRegistry(t), t.TempDir()
	embeddedtest.InBubble(t, func(t *testing.T) {
		s := &sim{T: t, registry: registry, kinds: slices.Clone(toyKinds), dir: dir}
		defer s.open()()
		story(s, &scripted{does: works200, finds: func(*schemas.Task) (Answer, error) { return Answer{}, ErrAbsent }})
	})
}

// serve runs one process, until what it returns is called.
func (s *sim) serve(name string, p Party, limits Limits) (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan struct{})
	g := New(Config{
		Kafka: append(slices.Clone(s.kafka), kgo.Dialer(s.network.DialContext)), Deployment: "sim", Instance: name, Name: simParty,
		Dir: filepath.Join(s.dir, name), Log: slog.New(slog.NewTextHandler(s.Output(), nil)), Limits: limits, Rehearsed: func(t *schemas.Task) bool { return strings.HasPrefix(t.TaskID, "rehearsed") },
	}, p, s.kinds, s.registry)
	go func() {
		defer close(done)
		if err := g.Run(ctx); err != nil {
			s.Error(err)
		}
	}()
	return func() { cancel(); <-done }
}

// ask puts a task on the outbox.
func (s *sim) ask(kind, id string, holds ...string) *schemas.Task {
	task := &schemas.Task{TaskID: id, Party: simParty, Kind: kind, OrderID: id, Holds: holds, Payload: schemas.Body{Bytes: []byte("{}")}}
	s.put(task)
	return task
}

func (s *sim) put(task *schemas.Task, headers ...kgo.RecordHeader) {
	s.Helper()
	b, err := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
	if err != nil {
		s.Fatal(err)
	}
	s.say(&kgo.Record{Key: []byte(task.TaskID), Value: b, Headers: headers})
}

// states are those of all tasks.
func (s *sim) states() map[string]string {
	states := map[string]string{}
	for _, row := range s.ledger() {
		states[row.Task.TaskID] = row.State
	}
	return states
}

// entryOf is the entry of a task in the trash.
func (s *sim) entryOf(id string) *trashed {
	s.Helper()
	for _, entry := range s.trash() {
		if entry.Key == id {
			return &entry
		}
	}
	s.Fatalf("%s is not in the trash", id)
	return nil
}

// does sends a deed about a task, as often.
func (s *sim) does(id, does, theirRef string, value []byte, times int) {
	s.Helper()
	e := s.entryOf(id)
	d := deed.Deed{TrashID: e.TrashID, Attempts: e.Attempts, Does: does, By: "anna", Why: "she looked", TheirRef: theirRef}
	for range times {
		s.say(&kgo.Record{Key: []byte(id), Value: value, Headers: d.Headers()})
	}
	time.Sleep(time.Second)
}

// last is the last status.
func (s *sim) last() *schemas.GatewayStatus {
	all := s.all(topics.Gateways.Name)
	status := new(schemas.GatewayStatus)
	if err := s.registry.Decode(s.Context(), schemas.GatewayStatusSchema, all[len(all)-1].Value, status); err != nil {
		s.Fatal(err)
	}
	return status
}

func (s *sim) wants(want map[string]string) {
	s.Helper()
	if got := s.states(); !maps.Equal(got, want) {
		s.Errorf("got %v, want %v", got, want)
	}
}

func TestAKindThatNobodyKnowsGoesToTheTrashAndHoldsUntilItIsGivenUp(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		defer s.serve("1", p, DefaultLimits())()
		s.ask("forgotten", "a", "order")
		s.ask("repeatable", "b", "order")
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"a": schemas.TaskTrashed, "b": schemas.TaskOpen})
		if e := s.entryOf("a"); e.Class != Permanent || e.Faults[0].Code != "unknown_kind" || e.Step != "gateway."+simParty || e.Value == nil {
			t.Errorf("%+v", e)
		}
		s.does("a", schemas.DidDismiss, "", nil, 1)
		s.wants(map[string]string{"a": schemas.TaskDropped, "b": schemas.TaskDone})
		if e := s.entryOf("a"); e.State != schemas.TrashDismissed || e.Resolution != "dismissed by anna: she looked" {
			t.Errorf("%+v", e)
		}
	})
}

func TestARowOfAKindThatIsKnownNoMoreIsNoPanic(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.set(fails(Transient, "503"))
		stop := s.serve("1", p, DefaultLimits())
		s.ask("repeatable", "a")
		time.Sleep(10 * time.Second)
		stop()
		s.kinds = s.kinds[1:]
		defer s.serve("1", p, DefaultLimits())()
		time.Sleep(10 * time.Minute)
		s.wants(map[string]string{"a": schemas.TaskTrashed})
	})
}

func TestWhatIsUnderWayAtACleanStopIsKept(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.takes = 2 * time.Second
		stop := s.serve("1", p, DefaultLimits())
		s.ask("blind", "a")
		time.Sleep(4 * time.Second)
		if p.count() != 1 {
			s.Skip("it had not begun")
		}
		stop()
		s.wants(map[string]string{"a": schemas.TaskDone})
	})
}

func TestAMendedTaskIsDoneOnceHoweverOftenItIsSent(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.set(fails(Business, "closed"))
		defer s.serve("1", p, DefaultLimits())()
		task := s.ask("findable", "a")
		time.Sleep(10 * time.Second)
		first := s.entryOf("a")
		leaves := schemas.Millis(7)
		task.Payload.Bytes, task.Holds, task.Deadline = []byte("mended"), []string{"something else"}, &leaves
		b, _ := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
		s.does("a", schemas.DidRetry, "", b, 3)
		if again := s.entryOf("a"); again.State != schemas.TrashOpen || again.Attempts != 2 || again.Fingerprint != first.Fingerprint || again.FirstAt != first.FirstAt ||
			again.ShipBy == nil || *again.ShipBy != leaves {
			t.Errorf("%+v", again)
		}
		p.set(works200)
		s.does("a", schemas.DidRetry, "", nil, 3)
		if got := fmt.Sprint(p.calls); got != "[a {} a mended a mended]" {
			t.Error(got)
		}
		if e := s.entryOf("a"); e.State != schemas.TrashRepaired || e.By != "anna" {
			t.Errorf("%+v", e)
		}
	})
}

func TestADoubtIsSettledByAWord(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.set(func(*schemas.Task) (Answer, error) { return Answer{}, context.DeadlineExceeded })
		defer s.serve("1", p, DefaultLimits())()
		s.ask("blind", "a")
		s.ask("blind", "b")
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"a": schemas.TaskDoubt, "b": schemas.TaskDoubt})
		p.set(works200)
		s.does("a", schemas.DidRetry, "", nil, 1)
		s.wants(map[string]string{"a": schemas.TaskDoubt, "b": schemas.TaskDoubt})
		s.does("a", schemas.DidDone, "SO1", nil, 2)
		s.does("b", schemas.DidNotDone, "", nil, 2)
		s.wants(map[string]string{"a": schemas.TaskDone, "b": schemas.TaskDone})
		if p.count() != 3 || len(s.all(topics.IDMap.Name)) != 2 || s.entryOf("a").State != schemas.TrashRepaired {
			t.Errorf("%d calls, %d links, %+v", p.count(), len(s.all(topics.IDMap.Name)), s.entryOf("a"))
		}
	})
}

func TestWhatCanNotBeReadGoesToTheTrashAndIsMendedThere(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		defer s.serve("1", p, DefaultLimits())()
		s.say(&kgo.Record{Key: []byte("a"), Value: []byte("rubbish")})
		s.ask("repeatable", "b")
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"a": schemas.TaskTrashed, "b": schemas.TaskDone})
		task := &schemas.Task{TaskID: "a", Party: simParty, Kind: "repeatable", Holds: []string{"order"}}
		b, _ := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
		s.does("a", schemas.DidRetry, "", b, 1)
		s.wants(map[string]string{"a": schemas.TaskDone, "b": schemas.TaskDone})
	})
}

func TestAPausedPartyIsLeftAloneWhoeverHasIt(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		word := func(does string) {
			s.say(&kgo.Record{Key: []byte(simParty), Headers: deed.Deed{Does: schemas.DidRetry, Party: does, By: "anna", Why: "stocktaking"}.Headers()})
		}
		stop := s.serve("1", p, DefaultLimits())
		word(deed.Pause)
		time.Sleep(10 * time.Second)
		stop()
		defer s.serve("2", p, DefaultLimits())()
		s.ask("repeatable", "a")
		time.Sleep(30 * time.Second)
		if now := s.last(); p.count() != 0 || !now.Paused || now.PausedWhy != "stocktaking" || now.DrainSeconds != schemas.DrainNever || now.Held != 1 {
			t.Errorf("%d calls, %+v", p.count(), now)
		}
		word(deed.Resume)
		time.Sleep(5 * time.Second)
		s.wants(map[string]string{"a": schemas.TaskDone})
		if s.last().Paused {
			t.Error("it says that it is paused")
		}
	})
}
