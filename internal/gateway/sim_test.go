package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/internal/gateway/limit"
	"waybill/schemas"
	"waybill/topics"
)

// The kinds of the simulated party.
var toyKinds = []Kind{
	{Name: "repeatable", Repeatable: true, CallMax: worldCall, SettleTime: worldSettle, Then: follows},
	{Name: "findable", Findable: true, CallMax: worldCall, SettleTime: worldSettle, Then: follows},
	{Name: "blind", CallMax: worldCall, SettleTime: worldSettle, Then: follows},
}

// follows is what follows from each task: a link from what the party calls it.
func follows(t *schemas.Task, a Answer) ([]topics.Message, error) {
	return []topics.Message{{Topic: topics.IDMap, Key: a.TheirRef, Value: &schemas.Link{
		Party: t.Party, Kind: schemas.LinkOrder, Ref: a.TheirRef, OurID: t.TaskID, By: "gateway",
	}}}, nil
}

// sim is one run: three processes, one party, and a seed that says what goes wrong when.
type sim struct {
	*testing.T
	seed     uint64
	random   *rand.Rand
	world    *world
	network  kfake.VirtualNetwork
	kafka    []kgo.Opt
	registry *schemas.Registry
	kinds    []Kind
	dir      string
	client   *kgo.Client
	fed      []*schemas.Task
	running  map[string]*instance

	holdsNothing bool // what a task is about is not said
	laneless     bool // nor what it would write over
	freezes      bool // processes stand still, and nothing else happens to them
	intends      func(*schemas.Task, Kind) bool
	redeems      func(*schemas.LedgerRow, *schemas.Task) bool
	repairs      repairs
	joining      int // minutes for which the group has been in one round of joining
}

// instance is one process.
type instance struct {
	window *window
	cable  *embeddedtest.Cable
	cancel context.CancelFunc
	done   chan struct{}
}

const (
	simTasks  = 60
	simFaults = 6
	simParty  = "toy"

	// simClockWrongMax is by how much the clock of each process may be early or late, another time after each start.
	simClockWrongMax = 10 * time.Minute
)

// open makes the topics; what it returns closes all.
func (s *sim) open() (end func()) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ListenFn(s.network.Listen))
	if err != nil {
		s.Fatal(err)
	}
	s.kafka = []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DisableClientMetrics()}
	if s.client, err = kgo.NewClient(append(slices.Clone(s.kafka), kgo.Dialer(s.network.DialContext))...); err != nil {
		s.Fatal(err)
	}
	for _, topic := range []string{topics.Outbox(simParty).Name, topics.Ledger(simParty).Name, topics.IDMap.Name, topics.Trash.Name, topics.Gateways.Name, topics.Receipts.Name} {
		if _, err := kadm.NewClient(s.client).CreateTopic(s.Context(), 1, 1, nil, topic); err != nil {
			s.Fatal(err)
		}
	}
	return func() {
		s.client.Close()
		cluster.Close()
	}
}

// run plays a seed to its end, and says what is not as it must be.
func (s *sim) run() (faults []string) {
	defer s.open()()
	for _, name := range []string{"1", "2", "3"} {
		s.start(name)
	}
	go s.feed()
	go s.repair()
	done := make(chan struct{})
	go s.operate(done)
	for range simFaults {
		time.Sleep(time.Duration(s.random.Int64N(int64(20 * time.Second))))
		s.fault()
	}
	s.settle()
	done <- struct{}{}
	time.Sleep(worldSettle) // what is late arrives
	for name := range s.running {
		s.running[name].cancel()
		<-s.running[name].done
	}
	return s.faults()
}

// simLimits are tight enough to hold some.
func simLimits() Limits {
	l := DefaultLimits()
	l.Rate = limit.Rate{PerSecond: 10, Burst: 5}
	l.Rates = map[string]limit.Rate{"blind": {PerSecond: 2, Burst: 1}}
	return l
}

