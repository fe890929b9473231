package runner

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"golang.org/x/sync/errgroup"

	"waybill/internal/embedded/embeddedtest"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// A child is this test's own binary, which runs one step in a process that can be killed.
const (
	childBrokers  = "RUNNER_TEST_BROKERS"
	childRegistry = "RUNNER_TEST_REGISTRY"
	childDir      = "RUNNER_TEST_DIR"
	childInstance = "RUNNER_TEST_INSTANCE"
	childStep     = "RUNNER_TEST_STEP"
)

func TestMain(m *testing.M) {
	if os.Getenv(childBrokers) == "" {
		os.Exit(m.Run())
	}
	if err := child(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	registry, err := schemas.NewRegistry(os.Getenv(childRegistry))
	if err != nil {
		return err
	}
	limits := DefaultLimits()
	limits.SessionMax, limits.BatchRecordsMax = 2*time.Second, 200
	steps := []processors.Processor{(&toy{}).step()}
	switch os.Getenv(childStep) {
	case "normalize":
		steps = []processors.Processor{shopStep()}
	case "chain":
		steps = (&moody{}).chain()
		limits.BatchRecordsMax = 2000
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, step := range steps {
		group.Go(New(Config{
			Kafka: append(embeddedtest.Quick(), kgo.SeedBrokers(strings.Split(os.Getenv(childBrokers), ",")...)), Deployment: "test",
			Instance: os.Getenv(childInstance), Dir: os.Getenv(childDir), Limits: limits,
			Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		}, step, registry).run(ctx))
	}
	return group.Wait()
}

// run is Run as something to be called.
func (r *Runner) run(ctx context.Context) func() error { return func() error { return r.Run(ctx) } }

// process is a child that runs.
type process struct {
	*exec.Cmd
	said *bytes.Buffer
	once sync.Once
}

func (r *rig) spawn(step, instance string) *process {
	r.t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], "-test.run=^$"), said: &bytes.Buffer{}}
	p.Env = append(os.Environ(), childBrokers+"="+strings.Join(r.broker.Brokers(), ","), childRegistry+"="+r.guard.url,
		childDir+"="+r.dir+"/"+instance, childInstance+"="+instance, childStep+"="+step)
	p.Stdout, p.Stderr = p.said, p.said
	if err := p.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		p.kill()
		if r.t.Failed() {
			r.t.Logf("instance %s said:\n%s", instance, p.said)
		}
	})
	return p
}

func (p *process) kill() {
	p.once.Do(func() {
		_ = p.Process.Kill()
		_ = p.Wait() // it was killed, so it has no better answer
	})
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func TestEveryOrderIsNormalizedExactlyOnceHoweverOftenTheProcessIsKilled(t *testing.T) {
	const kills = 12
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	r := newRig(t)
	step := shopStep()
	r.provision(step)
	enough := make(chan struct{})
	fed := make(chan int)
	go func() { fed <- r.feedOrders(step, enough) }()
	for range kills {
		p := r.spawn("normalize", "1")
		r.killAt(p, 1+dice.IntN(40))
	}
	p := r.spawn("normalize", "1")
	close(enough)
	orders := <-fed
	r.awaitRead(step)
	p.signal(t, syscall.SIGTERM)
	if err := p.Wait(); err != nil {
		t.Errorf("a clean stop: %v", err)
	}
	t.Log(orders, "orders")
	r.checkOrders(orders)
}

// killAt kills the process when the broker has got so many requests of its transactions, before it answers the last of them.
// A real broker does not tell us of requests: there it is killed some milliseconds into its work instead.
func (r *rig) killAt(p *process, requests int) {
	r.t.Helper()
	if r.broker.Real() {
		before := len(readAll[schemas.Order](r, topics.OrdersNormalized))
		r.await("the process works on", func() bool { return len(readAll[schemas.Order](r, topics.OrdersNormalized)) > before })
		time.Sleep(time.Duration(requests) * 5 * time.Millisecond)
		p.kill()
		return
	}
	cluster := r.broker.Cluster()
	killed := make(chan string)
	cluster.ControlKey(-1, func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if produce, ok := req.(*kmsg.ProduceRequest); ok && produce.TransactionID == nil {
			return nil, nil, false // of the doors
		}
		switch kmsg.Key(req.Key()) {
		case kmsg.Produce, kmsg.TxnOffsetCommit, kmsg.EndTxn:
			if requests--; requests == 0 {
				_ = p.Process.Kill() // it runs, as we have just heard
				cluster.DropControl()
				killed <- kmsg.NameForKey(req.Key())
			}
		}
		return nil, nil, false
	})
	select {
	case at := <-killed:
		r.t.Log("killed at", at)
	case <-time.After(time.Minute):
		r.t.Fatal("the process did not work on")
	}
	p.kill()
}

