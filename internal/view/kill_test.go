package view

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

// A child is this test's own binary, which keeps a view in a process that can be killed, and looks keys up in it from its first
// moment on: pairs 0 to childPairs-1 exist, and those below canaries are of at least the generation childGeneration.
const (
	childBrokers    = "VIEW_TEST_BROKERS"
	childRegistry   = "VIEW_TEST_REGISTRY"
	childDir        = "VIEW_TEST_DIR"
	childPairs      = "VIEW_TEST_PAIRS"
	childGeneration = "VIEW_TEST_GENERATION"
)

// pairsFew is how many pairs the tests here take, if they are not told another number.
const pairsFew = 30_000

// canaries are the pairs that change from one child to the next.
const canaries = 1000

// Numbers that may be set from outside for a longer run.
const (
	pairsVariable = "WAYBILL_VIEW_PAIRS" // how many pairs the topic has at first
	killsVariable = "WAYBILL_VIEW_KILLS" // how often the process is killed
	seedVariable  = "WAYBILL_SEED"       // of chance
)

func TestMain(m *testing.M) {
	if os.Getenv(childBrokers) == "" {
		goleak.VerifyTestMain(m)
		return
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
	kafka := append(embeddedtest.Quick(), kgo.SeedBrokers(strings.Split(os.Getenv(childBrokers), ",")...))
	began := time.Now()
	v := New(Config{Kafka: kafka, Dir: os.Getenv(childDir), Log: slog.New(slog.DiscardHandler)}, topics.IDCatalogue, registry)
	done := make(chan error, 1)
	go func() { done <- v.Run(ctx) }()
	err = ask(ctx, v, began)
	stop()
	return errors.Join(err, <-done)
}

// ask looks pairs up until ctx ends. An answer other than that the view is not ready must be right.
func ask(ctx context.Context, v *View, began time.Time) error {
	pairs, generation := number(childPairs, 0), number(childGeneration, 0)
	answered := false
	var took []time.Duration
	for ctx.Err() == nil {
		n := rand.IntN(pairs)
		if rand.IntN(2) == 0 {
			n = rand.IntN(canaries)
		}
		asked := time.Now()
		var entry schemas.CatalogueEntry
		found, err := v.Get(ctx, schemas.OfferKey("shop", offer(n)), &entry)
		if errors.Is(err, ErrNotReady) {
			time.Sleep(time.Millisecond)
			continue
		}
		if took = append(took, time.Since(asked)); len(took) == 20_000 {
			slices.Sort(took)
			fmt.Printf("look-ups: p50 %d µs, p99 %d µs\n", took[10_000].Microseconds(), took[19_800].Microseconds())
		}
		if err == nil && !answered {
			answered = true
			memory, cpu := used()
			fmt.Printf("ready after %.2f s, %.1f s of processor time, %d MiB of memory at most\n", time.Since(began).Seconds(), cpu.Seconds(), memory>>20)
		}
		is, _ := strconv.Atoi(entry.SKU)
		if ctx.Err() == nil && (err != nil || !found || n < canaries && is < generation) {
			err = fmt.Errorf("wrong: pair %d is found: %v, of generation %s, want %d or later; error: %w", n, found, entry.SKU, generation, err)
			fmt.Println(err)
			return err
		}
	}
	return nil
}

// used is the most memory that this process has had, in bytes, and its processor time.
func used() (memory int64, cpu time.Duration) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it takes no arguments that could be wrong
	}
	return u.Maxrss << 10, time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func offer(n int) string { return fmt.Sprintf("%08x-%d", uint32(n)*0x9E3779B9, n) }

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

// storedBytesMin is how much a view holds at least, so that what it has read lies on disk in part when it is killed, and in part does not.
const storedBytesMin = 48 << 20