func (s *sim) start(name string) {
	i := &instance{window: &window{world: s.world, gone: make(chan struct{})}, cable: &embeddedtest.Cable{Network: &s.network}, done: make(chan struct{})}
	ctx, cancel := context.WithCancel(s.Context())
	i.cancel = cancel
	g := New(Config{
		Kafka: append(slices.Clone(s.kafka), kgo.Dialer(i.cable.Dial)), Deployment: "sim", Instance: name, Name: simParty,
		Dir: filepath.Join(s.dir, name), Log: slog.New(slog.NewTextHandler(s.Output(), nil)).With("instance", name), Limits: simLimits(),
	}, i.window, s.kinds, s.registry)
	wrong := time.Duration(s.random.Int64N(int64(2*simClockWrongMax))) - simClockWrongMax
	g.now = func() time.Time { return time.Now().Add(wrong) }
	if s.redeems != nil {
		g.redeems = s.redeems
	}
	if s.intends != nil {
		g.intends = s.intends
	}
	go func() {
		defer close(i.done)
		if err := g.Run(ctx); err != nil {
			s.Errorf("instance %s: %v", name, err)
		}
	}()
	s.running[name] = i
}

// feed puts tasks on the outbox, some of them twice; each is about one of a few orders.
func (s *sim) feed() {
	random := rand.New(rand.NewPCG(s.seed, 3))
	for n := range simTasks {
		kind := s.kinds[random.IntN(len(s.kinds))].Name
		order := fmt.Sprint("order ", random.IntN(8))
		t := &schemas.Task{
			TaskID: fmt.Sprintf("%s %d", kind, n), Party: simParty, Kind: kind, OrderID: order, Holds: []string{order},
			Deadline: new(schemas.At(time.Now().Add(time.Duration(random.IntN(60)) * time.Second))),
		}
		if n%3 == 0 {
			t.Lane, t.Sequence = order+" status", random.Int64N(100)
		}
		asked := *t
		if s.laneless {
			asked.Lane = ""
		}
		if s.holdsNothing {
			asked.Holds = nil
		}
		s.fed = append(s.fed, t)
		for range 1 + random.IntN(2) {
			b, err := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, &asked)
			if err != nil {
				s.Error(err)
				return
			}
			if err := s.client.ProduceSync(s.Context(), &kgo.Record{Topic: topics.Outbox(simParty).Name, Key: []byte(t.TaskID), Value: b}).FirstErr(); err != nil {
				s.Error(err)
				return
			}
		}
		time.Sleep(time.Duration(random.Int64N(int64(time.Second))))
	}
}

// fault kills a process and starts it again, lets one stand still for longer than its session, or stops one in good order.
func (s *sim) fault() {
	name := fmt.Sprint(1 + s.random.IntN(3))
	i := s.running[name]
	what := s.random.IntN(3)
	if s.freezes {
		what = 1
	}
	switch what {
	case 0:
		i.kill()
		time.Sleep(time.Duration(s.random.Int64N(int64(15 * time.Second))))
		s.start(name)
	case 1:
		d := 5*time.Second + time.Duration(s.random.Int64N(int64(115*time.Second)))
		i.window.mu.Lock()
		i.window.frozen = time.Now().Add(d)
		i.window.mu.Unlock()
		i.cable.Set(true)
		time.Sleep(d)
		i.cable.Set(false)
	case 2:
		i.cancel()
		<-i.done
		s.start(name)
	}
}

// kill ends a process between any two of its steps: nothing that it sends arrives any more, and nothing that it is told.
func (i *instance) kill() {
	close(i.window.gone)
	i.cable.Set(true)
	i.cancel()
	<-i.done
}

// settle waits until nothing is left to do.
func (s *sim) settle() {
	for second := range 3600 {
		time.Sleep(time.Second)
		if second%60 == 0 {
			s.unhang()
		}
		rows := s.ledger()
		if len(s.fed) == simTasks && len(rows) >= simTasks+s.repairs.done() && !slices.ContainsFunc(rows, func(r schemas.LedgerRow) bool { return !isFinished(r.State) }) {
			return
		}
	}
	states := map[string]int{}
	for _, r := range s.ledger() {
		states[r.Task.Kind+" "+r.State]++
	}
	s.Errorf("seed %d: not finished after an hour: %d fed, %v; called %d, asked %d; the party says %+v", s.seed, len(s.fed), states, s.world.called, s.world.asked, s.last())
}

func isFinished(state string) bool { return state == schemas.TaskDone || state == schemas.TaskDropped }

