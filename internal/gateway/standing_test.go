package gateway

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// journal is a party that is asked what happened: each answer is one thing, as long as there are any.
type journal struct {
	*scripted
	happened int
}

func newJournal(p *scripted, happened int) *journal {
	j := &journal{p, happened}
	p.set(func(task *schemas.Task) (Answer, error) {
		at := 0
		_, _ = fmt.Sscanf(string(task.Payload.Bytes), "behind %d", &at) // of none: from the beginning
		if at == j.happened {
			return Answer{Next: task.Payload}, nil
		}
		return Answer{TheirRef: fmt.Sprint("thing ", at+1), Next: schemas.Body{Bytes: fmt.Appendf(nil, "behind %d", at+1)}, More: at+1 < j.happened}, nil
	})
	return j
}

// linked are the things that were taken further, in their order.
func (s *sim) linked() (things []string) {
	for _, r := range s.all(topics.IDMap.Name) {
		things = append(things, string(r.Key))
	}
	return things
}

// standing is the kind of call that nobody asks for.
var standing = Kind{Name: "standing", Repeatable: true, CallMax: worldCall, SettleTime: worldSettle, Every: 10 * time.Second, Then: func(t *schemas.Task, a Answer) ([]topics.Message, error) {
	if a.TheirRef == "" {
		return nil, nil
	}
	return follows(t, a)
}}

// The cursor moves in the transaction of what follows: whoever comes next goes on behind what was taken further, and takes nothing
// further twice. What says nothing new is written nowhere.
func TestAStandingCallGoesOnWhereItWas(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds = append(s.kinds, standing)
		journal := newJournal(p, 3)
		stop := s.serve("1", journal, DefaultLimits())
		time.Sleep(5 * time.Second)
		if n := len(s.linked()); n != 3 {
			t.Errorf("%d things were taken further at once, want all 3", n)
		}
		time.Sleep(time.Minute)
		rows, calls := len(s.all(topics.Ledger(simParty).Name)), p.count()
		if rows != 3 || calls < 8 || calls > 10 {
			t.Errorf("%d rows of the ledger, %d calls", rows, calls)
		}
		stop()
		journal.happened = 5
		defer s.serve("2", journal, DefaultLimits())()
		time.Sleep(time.Minute)
		if got := s.linked(); !slices.Equal(got, []string{"thing 1", "thing 2", "thing 3", "thing 4", "thing 5"}) {
			t.Errorf("taken further: %v", got)
		}
		if status := s.last(); status.Held != 0 {
			t.Errorf("it is held: %+v", status)
		}
	})
}

// What fails is tried again for ever, and waits for nobody.
func TestAStandingCallIsNeverGivenUp(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds = append(s.kinds, standing)
		p.set(fails(Permanent, "gone"))
		defer s.serve("1", p, DefaultLimits())()
		time.Sleep(2 * time.Hour)
		if len(s.trash()) != 0 || p.count() < 20 {
			t.Errorf("%d entries in the trash, %d calls", len(s.trash()), p.count())
		}
		newJournal(p, 1)
		time.Sleep(10 * time.Minute)
		if got := s.linked(); len(got) != 1 {
			t.Errorf("once it works: %v", got)
		}
	})
}

// A needless task is no call: it only drops what waits in its lane.
func TestANeedlessTaskOvertakesAndIsNotSent(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds = append(s.kinds, Kind{Name: "withdraw", Needless: true})
		p.set(fails(Transient, "busy"))
		defer s.serve("1", p, DefaultLimits())()
		task := func(id, kind string, sequence int64) {
			s.put(&schemas.Task{TaskID: id, Party: simParty, Kind: kind, Lane: "l", Sequence: sequence, Payload: schemas.Body{Bytes: []byte("{}")}})
		}
		task("said", "repeatable", 0)
		time.Sleep(time.Second)
		before := p.count()
		task("taken back", "withdraw", 1)
		task("late", "repeatable", 0)
		time.Sleep(time.Minute)
		s.wants(map[string]string{"said": schemas.TaskDropped, "taken back": schemas.TaskDropped, "late": schemas.TaskDropped})
		if before == 0 || p.count() > before+1 { // one may have been on its way
			t.Errorf("called %d times, and then: %v", before, p.calls)
		}
	})
}

// Whoever knows that there is something new has the party asked at once; also if it is being asked just then, once more.
func TestAPartyIsAskedWhatIsNewWhenSomebodySaysSo(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds = append(s.kinds, Kind{Name: "news", Repeatable: true, CallMax: worldCall, Every: time.Hour, Then: func(*schemas.Task, Answer) ([]topics.Message, error) { return nil, nil }})
		p.takes = 2 * time.Second
		p.set(func(*schemas.Task) (Answer, error) { return Answer{}, nil })
		defer s.serve("1", p, DefaultLimits())()
		asked := func(want int) {
			t.Helper()
			if got := p.count(); got != want {
				t.Errorf("asked %d times, want %d", got, want)
			}
		}
		ask := func() {
			d := deed.Deed{Does: schemas.DidRetry, Party: deed.Ask, By: "webhook", Attempts: -1}
			s.say(&kgo.Record{Key: []byte(simParty), Headers: d.Headers()})
		}
		time.Sleep(10 * time.Second)
		asked(1)
		ask()
		time.Sleep(time.Second)
		asked(2)
		ask() // while it is asked
		ask()
		time.Sleep(10 * time.Second)
		asked(3)
		time.Sleep(time.Hour)
		asked(4)
	})
}
