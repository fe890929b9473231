package gateway

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"waybill/schemas"
)

// world is the party as it really is: what was done there, and when. It keeps its own books.
type world struct {
	mu      sync.Mutex
	random  *rand.Rand
	effects map[string]int       // how often each task was done
	at      map[string]time.Time // since when it can be found
	order   []string             // tasks as they were done
	called  int
	asked   int

	incidents []incident
	lates     int // in a hundred calls: it is done after the caller has given up

	denies    bool // it never finds anything
	sleepless bool // connectors do not look at their deadline before they send
}

// What goes wrong, in a hundred calls.
const (
	refusedShare = 10 // before anything is done, for a while
	brokenShare  = 3  // for good
	droppedShare = 20 // the answer, after it was done
	lateShare    = 10 // it is done after the caller has given up, if nothing else is said
)

// Longest that a call lasts, and that the world needs to know of what it has done.
const (
	worldCall   = 5 * time.Second
	worldSettle = 20 * time.Second
)

// incident is a time in which the party fails for all alike.
type incident struct {
	from, to time.Time
	failure  Failure
}

// newWorld is a party that is out of order twice, somewhen.
func newWorld(seed uint64) *world {
	w := &world{lates: lateShare, random: rand.New(rand.NewPCG(seed, 1)), effects: map[string]int{}, at: map[string]time.Time{}}
	for _, f := range []Failure{{Class: Transient, Code: "503", Reason: "closed for repair"}, {Class: Authentication, Code: "401", Reason: "who are you"}} {
		from := time.Now().Add(time.Duration(w.random.Int64N(int64(2 * time.Minute))))
		w.incidents = append(w.incidents, incident{from, from.Add(time.Duration(w.random.Int64N(int64(time.Minute)))), f})
	}
	return w
}

// trouble is what the party fails with now, nil if it works.
func (w *world) trouble() error {
	for _, i := range w.incidents {
		if now := time.Now(); now.After(i.from) && now.Before(i.to) {
			return &i.failure
		}
	}
	return nil
}

func (w *world) chance(share int) bool { return w.random.IntN(100) < share }

func (w *world) act(id string) {
	w.effects[id]++
	w.order = append(w.order, id)
	w.at[id] = time.Now().Add(time.Duration(w.random.Int64N(int64(worldSettle))))
}

// window is the way of one process to the world. A process that stands still sends nothing until it goes on; one that is dead never.
type window struct {
	*world
	mu     sync.Mutex
	gone   chan struct{} // closed when the process is dead
	frozen time.Time     // until when it stands still
}

func (w *window) stand() bool {
	w.mu.Lock()
	until := w.frozen
	w.mu.Unlock()
	select {
	case <-w.gone:
		return false
	case <-time.After(time.Until(until)):
	}
	select {
	case <-w.gone:
		return false
	default:
		return true
	}
}

func (w *window) Call(ctx context.Context, t *schemas.Task) (Answer, error) {
	w.world.mu.Lock()
	connects := time.Duration(w.random.Int64N(int64(500 * time.Millisecond)))
	w.world.mu.Unlock()
	time.Sleep(connects) // it can be stopped in this
	if !w.stand() {
		<-ctx.Done()
		return Answer{}, ctx.Err()
	}
	if ctx.Err() != nil && !w.sleepless {
		return Answer{}, &Failure{Class: Transient, Code: "too_late", Reason: "not sent"}
	}
	return w.world.call(ctx, t)
}

func (w *world) call(ctx context.Context, t *schemas.Task) (Answer, error) {
	w.mu.Lock()
	w.called++
	if err := w.trouble(); err != nil {
		w.mu.Unlock()
		return Answer{}, err
	}
	refused, broken, dropped, late := w.chance(refusedShare), w.chance(brokenShare), w.chance(droppedShare), w.chance(w.lates)
	takes := time.Duration(w.random.Int64N(int64(500 * time.Millisecond)))
	behind := time.Duration(w.random.Int64N(int64(worldSettle * 9 / 10)))
	again := t.Kind == "repeatable" && w.effects[t.TaskID] > 0 // which does no more than once
	if again {
		w.order = append(w.order, t.TaskID)
	} else if !refused && !broken && !late {
		w.act(t.TaskID)
	}
	w.mu.Unlock()
	time.Sleep(takes)
	switch {
	case again:
	case refused:
		return Answer{}, &Failure{Class: Throttled, Code: "429", Reason: "slower", RetryAfter: time.Second}
	case broken:
		return Answer{}, &Failure{Class: Business, Code: "closed", Reason: "the period is closed"}
	case late:
		go w.arrive(t, behind)
		select { // the caller gives up, and it is done all the same
		case <-ctx.Done():
		case <-time.After(behind):
		}
		return Answer{}, errors.New("no answer in time")
	case dropped:
		return Answer{}, errors.New("connection reset")
	}
	return Answer{TheirRef: "their " + t.TaskID, Receipt: []byte("{}")}, nil
}

// arrive does later what was asked: what may be repeated is written once more, and has happened once.
func (w *world) arrive(t *schemas.Task, behind time.Duration) {
	time.Sleep(behind)
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.Kind == "repeatable" && w.effects[t.TaskID] > 0 {
		w.order = append(w.order, t.TaskID)
		return
	}
	w.act(t.TaskID)
	w.at[t.TaskID] = time.Now()
}

func (w *window) Find(ctx context.Context, t *schemas.Task) (Answer, error) {
	if !w.stand() {
		<-ctx.Done()
		return Answer{}, ctx.Err()
	}
	return w.world.find(t)
}

func (w *world) find(t *schemas.Task) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if err := w.trouble(); err != nil {
		return Answer{}, err
	}
	if w.chance(refusedShare) {
		return Answer{}, &Failure{Class: Transient, Code: "503", Reason: "later"}
	}
	if w.denies || t.Kind == "blind" || w.effects[t.TaskID] == 0 || time.Now().Before(w.at[t.TaskID]) {
		return Answer{}, ErrAbsent
	}
	return Answer{TheirRef: "their " + t.TaskID, Receipt: []byte("{}")}, nil
}