// ledger is the newest row of each task.
func (s *sim) ledger() []schemas.LedgerRow {
	newest := map[string]schemas.LedgerRow{}
	for _, r := range s.all(topics.Ledger(simParty).Name) {
		var row schemas.LedgerRow
		if err := s.registry.Decode(s.Context(), schemas.LedgerRowSchema, r.Value, &row); err != nil {
			s.Fatal(err)
		}
		if row.State != schemas.TaskLane && row.State != schemas.TaskPaused && row.State != schemas.TaskResumed && row.State != schemas.TaskPermitted && row.State != schemas.TaskSpent {
			newest[string(r.Key)] = row
		}
	}
	rows := make([]schemas.LedgerRow, 0, len(newest))
	for _, row := range newest {
		rows = append(rows, row)
	}
	return rows
}

// all is what a read_committed reader sees.
func (s *sim) all(topic string) (records []*kgo.Record) {
	ends, err := kadm.NewClient(s.client).ListCommittedOffsets(s.Context(), topic)
	if err != nil {
		s.Fatal(err)
	}
	end, _ := ends.Lookup(topic, 0)
	reader, err := kgo.NewClient(append(slices.Clone(s.kafka), kgo.Dialer(s.network.DialContext), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}))...)
	if err != nil {
		s.Fatal(err)
	}
	defer reader.Close()
	for next := int64(0); next < end.Offset; {
		fetches := reader.PollFetches(s.Context())
		for r := range fetches.RecordsAll() {
			next = r.Offset + 1
			if !r.Attrs.IsControl() {
				records = append(records, r)
			}
		}
	}
	return records
}

// faults are what is not as it must be, by the world's own books.
func (s *sim) faults() (faults []string) {
	followed := map[string]int{}
	for _, r := range s.all(topics.IDMap.Name) {
		followed[strings.TrimPrefix(string(r.Key), "their ")]++
	}
	for _, row := range s.ledger() {
		id, effects := row.Task.TaskID, s.world.effects[row.Task.TaskID]
		say := func(format string, args ...any) {
			faults = append(faults, id+", "+row.State+": "+fmt.Sprintf(format, args...))
		}
		if effects > 1 {
			say("done %d times", effects)
		}
		switch {
		case row.State == schemas.TaskDone && (effects == 0 || followed[id] != 1):
			say("done %d times, and %d messages followed", effects, followed[id])
		case row.State == schemas.TaskDropped && effects > 0 && row.Task.Kind != "repeatable":
			say("done all the same")
		case row.State == schemas.TaskDropped && row.Task.Lane == "" && row.Did != schemas.DidDismiss:
			say("dropped")
		case row.Trash != nil:
			say("its entry in the trash is not closed")
		case row.State != schemas.TaskDone && followed[id] > 0:
			say("%d messages followed", followed[id])
		}
	}
	return slices.Concat(faults, s.outOfTurn(), s.overwritten(), s.untidied(), s.unapproved())
}

// overwritten are tasks that were done though a higher one of their lane had been.
func (s *sim) overwritten() (faults []string) {
	tasks := map[string]*schemas.Task{}
	for _, t := range s.fed {
		tasks[t.TaskID] = t
	}
	seen, highest := map[string]bool{}, map[string]int64{}
	for _, id := range s.world.order {
		t := tasks[id]
		if t == nil {
			continue // a repair's
		}
		if t.Lane != "" && (!seen[id] || t.Kind == "repeatable") && t.Sequence < highest[t.Lane] {
			faults = append(faults, id+" wrote over a higher one of "+t.Lane)
		}
		seen[id], highest[t.Lane] = true, max(highest[t.Lane], t.Sequence)
	}
	return faults
}

// outOfTurn are tasks that were first done after a later one of their order.
func (s *sim) outOfTurn() (faults []string) {
	place := map[string]int{}
	for n, t := range s.fed {
		place[t.TaskID] = n
	}
	orderOf := func(id string) string { return s.fed[place[id]].OrderID }
	seen, last := map[string]bool{}, map[string]int{}
	for _, id := range s.world.order {
		if strings.HasPrefix(id, "repair ") {
			continue
		}
		if !seen[id] && place[id] < last[orderOf(id)] {
			faults = append(faults, id+" came after a later one of "+orderOf(id))
		}
		seen[id], last[orderOf(id)] = true, max(last[orderOf(id)], place[id])
	}
	return faults
}

