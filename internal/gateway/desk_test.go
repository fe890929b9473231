package gateway

import (
	"strings"
	"testing"
	"time"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

// toDo puts tasks on a desk: a name, a deadline in seconds or 0 for none, and what it holds.
func toDo(tasks ...string) *desk {
	d := newDesk(func(string) limit.Priority { return limit.Normal })
	for n, text := range tasks {
		words := strings.Fields(text)
		t := &task{row: schemas.LedgerRow{Task: schemas.Task{TaskID: words[0], Holds: words[2:]}, Offset: int64(n), State: schemas.TaskOpen}}
		if words[1] != "0" {
			t.row.Task.Deadline = new(schemas.Millis(words[1][0]))
		}
		d.add(t)
	}
	return d
}

func anyKind(string, limit.Priority) bool { return true }

// taken are those that go now, in order.
func (d *desk) taken() (names []string) {
	for t := d.next(time.Now(), anyKind); t != nil; t = d.next(time.Now(), anyKind) {
		names = append(names, t.row.Task.TaskID)
	}
	return names
}

func TestTheEarliestDeadlineGoesFirst(t *testing.T) {
	d := toDo("a 0", "b 5", "c 3", "d 5", "e 0")
	if got := strings.Join(d.taken(), " "); got != "c b d a e" {
		t.Error(got)
	}
}

func TestATaskWaitsForAllBeforeItOnWhatItHolds(t *testing.T) {
	d := toDo("a 9 order", "b 1 order parcel", "c 2 parcel", "d 3 other")
	if got := strings.Join(d.taken(), " "); got != "d a" {
		t.Error(got)
	}
	finish := func(id, state string) {
		row := d.tasks[id].row
		row.State = state
		d.settle(d.tasks[id], row)
	}
	finish("a", schemas.TaskDone)
	if got := strings.Join(d.taken(), " "); got != "b" {
		t.Error(got)
	}
	finish("b", schemas.TaskTrashed)
	if got := d.taken(); len(got) != 0 {
		t.Errorf("%v went past one that waits for a person", got)
	}
}

func TestATaskThatWaitsForATimeIsTakenAtIt(t *testing.T) {
	d := toDo("a 0")
	entry := d.next(time.Now(), anyKind)
	row, soon := entry.row, time.Now().Add(time.Minute)
	row.State, row.NotBefore = schemas.TaskWaiting, new(schemas.At(soon))
	d.settle(entry, row)
	if d.next(time.Now(), anyKind) != nil || d.wakeAt().After(soon) {
		t.Error("it is taken at once, or never")
	}
	if d.next(soon, anyKind) != entry {
		t.Error("it is not taken at its time")
	}
}
