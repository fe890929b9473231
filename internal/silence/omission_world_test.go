package silence

import (
	"container/heap"
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// world plays the steps, and all that is outside of them, in simulated time: what happens when is drawn from a seed.
type world struct {
	testing.TB
	random *rand.Rand
	now    time.Time
	queue  happenings
	came   int64 // how much was put into the queue: of two things at one time the first comes first

	steps  []processors.Processor
	states map[string]any       // of a step and a key
	wakes  map[string]time.Time // likewise
	roads  map[string]time.Time // when the last message of a key comes to a step

	orders map[string]*life
	calls  map[string]*call   // by task
	lanes  map[string][]*call // by party and lane

	unheard  []*unheard
	sources  *Watch
	sold     map[string][]uint64 // by party and minute, how much came until the end of it
	silences []silenced
	numbers  int
}

// call is what a party is asked to do.
type call struct {
	task     *schemas.Task
	askedAt  time.Time
	finished bool
}

// silenced is a party that was found silent.
type silenced struct {
	party string
	at    time.Time
}

type happening struct {
	at   time.Time
	came int64
	what func()
}

type happenings []happening

func (h happenings) Len() int { return len(h) }
func (h happenings) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].came < h[j].came
}
func (h happenings) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *happenings) Push(x any)   { *h = append(*h, x.(happening)) }
func (h *happenings) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// waits are how long things are waited for, as they are by default.
type waits struct {
	ready, placed, accepted, scan, news, confirmed, shipped time.Duration
}

func usualWaits() waits {
	return waits{ready: 24 * time.Hour, placed: 15 * time.Minute, accepted: time.Hour, scan: 24 * time.Hour, news: 5 * 24 * time.Hour, confirmed: time.Hour, shipped: time.Minute}
}

// newWorld is one in which nothing has happened, at midnight.
func newWorld(t testing.TB, seed uint64, within waits) *world {
	topics.Call(sellers)
	topics.Carry([]string{"dhl", "inpost"})
	topics.Print([]string{"pack-1"})
	t.Cleanup(func() { topics.Call(nil); topics.Carry(nil); topics.Print(nil) })
	w := &world{
		TB: t, random: rand.New(rand.NewPCG(seed, 9)), now: midnight, states: map[string]any{}, wakes: map[string]time.Time{}, roads: map[string]time.Time{}, orders: map[string]*life{},
		calls: map[string]*call{}, lanes: map[string][]*call{}, sold: map[string][]uint64{},
	}
	s := w.agreed(within)
	w.steps = []processors.Processor{
		processors.Place(s), processors.Acknowledge(s), processors.Request(s), processors.Book(s), processors.Dispatch(s), processors.Track(s), processors.Announce(s),
	}
	hear := func(_ context.Context, messages []topics.Message) error {
		for _, m := range messages {
			w.send(m)
		}
		return nil
	}
	w.await(within, hear)
	w.sources = NewWatch(w.heard, hear, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	return w
}

// run lets all happen that comes until a time.
func (w *world) run(until time.Time) {
	for len(w.queue) > 0 && !w.queue[0].at.After(until) {
		next := heap.Pop(&w.queue).(happening)
		w.now = next.at
		next.what()
	}
	w.now = until
}

func (w *world) in(wait time.Duration, what func()) {
	w.came++
	heap.Push(&w.queue, happening{w.now.Add(wait), w.came, what})
}

// every does something again and again until a time.
func (w *world) every(wait time.Duration, until time.Time, what func() error) {
	w.in(wait, func() {
		if err := what(); err != nil {
			w.Fatal(err)
		}
		if w.now.Before(until) {
			w.every(wait, until, what)
		}
	})
}

// between draws a time, and about one with the given mean: many are shorter, few much longer.
func (w *world) between(a, b time.Duration) time.Duration {
	return a + time.Duration(w.random.Int64N(int64(b-a)))
}

func (w *world) about(mean time.Duration) time.Duration {
	return time.Duration(w.random.ExpFloat64() * float64(mean))
}

// send puts a message on its road: to the steps that read it, or out.
func (w *world) send(m topics.Message) {
	switch value := m.Value.(type) {
	case *schemas.Missing:
		w.miss(value)
		return
	case *schemas.Task:
		w.ask(value)
		return
	case *schemas.Shipment:
		w.pack(value)
	}
	for i := range w.steps {
		step := &w.steps[i]
		if slices.Contains(step.Reads, m.Topic) && (step.Minds == nil || step.Minds(m.Topic, m.Key)) {
			road := step.Name + "|" + m.Topic.Name + "|" + m.Key // on which nothing overtakes (invariant 5)
			at := w.now.Add(w.between(50*time.Millisecond, time.Second))
			if behind := w.roads[road]; at.Before(behind) {
				at = behind
			}
			w.roads[road] = at
			w.in(at.Sub(w.now), func() { w.handle(step, &topics.Event{Topic: m.Topic, Key: m.Key, Value: m.Value}) })
		}
	}
}

// handle has a step answer an event, and wakes it when it wants to be woken, as the runner does.
func (w *world) handle(step *processors.Processor, event *topics.Event) {
	of := step.Name + "|" + event.Key
	state := w.states[of]
	if state == nil {
		state = step.State.New()
		w.states[of] = state
	}
	event.At = schemas.At(w.now)
	result, err := step.Handle(event, state)
	if err != nil {
		w.Fatalf("%s of %s at %s: %v", step.Name, event.Key, w.now, err)
	}
	if result.Wake != nil {
		at := result.Wake.At.Time()
		w.wakes[of] = at
		w.in(max(0, at.Sub(w.now))+w.between(0, 2*time.Second), func() {
			if w.wakes[of].Equal(at) {
				delete(w.wakes, of)
				w.handle(step, &topics.Event{Topic: step.Back, Key: event.Key})
			}
		})
	}
	for _, m := range result.Messages {
		w.send(m)
	}
}

// ask has a party do something, which takes as long as it takes. In a lane what is newer takes the place of what is not finished.
func (w *world) ask(task *schemas.Task) {
	if w.calls[task.TaskID] != nil {
		return
	}
	c := &call{task: task, askedAt: w.now}
	w.calls[task.TaskID] = c
	if task.Lane != "" {
		lane := task.Party + "|" + task.Lane
		for _, earlier := range w.lanes[lane] {
			earlier.finished = earlier.finished || earlier.task.Sequence < task.Sequence
		}
		w.lanes[lane] = append(w.lanes[lane], c)
	}
	for _, u := range w.unheard {
		u.ask(c)
	}
	if w.withholds(task) {
		return
	}
	w.in(w.takes(task), func() {
		if c.finished {
			return
		}
		c.finished = true
		messages, err := w.then(task)
		if err != nil {
			w.Fatalf("what follows from %s: %v", task.TaskID, err)
		}
		for _, m := range messages {
			w.send(m)
		}
	})
}
