package gateway

import (
	"fmt"
	"testing"
	"time"

	"waybill/internal/gateway/limit"
	"waybill/schemas"
)

func TestNothingIsTrashedWhileThePartyIsOutOfOrder(t *testing.T) {
	for _, f := range []Failure{{Class: Transient, Code: "503"}, {Class: Authentication, Code: "401"}, {Class: Systemic, Code: "maintenance"}} {
		inPeace(t, func(s *sim, p *scripted) {
			p.set(fails(f.Class, f.Code))
			defer s.serve("1", p, DefaultLimits())()
			for n := range 100 {
				s.ask("findable", fmt.Sprint(n))
			}
			time.Sleep(20 * time.Minute)
			if n := p.count(); n > 200 {
				t.Errorf("%s: %d calls in twenty minutes", f.Class, n)
			}
			if now := s.last(); now.Trashed != 0 || now.Breaker == "closed" && now.Operations[1].Breaker == "closed" {
				t.Errorf("%s: %+v", f.Class, now)
			}
			p.set(works200)
			time.Sleep(3 * time.Minute)
			for id, state := range s.states() {
				if state != schemas.TaskDone {
					t.Errorf("%s: %s is %s", f.Class, id, state)
				}
			}
			if now := s.last(); now.Breaker != "closed" || now.Operations[1].Breaker != "closed" || len(s.trash()) > 0 {
				t.Errorf("%s: %+v", f.Class, now)
			}
		})
	}
}

func TestARefusedCallCostsNoAttemptAndComesWhenItMay(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.set(func(*schemas.Task) (Answer, error) {
			return Answer{}, &Failure{Class: Throttled, Code: "429", Reason: "slower", RetryAfter: time.Minute}
		})
		defer s.serve("1", p, DefaultLimits())()
		s.ask("findable", "a")
		time.Sleep(time.Hour)
		if n := p.count(); n < 30 || n > 61 {
			t.Errorf("%d calls in an hour", n)
		}
		p.set(works200)
		time.Sleep(3 * time.Minute)
		if row := s.ledger()[0]; row.State != schemas.TaskDone || row.Attempts != 1 {
			t.Errorf("%+v", row)
		}
	})
}

func TestTheStatusSaysHowLongItTakesAndWhatWillBeLate(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		limits := DefaultLimits()
		limits.Rates = map[string]limit.Rate{"findable": {PerSecond: 2, Burst: 1}}
		due := time.Now().Add(2 * time.Minute)
		for n := range 600 {
			s.put(&schemas.Task{TaskID: fmt.Sprint(n), Party: simParty, Kind: "findable", Deadline: new(schemas.At(due))})
		}
		defer s.serve("1", p, limits)()
		time.Sleep(30 * time.Second)
		now := s.last()
		o := now.Operations[1]
		if o.PerHour != 7200 || o.Held < 530 || o.Peak < o.Held || o.DrainSeconds < 250 || o.DrainSeconds > 300 || now.DrainSeconds != o.DrainSeconds {
			t.Errorf("%+v", o)
		}
		if now.WillMiss < 320 || now.WillMiss > 400 || *now.FirstMiss != schemas.At(due) {
			t.Errorf("%d will be late: %+v", now.WillMiss, now)
		}
		said := time.Duration(o.DrainSeconds) * time.Second
		began := time.Now()
		for s.last().Held > 0 {
			time.Sleep(2 * time.Second)
		}
		t.Logf("said %v, took %v", said, time.Since(began))
		if off := time.Since(began) - said; off.Abs() > said/5 {
			t.Errorf("it said %v and took %v", said, time.Since(began))
		}
	})
}

func TestALaterOneOfALaneTakesThePlaceOfOneThatFailed(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		p.set(fails(Business, "closed"))
		defer s.serve("1", p, DefaultLimits())()
		status := func(id string, sequence int64) {
			s.put(&schemas.Task{TaskID: id, Party: simParty, Kind: "repeatable", Holds: []string{"order"}, Lane: "status", Sequence: sequence})
			time.Sleep(5 * time.Second)
		}
		status("sent", 1)
		s.wants(map[string]string{"sent": schemas.TaskTrashed})
		p.set(works200)
		status("delivered", 2)
		s.wants(map[string]string{"sent": schemas.TaskDropped, "delivered": schemas.TaskDone})
		if e := s.entryOf("sent"); e.State != schemas.TrashDismissed {
			t.Errorf("%+v", e)
		}
	})
}

// Who stands for a party joins anew from time to time. The one that has it must not notice.
func TestWhoeverStandsAndJoinsAnewDisturbsNobody(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		defer s.serve("2", p, DefaultLimits())()
		time.Sleep(30 * time.Second)
		defer s.serve("1", p, DefaultLimits())()
		defer s.serve("3", p, DefaultLimits())()
		time.Sleep(time.Minute)
		since := s.last().Since
		for range 20 {
			time.Sleep(time.Minute)
			if now := s.last(); now.Since != since || time.Since(now.At.Time()) > time.Minute {
				t.Fatalf("the party was %s's since %s, and is %s's since %s, heard of at %s", s.last().Instance, since, now.Instance, now.Since, now.At)
			}
		}
	})
}