func TestAnOwnerThatStoodStillAndComesBackDoublesNothing(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	soon := time.Now().Add(5 * time.Second)
	for i := range 30 {
		r.put(toyMessage(toyIn, key(100+i), fmt.Sprint("wake:", soon.UnixMilli())))
	}
	first := r.spawn("toy", "1")
	r.awaitRead(step)
	feeding := make(chan map[string][]string)
	go func() { feeding <- r.feed(10, 0, 40) }()
	r.await("the first is at work", func() bool { return r.count(toyOut) > 20 })
	first.signal(t, syscall.SIGSTOP)
	second := r.spawn("toy", "2")
	<-feeding
	r.awaitRead(step)
	r.await("the wake-ups came to the second", func() bool { return r.count(toyOut) == 10*40+30 })
	first.signal(t, syscall.SIGCONT)
	more := r.feed(10, 40, 10)
	r.await("both are members", func() bool { return len(r.members(step)) == 2 })
	r.awaitRead(step)
	second.signal(t, syscall.SIGTERM)
	first.signal(t, syscall.SIGTERM)
	_, _ = first.Wait(), second.Wait()
	r.saidOnce(step, more)
	for i := range 30 {
		if said := r.said()[key(100+i)]; len(said) != 1 {
			t.Errorf("%s was woken %d times", key(100+i), len(said))
		}
	}
}

// feedOrders stores each order twice, and amends each third one, until it is enough. It keeps some way ahead of the step.
func (r *rig) feedOrders(step processors.Processor, enough <-chan struct{}) (n int) {
	admin := kadm.NewClient(r.client())
	for {
		var messages []topics.Message
		for range 50 {
			messages = append(messages, rawOrder(n, "a"), rawOrder(n, "a"))
			if n%3 == 0 {
				messages = append(messages, rawOrder(n, "b"))
			}
			n++
		}
		r.put(messages...)
		select {
		case <-enough:
			return n
		default:
			r.await("the step has come closer", func() bool { return r.unread(admin, step, topics.OrdersRaw) < 3000 })
		}
	}
}

func (r *rig) checkOrders(n int) {
	r.t.Helper()
	got := map[string]string{}
	for _, l := range readAll[schemas.Order](r, topics.OrdersNormalized) {
		got[l.value.OrderID] += l.value.Revision
	}
	for i := range n {
		want := "a"
		if i%3 == 0 {
			want = "ab"
		}
		if id := shopID(i); got[id] != want {
			r.t.Errorf("%s was normalized as %q, want %q", id, got[id], want)
		}
	}
	rows := r.rows(shopStep())
	if len(got) != n || len(rows) != n {
		r.t.Errorf("%d orders and %d rows, want %d", len(got), len(rows), n)
	}
	r.checkRows(rows)
}

// checkRows compares the table with what a step makes of the topic that starts from nothing, event by event.
func (r *rig) checkRows(rows map[string]schemas.Row) {
	r.t.Helper()
	step := shopStep()
	states := map[string]*schemas.OrderVersions{}
	for _, l := range readAll[schemas.RawOrder](r, topics.OrdersRaw) {
		key := string(l.record.Key)
		if states[key] == nil {
			states[key] = &schemas.OrderVersions{}
		}
		if _, err := step.Handle(&topics.Event{Topic: topics.OrdersRaw, Key: key, Value: &l.value}, states[key]); err != nil {
			r.t.Fatal(err)
		}
	}
	for key, want := range states {
		var got schemas.OrderVersions
		if err := r.registry.Decode(r.t.Context(), step.State, rows[key].State, &got); err != nil {
			r.t.Fatal(err)
		}
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", *want) {
			r.t.Errorf("the table has %+v of %s, want %+v", got, key, *want)
		}
	}
}
