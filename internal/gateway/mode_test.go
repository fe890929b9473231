package gateway

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// A replay of a year of topics buys no label; what it asks for can still be asked for live.
func TestOnlyALiveTaskIsCarriedOut(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		defer s.serve("1", p, DefaultLimits())()
		task := &schemas.Task{TaskID: "label", Party: simParty, Kind: "repeatable", Payload: schemas.Body{Bytes: []byte("{}")}}
		for _, mode := range []string{"repair", "dry_run", "shadow", "anything"} {
			s.put(task, kgo.RecordHeader{Key: topics.HeaderMode, Value: []byte(mode)})
		}
		time.Sleep(10 * time.Second)
		if p.count() != 0 || len(s.ledger()) != 0 {
			t.Errorf("%d calls, the ledger: %v", p.count(), s.states())
		}
		s.put(task, kgo.RecordHeader{Key: topics.HeaderMode, Value: []byte(topics.ModeLive)})
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"label": schemas.TaskDone})
		if p.count() != 1 {
			t.Errorf("%d calls", p.count())
		}
	})
}

// What is rehearsed goes through outbox, ledger and whatever follows, also while the party is paused, and is not sent.
func TestARehearsedTaskIsNotSentAndGoesThroughEverythingElse(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		stop := s.serve("1", p, DefaultLimits())
		s.ask("findable", "rehearsed 1", "order")
		s.ask("forgotten", "rehearsed 2", "order")
		s.ask("findable", "real", "order")
		time.Sleep(10 * time.Second)
		stop()
		defer s.serve("2", p, DefaultLimits())()
		time.Sleep(10 * time.Second)
		s.does("rehearsed 2", schemas.DidDismiss, "", nil, 1)
		time.Sleep(10 * time.Second)
		s.wants(map[string]string{"rehearsed 1": schemas.TaskDone, "rehearsed 2": schemas.TaskDropped, "real": schemas.TaskDone})
		if p.count() != 1 {
			t.Errorf("called: %v", p.calls)
		}
		for _, row := range s.ledger() {
			if row.Task.TaskID == "rehearsed 1" && (row.TheirRef != rehearsedRef || row.AskedAt == 0) {
				t.Errorf("its row: %+v", row)
			}
		}
	})
}