// say writes pairs from…to-1 of a generation, in order, and waits until the brokers have them.
func (r *rig) say(generation, from, to int) {
	r.t.Helper()
	title := strings.Repeat("t", max(40, storedBytesMin/number(pairsVariable, pairsFew)))
	for n := from; n < to; n++ {
		entry := &schemas.CatalogueEntry{Party: "shop", OfferRef: offer(n), SKU: strconv.Itoa(generation), Quantity: "1", Unit: schemas.UnitPiece, Title: title}
		r.client.Produce(r.t.Context(), r.recordOf(entry), func(_ *kgo.Record, err error) {
			if err != nil {
				r.t.Error(err)
			}
		})
	}
	if err := r.client.Flush(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// kid is a child that runs.
type kid struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed when it has answered
	ended chan struct{}
	said  []string // once it has ended
}

// spawn starts a child that must find so many pairs.
func (r *rig) spawn(pairs, generation int) *kid {
	r.t.Helper()
	k := &kid{cmd: exec.Command(os.Args[0], "-test.run=^$"), ready: make(chan struct{}), ended: make(chan struct{})}
	k.cmd.Env = append(os.Environ(), childBrokers+"="+strings.Join(r.brokers, ","), childRegistry+"="+r.registryURL, childDir+"="+r.dir,
		childPairs+"="+strconv.Itoa(pairs), childGeneration+"="+strconv.Itoa(generation))
	k.cmd.Stderr = os.Stderr
	pipe, err := k.cmd.StdoutPipe()
	if err == nil {
		err = k.cmd.Start()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	go k.listen(pipe)
	r.t.Cleanup(func() { k.end(syscall.SIGKILL) })
	return k
}

func (k *kid) listen(pipe io.Reader) {
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		if k.said = append(k.said, lines.Text()); strings.HasPrefix(lines.Text(), "ready") {
			close(k.ready)
		}
	}
	_ = k.cmd.Wait() // how it ended is in its state
	close(k.ended)
}

func (k *kid) end(with syscall.Signal) {
	_ = k.cmd.Process.Signal(with) // it may have ended
	<-k.ended
}

// awaitReady waits until the child has answered, and is how long that took.
func (r *rig) awaitReady(k *kid) time.Duration {
	r.t.Helper()
	began := time.Now()
	select {
	case <-k.ready:
	case <-k.ended:
		r.t.Fatalf("it ended: %s", k.said)
	case <-time.After(10 * time.Minute):
		r.t.Fatal("it is not ready after ten minutes")
	}
	return time.Since(began)
}

// A process that keeps a view is killed again and again, at any moment of its reading; whatever it said before it died was right.
func TestAViewThatIsKilledWhileItReadsNeverMissesAPairThatExists(t *testing.T) {
	seed := uint64(number(seedVariable, int(time.Now().UnixNano())))
	t.Log("seed", seed)
	dice := rand.New(rand.NewPCG(seed, 31))
	pairs, kills := number(pairsVariable, pairsFew), number(killsVariable, 6)
	r := newRig(t)
	r.say(0, 0, pairs)
	first := r.spawn(pairs, 0)
	cold := r.awaitReady(first)
	first.end(syscall.SIGKILL)
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	for generation := 1; generation <= kills; generation++ {
		r.say(generation, 0, canaries)
		r.say(generation, pairs, pairs+pairs/100)
		pairs += pairs / 100
		k := r.spawn(pairs, generation)
		life := time.Duration(dice.Int64N(int64(cold * 3 / 2)))
		select {
		case <-k.ended:
			t.Fatalf("it ended by itself: %s", k.said)
		case <-time.After(life):
		}
		k.end(syscall.SIGKILL)
		t.Logf("killed after %.2f s of its life: %q", life.Seconds(), k.said)
		if slices.ContainsFunc(k.said, func(line string) bool { return strings.HasPrefix(line, "wrong") }) {
			t.Fatalf("it said something wrong: %s", k.said)
		}
		if len(k.said) > 0 && dice.IntN(2) == 0 { // it had read all: the next begins from nothing
			if err := os.RemoveAll(r.dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	last := r.spawn(pairs, kills)
	r.awaitReady(last)
	last.end(syscall.SIGTERM)
	if code := last.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the last ended with %d: %s", code, last.said)
	}
}

// BenchmarkLoad reads all pairs from nothing, and again from the checkpoint that a clean stop leaves and the one of a kill.
func BenchmarkLoad(b *testing.B) {
	pairs := number(pairsVariable, pairsFew)
	r := newRig(b)
	began := time.Now()
	r.say(0, 0, pairs)
	b.Logf("%d pairs written in %.1f s", pairs, time.Since(began).Seconds())
	for b.Loop() {
		if err := os.RemoveAll(r.dir); err != nil {
			b.Fatal(err)
		}
		for _, life := range []struct {
			name string
			end  syscall.Signal
		}{{"cold", syscall.SIGTERM}, {"after-clean-stop", syscall.SIGKILL}, {"after-kill", syscall.SIGTERM}} {
			k := r.spawn(pairs, 0)
			b.ReportMetric(r.awaitReady(k).Seconds(), life.name+"-s")
			time.Sleep(lookUpSeconds * time.Second) // in which it looks up
			k.end(life.end)
			b.Logf("%s: %s", life.name, strings.Join(k.said, "; "))
		}
		b.ReportMetric(float64(sizeOf(b, r.dir))/(1<<20), "disk-MiB")
	}
}

// lookUpSeconds is how long a child of the benchmark looks up after it is ready.
const lookUpSeconds = 5

func sizeOf(t testing.TB, dir string) (bytes int64) {
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}
