package limit

import (
	"container/heap"
	"slices"
)

// Priority is which calls go first where not all can. Within one, the earliest deadline does.
type Priority int

// The priorities. Zero is normal.
const (
	Bulk        Priority = -1 // stock, prices: it may wait
	Normal      Priority = 0
	Interactive Priority = 1 // somebody waits for it
	Lifted      Priority = 2 // a person wants it before all others
)

// String is its name.
func (p Priority) String() string {
	switch {
	case p < Normal:
		return "bulk"
	case p == Interactive:
		return "interactive"
	case p > Interactive:
		return "lifted"
	}
	return "normal"
}

// Share is how many of so many calls at once a priority may have: the rest is kept for the higher ones.
func (p Priority) Share(calls int) int {
	switch {
	case p < Normal:
		return max(1, calls*8/10)
	case p == Normal:
		return max(1, calls*9/10)
	}
	return calls
}

// floorEvery is which call goes to the lowest priority that waits, so that a higher one never starves it: one in ten.
const floorEvery = 10

// Item is one call that waits for its turn.
type Item[T any] struct {
	Kind     string
	Priority Priority
	Deadline int64 // by when it is to be done; math.MaxInt64 for none
	Came     int64 // its place among those that are equal
	Value    T
}

// Queue has the calls that could go, if their kind may.
type Queue[T any] struct {
	kinds []*line[T] // in the order in which they came up
	taken int
}

// line is what waits of one kind, the earliest deadline on top.
type line[T any] struct {
	kind     string
	priority Priority
	items    []Item[T]
}

// Push adds a call.
func (q *Queue[T]) Push(i Item[T]) {
	at := slices.IndexFunc(q.kinds, func(l *line[T]) bool { return l.kind == i.Kind && l.priority == i.Priority })
	if at < 0 {
		at = len(q.kinds)
		q.kinds = append(q.kinds, &line[T]{kind: i.Kind, priority: i.Priority})
	}
	heap.Push(q.kinds[at], i)
}

// Pop is the call that goes next, of those whose kind may go: the highest priority, the earliest deadline. ok is false if there is none.
func (q *Queue[T]) Pop(may func(kind string, p Priority) bool) (value T, ok bool) {
	var best, lowest *line[T]
	for _, l := range q.kinds {
		if len(l.items) == 0 || !may(l.kind, l.priority) {
			continue
		}
		if best == nil || l.priority > best.priority || l.priority == best.priority && before(&l.items[0], &best.items[0]) {
			best = l
		}
		if lowest == nil || l.priority < lowest.priority || l.priority == lowest.priority && before(&l.items[0], &lowest.items[0]) {
			lowest = l
		}
	}
	if best == nil {
		return value, false
	}
	if q.taken++; q.taken%floorEvery == 0 {
		best = lowest
	}
	return heap.Pop(best).(Item[T]).Value, true
}

// Waiting calls each with the kinds of which some wait.
func (q *Queue[T]) Waiting(each func(kind string, p Priority)) {
	for _, l := range q.kinds {
		if len(l.items) > 0 {
			each(l.kind, l.priority)
		}
	}
}

// Len is how many wait.
func (q *Queue[T]) Len() (n int) {
	for _, l := range q.kinds {
		n += len(l.items)
	}
	return n
}

func before[T any](a, b *Item[T]) bool {
	return a.Deadline < b.Deadline || a.Deadline == b.Deadline && a.Came < b.Came
}

func (l *line[T]) Len() int           { return len(l.items) }
func (l *line[T]) Less(i, j int) bool { return before(&l.items[i], &l.items[j]) }
func (l *line[T]) Swap(i, j int)      { l.items[i], l.items[j] = l.items[j], l.items[i] }
func (l *line[T]) Push(i any)         { l.items = append(l.items, i.(Item[T])) }
func (l *line[T]) Pop() any {
	last := len(l.items) - 1
	i := l.items[last]
	l.items[last] = Item[T]{}
	l.items = l.items[:last]
	return i
}
