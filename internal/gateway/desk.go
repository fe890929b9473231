package gateway

import (
	"container/heap"
	"math"
	"time"

	"waybill/schemas"
)

// desk has the tasks that are not finished, and says which may go next. It is in memory, and is made anew from the ledger by each new
// owner of the party.
type desk struct {
	tasks map[string]*task
	turns map[string][]*task // by what they hold, in the order in which they came
	ready byDeadline         // those whose turn it is
	later byTime             // those that wait for a time
}

// task is one that is not finished.
type task struct {
	row       schemas.LedgerRow
	notBefore time.Time // zero: at once
	ask       bool      // it may have been sent: it is to be asked about, not to be sent
	busy      bool      // a call or a commit of it is under way
	queued    bool      // it is in ready or later
}

func newDesk() *desk { return &desk{tasks: map[string]*task{}, turns: map[string][]*task{}} }

// add takes in a task that is not finished, behind all that hold the same.
func (d *desk) add(t *task) {
	d.tasks[t.row.Task.TaskID] = t
	for _, held := range t.row.Task.Holds {
		d.turns[held] = append(d.turns[held], t)
	}
	d.look(t)
}

// look queues a task if it may be worked on: at once, or at its time.
func (d *desk) look(t *task) {
	if t.busy || t.queued || !works(t.row.State) || !d.hasTurn(t) {
		return
	}
	t.queued = true
	if t.notBefore.IsZero() {
		heap.Push(&d.ready, t)
	} else {
		heap.Push(&d.later, t)
	}
}

// works tells whether there is something to do about a task: what was trashed or is in doubt waits for a person, and holds what it
// holds.
func works(state string) bool {
	return state == schemas.TaskOpen || state == schemas.TaskIntent || state == schemas.TaskWaiting
}

// hasTurn tells whether it is the oldest on everything it holds.
func (d *desk) hasTurn(t *task) bool {
	for _, held := range t.row.Task.Holds {
		if d.turns[held][0] != t {
			return false
		}
	}
	return true
}

// next is the task to work on now, the earliest deadline first; nil if there is none. It is busy from now on.
func (d *desk) next(now time.Time) *task {
	for len(d.later) > 0 && !d.later[0].notBefore.After(now) {
		t := heap.Pop(&d.later).(*task)
		heap.Push(&d.ready, t)
	}
	if len(d.ready) == 0 {
		return nil
	}
	t := heap.Pop(&d.ready).(*task)
	t.queued, t.busy = false, true
	return t
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
	if row.State != schemas.TaskDone && row.State != schemas.TaskDropped {
		d.look(t)
		return
	}
	delete(d.tasks, row.Task.TaskID)
	for _, held := range row.Task.Holds {
		d.leave(held, t)
	}
}

// leave takes a task out of a queue, and lets the next one there have its turn.
func (d *desk) leave(held string, t *task) {
	queue := d.turns[held]
	for i := range queue {
		if queue[i] == t {
			queue = append(queue[:i], queue[i+1:]...)
			break
		}
	}
	if len(queue) == 0 {
		delete(d.turns, held)
		return
	}
	d.turns[held] = queue
	d.look(queue[0])
}

// byDeadline has the earliest deadline on top, and among equals the task that came first.
type byDeadline []*task

func (h byDeadline) Len() int      { return len(h) }
func (h byDeadline) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h byDeadline) Less(i, j int) bool {
	a, b := deadlineOf(h[i]), deadlineOf(h[j])
	return a < b || a == b && h[i].row.Offset < h[j].row.Offset
}
func (h *byDeadline) Push(t any) { *h = append(*h, t.(*task)) }
func (h *byDeadline) Pop() any   { return pop((*[]*task)(h)) }

func deadlineOf(t *task) schemas.Millis {
	if t.row.Task.Deadline == nil {
		return math.MaxInt64
	}
	return *t.row.Task.Deadline
}

// byTime has the one on top whose time comes first.
type byTime []*task

func (h byTime) Len() int           { return len(h) }
func (h byTime) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h byTime) Less(i, j int) bool { return h[i].notBefore.Before(h[j].notBefore) }
func (h *byTime) Push(t any)        { *h = append(*h, t.(*task)) }
func (h *byTime) Pop() any          { return pop((*[]*task)(h)) }

func pop(h *[]*task) *task {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return t
}
