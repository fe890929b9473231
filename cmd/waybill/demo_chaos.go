package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// chaos is how often what is done to the pipeline's process while it works, and in the end.
type chaos struct {
	kills      int // SIGKILL, and a start under the same name
	stops      int // SIGSTOP for longer than a session, while another takes over, and SIGCONT
	rebalances int // another comes, and goes
	replays    int // when all has ended, every step reads all there is once more
}

const chaosUsage = "kill=K, stop=S, rebalance=R, replay=N, with commas between: at random instants while the pipeline works, end its process with SIGKILL so often, " +
	"make it stand still so often for longer than its session while another takes over, have another come and go so often; and let it read everything so often once more when all is done"

// chaosIn reads --chaos.
func chaosIn(said string) (c chaos, err error) {
	if said == "" {
		return c, nil
	}
	asked := map[string]*int{"kill": &c.kills, "stop": &c.stops, "rebalance": &c.rebalances, "replay": &c.replays}
	for word := range strings.SplitSeq(said, ",") {
		name, number, _ := strings.Cut(word, "=")
		times, err := strconv.Atoi(number)
		if asked[name] == nil || err != nil || times < 0 {
			return c, usage("--chaos %q: give kill=K, stop=S, rebalance=R or replay=N, with a comma between two, each with how often", said)
		}
		*asked[name] = times
	}
	return c, nil
}

// A disturbance begins any time up to disturbedTimeMax after the one before; with what the pipeline needs to work again, it takes disturbedTimeMean.
const (
	disturbedTimeMax  = 2 * time.Second
	disturbedTimeMean = 2 * time.Second
	disturbedAnOrder  = time.Millisecond // for each order the pipeline has so much longer to work between two of them
	// stoppedTime is longer than a session: whoever stands still for so long finds that another has its partitions.
	stoppedTime = 13 * time.Second
)

// pause is how long to wait after each payload.
func (d *demonstration) pause() time.Duration {
	return time.Duration(d.chaos.kills) * disturbedTimeMean / time.Duration(max(1, d.options.Orders))
}

// kill kills the pipeline at random instants, and starts it again each time, until it was killed so often.
func (d *demonstration) kill(ctx context.Context, times int) error {
	random := rand.New(rand.NewPCG(d.options.Seed, uint64(times)))
	for d.done.kills < times {
		if err := d.work(ctx, random); err != nil {
			return err
		}
		if err := d.killOnce(ctx, random); err != nil {
			return err
		}
	}
	return nil
}

// disturbance is one thing that is done to the pipeline.
type disturbance = func(context.Context, *rand.Rand) error

// disturb does all that is to be done to the pipeline, in any order, each at a random instant of its share of the time in which labels are bought; and
// kills it until it was killed so often.
func (d *demonstration) disturb(ctx context.Context, kills int) error {
	random := rand.New(rand.NewPCG(d.options.Seed, 0))
	acts := slices.Concat(
		slices.Repeat([]disturbance{d.killOnce}, max(0, kills-d.done.kills)),
		slices.Repeat([]disturbance{d.standStill}, d.chaos.stops), slices.Repeat([]disturbance{d.comeAndGo}, d.chaos.rebalances),
	)
	random.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	for i, disturbs := range acts {
		share := (float64(i) + random.Float64()) / float64(len(acts))
		if err := d.awaitBilled(ctx, share); err != nil {
			return err
		}
		if err := disturbs(ctx, random); err != nil {
			return err
		}
	}
	return nil
}

const (
	lookEvery       = 10 * time.Millisecond
	billedShare     = 0.5              // of what is packed comes to a label at least; an ERP that stumbles packs less than it was asked for
	billedStillTime = 20 * time.Second // without a label bought: nobody waits for more of them
)

// awaitBilled waits until the carriers have billed a share of what is packed and comes to a label, or bill nothing any more.
func (d *demonstration) awaitBilled(ctx context.Context, share float64) error {
	last, since := -1, time.Now()
	for time.Since(since) < billedStillTime {
		n := d.billedLabels()
		if packed := d.ground.Packed(); packed > 0 && float64(n) >= max(1, share*billedShare*float64(packed)) {
			return nil
		}
		if n != last {
			last, since = n, time.Now()
		}
		if err := wait(ctx, lookEvery); err != nil {
			return err
		}
	}
	return nil
}

// billedLabels are those that the carriers have billed.
func (d *demonstration) billedLabels() (n int) {
	books := d.ground.Books()
	for carrier, operation := range billed {
		n += books[carrier].Operations[operation].Effects
	}
	return n
}

// work lets the pipeline work until a random instant.
func (d *demonstration) work(ctx context.Context, random *rand.Rand) error {
	longest := max(disturbedTimeMax, time.Duration(d.options.Orders)*disturbedAnOrder)
	return wait(ctx, time.Duration(random.Int64N(int64(longest))))
}

func wait(ctx context.Context, long time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
		return nil
	}
}

func (d *demonstration) killOnce(ctx context.Context, _ *rand.Rand) error {
	if err := d.crew.dismiss(syscall.SIGKILL); err != nil {
		return err
	}
	d.done.kills++
	return d.start(ctx, d.at)
}

// standStill stops the process in the middle of whatever it does until another has taken over and works. Then it wakes up, goes on with what it had in
// hand, and is with the other for a while before it ends.
func (d *demonstration) standStill(ctx context.Context, random *rand.Rand) error {
	stopped := d.at
	process := d.crew.hands[stopped].cmd.Process
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		return fmt.Errorf("stop process %s: %w", stopped, err)
	}
	since := time.Now()
	err := d.start(ctx, other(stopped))
	if err == nil {
		err = wait(ctx, time.Until(since.Add(stoppedTime)))
	}
	// It ends with the others by a signal that it has to be awake for.
	if woken := process.Signal(syscall.SIGCONT); woken != nil {
		return fmt.Errorf("wake process %s: %w", stopped, woken)
	}
	if err == nil {
		err = d.work(ctx, random)
	}
	if err != nil {
		return err
	}
	d.done.stops++
	return d.crew.end(stopped, syscall.SIGTERM)
}

// comeAndGo has another process share the work for a while; then the one that was there before goes, in good order.
func (d *demonstration) comeAndGo(ctx context.Context, random *rand.Rand) error {
	was := d.at
	if err := d.start(ctx, other(was)); err != nil {
		return err
	}
	if err := d.work(ctx, random); err != nil {
		return err
	}
	d.done.rebalances++
	return d.crew.end(was, syscall.SIGTERM)
}

// other is the name of who takes over from a process, of which there are two.
func other(name string) string {
	if name == "1" {
		return "2"
	}
	return "1"
}
