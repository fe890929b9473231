package gateway

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/internal/gateway/limit"
	"waybill/schemas"
	"waybill/topics"
)

// lift is a person's word that a task goes before others for so long; 0 takes it back.
func (s *sim) lift(id string, last time.Duration) {
	d := deed.Deed{Does: schemas.DidRetry, Party: deed.Boost, By: "anna", Why: "they called", Attempts: -1}
	if last > 0 {
		d.Until = schemas.At(time.Now().Add(last))
	}
	s.say(&kgo.Record{Key: []byte(id), Headers: d.Headers()})
}

// order is that in which the party was called.
func (p *scripted) order() (ids []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, call := range p.calls {
		var id string
		fmt.Sscan(call, &id)
		ids = append(ids, id)
	}
	return ids
}

// slow lets one call go in ten seconds.
func slow() Limits {
	l := DefaultLimits()
	l.Rate = limit.Rate{PerSecond: 0.1, Burst: 1}
	return l
}

func TestWhatIsLiftedGoesFirstWhoeverHasThePartyAndForAsLong(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		stop := s.serve("1", p, slow())
		for n := range 10 {
			s.ask("repeatable", fmt.Sprint("t", n), fmt.Sprint("order ", n/2)) // two of each order
		}
		time.Sleep(15 * time.Second) // t0 went
		s.lift("t7", 10*time.Minute) // behind t6, on the same order
		s.lift("t8", 10*time.Minute)
		s.lift("t8", 10*time.Minute)
		s.lift("t9", 12*time.Second) // over before its turn comes: t8 is before it
		s.lift("t4", 10*time.Minute)
		s.lift("t4", 0)
		time.Sleep(5 * time.Second) // t8 went
		stop()
		if last := s.last(); last.Lifted != 2 || last.LiftedBy != "anna" || last.LiftedWhy != "they called" || last.LiftedUntil == nil || len(last.Operations) == 0 {
			t.Errorf("the status says %+v", last)
		}
		lifted := 0
		for _, r := range s.all(topics.Ledger(simParty).Name) {
			var row schemas.LedgerRow
			if err := s.registry.Decode(s.Context(), schemas.LedgerRowSchema, r.Value, &row); err != nil {
				t.Fatal(err)
			}
			if row.Task.TaskID == "t8" && row.State == schemas.TaskOpen && row.Boost != nil && row.Boost.By == "anna" {
				lifted++
			}
		}
		if lifted != 1 { // it was said twice
			t.Errorf("the ledger has %d words about t8", lifted)
		}
		defer s.serve("2", p, slow())()
		time.Sleep(3 * time.Minute)
		want := []string{"t0", "t8", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t9"}
		if got := p.order(); !slices.Equal(got, want) {
			t.Errorf("called %v, want %v", got, want)
		}
		if left := s.last(); left.Lifted != 0 || left.LiftedBy != "" {
			t.Errorf("at the end %+v", left)
		}
	})
}

func TestALiftedTaskOfABulkKindGoesBeforeAllAndTheFloorStays(t *testing.T) {
	now := time.Now()
	d := newDesk(func(kind string) limit.Priority {
		return map[string]limit.Priority{"stock": limit.Bulk, "accept": limit.Interactive}[kind]
	})
	for n := range 40 {
		d.add(&task{row: schemas.LedgerRow{Task: schemas.Task{TaskID: fmt.Sprint("accept", n), Kind: "accept"}, State: schemas.TaskOpen, Offset: int64(n)}})
		d.add(&task{row: schemas.LedgerRow{Task: schemas.Task{TaskID: fmt.Sprint("stock", n), Kind: "stock"}, State: schemas.TaskOpen, Offset: int64(n)}})
	}
	d.lift(d.tasks["stock7"], &schemas.Boost{Until: schemas.At(now.Add(time.Minute))})
	d.lift(d.tasks["stock7"], &schemas.Boost{Until: schemas.At(now.Add(time.Hour))})
	var took []string
	for range 20 {
		took = append(took, d.next(now, anyKind).row.Task.TaskID)
	}
	stock := slices.DeleteFunc(slices.Clone(took), func(id string) bool { return id[:5] != "stock" })
	if took[0] != "stock7" || !slices.Equal(stock, []string{"stock7", "stock0", "stock1"}) {
		t.Errorf("took %v", took)
	}
}
