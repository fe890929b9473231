package gateway

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// repairs are the tasks that the repair of a simulation asks for: of three, one was approved as it is, one was approved and is asked for as
// something else, and one nobody approved.
type repairs struct{ ended atomic.Bool }

const simRepairs = 9

// done is how many of them get a row, once all were asked for; before, more than there can be.
func (r *repairs) done() int {
	if !r.ended.Load() {
		return simRepairs + 1
	}
	return simRepairs / 3
}

func (s *sim) encoded(task *schemas.Task) []byte {
	b, err := s.registry.Encode(s.Context(), nil, topics.Outbox(simParty).Subject(), schemas.TaskSchema, task)
	if err != nil {
		s.Error(err)
	}
	return b
}

// approve issues the token of a task.
func (s *sim) approve(task *schemas.Task, plan string) {
	d := deed.Deed{Does: schemas.DidRetry, Party: deed.Permit, By: "anna", Why: "the mapping was wrong", Plan: plan, Attempts: -1}
	s.say(&kgo.Record{Key: []byte(task.TaskID), Value: s.encoded(task), Headers: d.Headers()})
}

func (s *sim) askAs(mode string, task *schemas.Task) {
	s.say(&kgo.Record{Key: []byte(task.TaskID), Value: s.encoded(task), Headers: []kgo.RecordHeader{{Key: topics.HeaderMode, Value: []byte(mode)}}})
}

// repair asks for tasks, and for all again, while a plan is approved more than once.
func (s *sim) repair() {
	random := rand.New(rand.NewPCG(s.seed, 5))
	defer s.repairs.ended.Store(true)
	for range 2 {
		for n := range simRepairs {
			task := &schemas.Task{
				TaskID: fmt.Sprintf("repair %s %d", []string{"approved", "otherwise", "unapproved"}[n%3], n), Party: simParty, Kind: s.kinds[random.IntN(len(s.kinds))].Name,
				Payload: schemas.Body{Bytes: []byte("as planned")},
			}
			task.Kind = s.kinds[n%len(s.kinds)].Name
			if n%3 < 2 {
				s.approve(task, "plan 1")
			}
			if n%3 == 1 {
				task.Payload.Bytes = []byte("otherwise")
			}
			for range 1 + random.IntN(2) {
				s.askAs(topics.ModeRepair, task)
			}
			time.Sleep(time.Duration(random.Int64N(int64(5 * time.Second))))
		}
	}
}

// unapproved are the tasks of the repair that were done and should not have been, and approved ones that were not.
func (s *sim) unapproved() (faults []string) {
	rows := map[string]schemas.LedgerRow{}
	for _, row := range s.ledger() {
		rows[row.Task.TaskID] = row
	}
	for n := range simRepairs {
		for _, what := range []string{"approved", "otherwise", "unapproved"} {
			id := fmt.Sprintf("repair %s %d", what, n)
			row, is := rows[id]
			switch {
			case what != "approved" && (is || s.world.effects[id] > 0):
				faults = append(faults, fmt.Sprintf("%s was taken, and done %d times", id, s.world.effects[id]))
			case what == "approved" && n%3 == 0 && (!is || row.Plan != "plan 1"):
				faults = append(faults, id+" was not taken with its plan")
			}
		}
	}
	return faults
}

func TestARepairSendsWhatWasApprovedOnceAndNothingElse(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		stop := s.serve("1", p, DefaultLimits())
		label := &schemas.Task{TaskID: "label", Party: simParty, Kind: "repeatable", Payload: schemas.Body{Bytes: []byte("10115")}}
		other := *label
		other.Payload.Bytes = []byte("10116")
		s.askAs(topics.ModeRepair, label) // before anybody approved it
		time.Sleep(time.Second)
		s.approve(label, "plan 1")
		s.askAs(topics.ModeRepair, &other)
		for _, mode := range []string{"dry_run", "shadow"} {
			s.askAs(mode, label)
		}
		time.Sleep(time.Second)
		if p.count() != 0 {
			t.Errorf("%d calls before the repair asked for what was approved", p.count())
		}
		stop()
		defer s.serve("2", p, DefaultLimits())() // the token is kept
		for range 3 {
			s.askAs(topics.ModeRepair, label)
			s.approve(label, "plan 1")
			s.approve(label, "plan 2")
		}
		s.askAs(topics.ModeRepair, label)
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"label": schemas.TaskDone})
		if got := strings.Join(p.order(), " "); got != "label" {
			t.Errorf("called %q", got)
		}
		token := s.rowOf(tokenKey("label"))
		if token.State != schemas.TaskSpent || token.Plan != "plan 1" || token.By != "anna" || s.rowOf("label").Plan != "plan 1" {
			t.Errorf("the token is %+v", token)
		}
	})
}

// rowOf is the last row of the ledger under a key.
func (s *sim) rowOf(key string) (row schemas.LedgerRow) {
	for _, r := range s.all(topics.Ledger(simParty).Name) {
		if string(r.Key) != key {
			continue
		}
		row = schemas.LedgerRow{}
		if err := s.registry.Decode(s.Context(), schemas.LedgerRowSchema, r.Value, &row); err != nil {
			s.Fatal(err)
		}
	}
	return row
}