func simulate(t *testing.T, registry *schemas.Registry, seed uint64, change func(*sim)) (faults []string) {
	dir := t.TempDir()
	embeddedtest.InBubble(t, func(t *testing.T) {
		s := &sim{
			T: t, seed: seed, random: rand.New(rand.NewPCG(seed, 2)), world: newWorld(seed), registry: registry, kinds: slices.Clone(toyKinds), dir: dir,
			running: map[string]*instance{},
		}
		change(s)
		faults = s.run()
	})
	return faults
}

func toyRegistry(t testing.TB) *schemas.Registry {
	registry, err := schemas.NewRegistry(embeddedtest.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []*topics.Topic{topics.Outbox(simParty), topics.Ledger(simParty), topics.IDMap, topics.Trash, topics.Gateways, topics.Receipts} {
		if _, err := registry.Register(t.Context(), topic.Subject(), topic.Schema); err != nil {
			t.Fatal(err)
		}
	}
	return registry
}

// alone leaves a simulation out where the tests are for a real broker: it has one of its own.
func alone(t *testing.T) {
	if os.Getenv("WAYBILL_TEST_KAFKA") != "" {
		t.Skip("the simulation brings its own broker and time")
	}
}

// WAYBILL_SEEDS says how many are played, WAYBILL_SEED which is the first.
func TestEveryEffectHappensOnceWhateverIsKilledOrStandsStill(t *testing.T) {
	seeds := 20
	if n, err := strconv.Atoi(os.Getenv("WAYBILL_SEEDS")); err == nil {
		seeds = n
	}
	alone(t)
	first, _ := strconv.ParseUint(os.Getenv("WAYBILL_SEED"), 10, 64)
	registry := toyRegistry(t)
	for seed := first; seed < first+uint64(seeds); seed++ { // one after the other: Pebble keeps channels for whoever comes next
		for _, fault := range simulate(t, registry, seed, func(*sim) {}) {
			t.Errorf("seed %d: %s", seed, fault)
		}
	}
}

// mostly is how many of a hundred calls are late where that is what a step of the protocol is for.
const mostly = 60

// Each step of the protocol is needed: without it, the simulation finds a fault within a few seeds.
func TestWithoutAnyStepOfTheProtocolSomethingHappensTwice(t *testing.T) {
	alone(t)
	registry := toyRegistry(t)
	each := func(change func(*Kind)) func(*sim) {
		return func(s *sim) {
			for i := range s.kinds {
				change(&s.kinds[i])
			}
		}
	}
	for missing, change := range map[string]func(*sim){
		"the intent":                       each(func(k *Kind) { k.Repeatable = true }),
		"the question before the next act": func(s *sim) { s.world.denies = true },
		"the time to settle":               each(func(k *Kind) { k.SettleTime = 0 }),
		"the deadline of a call":           func(s *sim) { s.world.sleepless, s.freezes = true, true },
		"the lane":                         func(s *sim) { s.laneless = true },
		"the keys that a task holds":       func(s *sim) { s.holdsNothing = true },
		"the intent of what has a lane": func(s *sim) {
			s.intends, s.world.lates = func(_ *schemas.Task, k Kind) bool { return !k.Repeatable }, mostly
		},
		"the time in which what may be repeated arrives": func(s *sim) { s.kinds[0].SettleTime, s.world.lates = 0, mostly },
		"the token": func(s *sim) { s.redeems = func(*schemas.LedgerRow, *schemas.Task) bool { return true } },
		"what the token was issued for": func(s *sim) {
			s.redeems = func(token *schemas.LedgerRow, _ *schemas.Task) bool { return token.State == schemas.TaskPermitted }
		},
		"the doubt": each(func(k *Kind) { k.Findable = true }),
	} {
		t.Run(missing, func(t *testing.T) {
			for seed := range uint64(200) {
				if len(simulate(t, registry, seed, change)) > 0 {
					return
				}
			}
			t.Error("nobody misses it in 200 seeds")
		})
	}
}
