package gateway

import (
	"container/heap"
	"math"
	"slices"
	"time"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// desk has the tasks that are not finished, and says which may go next. It is in memory, and is made anew from the ledger by each new
// owner of the party.
type desk struct {
	priority func(kind string) limit.Priority
	tasks    map[string]*task
	turns    map[string][]*task  // by what they hold, in the order in which they came
	ready    limit.Queue[ticket] // those whose turn it is
	later    byTime              // those that wait for a time
	lifted   map[*task]struct{}  // those that go before others
	lowersAt time.Time           // when the first of them does no more
	aside    map[part][]*task    // those that are in a part of their kind that fails
	probes   map[part]*task      // of those, the last that was let on to try it
}

// ticket is a task's place in ready. It is void once the task was given another.
type ticket struct {
	*task
	number int
}

// task is one that is not finished.
type task struct {
	row       schemas.LedgerRow
	holds     []string
	notBefore time.Time // zero: at once
	ask       bool      // it may have been sent
	busy      bool      // a call or a commit of it is under way
	queued    bool      // it is in ready or later
	again     bool      // of a standing one that is busy: it is wanted once more
	isReady   bool      // it is in ready
	tickets   int       // that it was given there
	parts     []string  // of its kind that it is in
	heldTo    time.Time // when it may go, as far as that was known when it was set aside
}

func newDesk(priority func(kind string) limit.Priority) *desk {
	return &desk{priority: priority, tasks: map[string]*task{}, turns: map[string][]*task{}, lifted: map[*task]struct{}{}, aside: map[part][]*task{}, probes: map[part]*task{}}
}

// add takes in a task that is not finished, behind all that hold the same.
func (d *desk) add(t *task) {
	d.tasks[t.row.Task.TaskID] = t
	if t.row.Boost != nil {
		d.lift(t, t.row.Boost)
	}
	d.join(t)
	d.look(t)
}

// oldest is when the first was asked for of those that are not finished; 0 if all are, or nobody knows.
func (d *desk) oldest() schemas.Millis {
	first := schemas.Millis(math.MaxInt64)
	for _, t := range d.tasks {
		if t.row.AskedAt > 0 {
			first = min(first, t.row.AskedAt)
		}
	}
	if first == math.MaxInt64 {
		return 0
	}
	return first
}

// holdsOf is all that a task holds. Two of a lane are never under way together: one might overtake the other on its way.
func holdsOf(t *schemas.Task) []string {
	if t.Lane == "" {
		return t.Holds
	}
	return append(slices.Clone(t.Holds), laneKey(t.Lane))
}

func (d *desk) join(t *task) {
	t.holds = holdsOf(&t.row.Task)
	for _, held := range t.holds {
		d.turns[held] = append(d.turns[held], t)
	}
}

// look queues a task if it may be worked on: at once, or at its time.
func (d *desk) look(t *task) {
	if t.busy || t.queued || !works(t.row.State) || !d.hasTurn(t) {
		return
	}
	t.queued = true
	if t.notBefore.IsZero() {
		d.push(t)
	} else {
		heap.Push(&d.later, t)
	}
}

func (d *desk) push(t *task) {
	t.tickets++
	t.isReady = true
	d.ready.Push(limit.Item[ticket]{Kind: t.row.Task.Kind, Priority: d.priorityOf(t), Deadline: deadlineOf(t), Came: t.row.Offset, Value: ticket{t, t.tickets}})
}

// works tells whether there is something to do about a task: what was trashed or is in doubt waits for a person, and holds what it
// holds.
func works(state string) bool {
	switch state {
	case schemas.TaskOpen, schemas.TaskIntent, schemas.TaskWaiting, schemas.TaskStanding:
		return true
	}
	return false
}

// hasTurn tells whether it is the oldest on everything it holds.
func (d *desk) hasTurn(t *task) bool {
	for _, held := range t.holds {
		if d.turns[held][0] != t {
			return false
		}
	}
	return true
}

// ripen makes those ready whose time has come, and lowers those whose boost is over.
func (d *desk) ripen(now time.Time) {
	d.lower(now)
	for len(d.later) > 0 && !d.later[0].notBefore.After(now) {
		d.push(heap.Pop(&d.later).(*task))
	}
}

// hurry lets a task go that waits for a time.
func (d *desk) hurry(t *task) {
	if i := slices.Index(d.later, t); i >= 0 {
		heap.Remove(&d.later, i)
		t.notBefore, t.queued = time.Time{}, false
		d.look(t)
	}
}

// next is the task to work on now, of those whose kind may go; nil if there is none. It is busy from now on.
func (d *desk) next(now time.Time, may func(kind string, p limit.Priority) bool) *task {
	d.ripen(now)
	for {
		t, ok := d.ready.Pop(may)
		if !ok {
			return nil
		}
		if t.isReady && t.number == t.tickets {
			t.queued, t.isReady, t.busy = false, false, true
			return t.task
		}
	}
}

// wakeAt is when a task that waits for a time has its time; zero if none does.
func (d *desk) wakeAt() time.Time {
	if len(d.later) == 0 {
		return time.Time{}
	}
	return d.later[0].notBefore
}

// settle puts what was committed about a task on the desk, and lets go what it held if it is finished.
func (d *desk) settle(t *task, row schemas.LedgerRow) {
	t.row, t.busy, t.notBefore, t.ask = row, false, time.Time{}, row.State == schemas.TaskIntent
	if row.NotBefore != nil {
		t.notBefore = row.NotBefore.Time()
	}
	finished := row.State == schemas.TaskDone || row.State == schemas.TaskDropped
	if finished {
		delete(d.tasks, row.Task.TaskID)
		delete(d.lifted, t)
	}
	if finished || !slices.Equal(t.holds, holdsOf(&row.Task)) {
		for _, held := range t.holds {
			d.leave(held, t)
		}
	}
	if !finished {
		if !slices.Equal(t.holds, holdsOf(&row.Task)) { // it was not readable before, and held nothing
			d.join(t)
		}
		d.look(t)
	}
}

// leave takes a task out of a queue, and lets the next one there have its turn.
func (d *desk) leave(held string, t *task) {
	queue := d.turns[held]
	if i := slices.Index(queue, t); i >= 0 {
		queue = slices.Delete(queue, i, i+1)
	}
	if len(queue) == 0 {
		delete(d.turns, held)
		return
	}
	d.turns[held] = queue
	d.look(queue[0])
}

func deadlineOf(t *task) int64 {
	if t.row.Task.Deadline == nil {
		return math.MaxInt64
	}
	return int64(*t.row.Task.Deadline)
}

// byTime has the one on top whose time comes first.
type byTime []*task

func (h byTime) Len() int           { return len(h) }
func (h byTime) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h byTime) Less(i, j int) bool { return h[i].notBefore.Before(h[j].notBefore) }
func (h *byTime) Push(t any)        { *h = append(*h, t.(*task)) }
func (h *byTime) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return t
}
