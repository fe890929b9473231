package gateway

import (
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// trashed is an entry of the trash, and when it was written.
type trashed struct {
	schemas.TrashEntry
	at time.Time
}

// operate is a person who looks at the trash now and then, knows the party's own books, and does something about each entry: some of it
// twice, some of it again much later, as a command does that was killed. Now and then they pause the party for a while.
func (s *sim) operate(done <-chan struct{}) {
	random := rand.New(rand.NewPCG(s.seed, 4))
	var late []*kgo.Record
	for {
		select {
		case <-done:
			return
		case <-time.After(10 * time.Second):
		}
		if random.IntN(10) == 0 {
			s.say(&kgo.Record{Key: []byte(simParty), Headers: deed.Deed{Does: schemas.DidRetry, Party: deed.Pause, By: "anna"}.Headers()})
			time.Sleep(5 * time.Second)
			s.say(&kgo.Record{Key: []byte(simParty), Headers: deed.Deed{Does: schemas.DidRetry, Party: deed.Resume, By: "anna"}.Headers()})
		}
		for _, entry := range s.trash() {
			if entry.State != schemas.TrashOpen || time.Since(entry.at) < worldSettle {
				continue // what may be late must be given its time
			}
			r := s.deed(random, &entry)
			for range 1 + random.IntN(2) {
				s.say(&kgo.Record{Key: r.Key, Value: r.Value, Headers: r.Headers})
			}
			late = append(late, r)
		}
		if len(late) > 0 && random.IntN(3) == 0 {
			r := late[random.IntN(len(late))]
			s.say(&kgo.Record{Key: r.Key, Value: r.Value, Headers: r.Headers})
		}
	}
}

// deed is what is to be done about an entry.
func (s *sim) deed(random *rand.Rand, entry *trashed) *kgo.Record {
	s.world.mu.Lock()
	wasDone := s.world.effects[entry.Key] > 0
	s.world.mu.Unlock()
	d := deed.Deed{TrashID: entry.TrashID, Attempts: entry.Attempts, By: "anna", Why: "because"}
	r := &kgo.Record{Key: []byte(entry.Key)}
	switch chance := random.IntN(10); {
	case entry.Class == schemas.ClassInDoubt && wasDone:
		d.Does, d.TheirRef = schemas.DidDone, "their "+entry.Key
	case chance < 3 && !wasDone:
		d.Does = schemas.DidDismiss
	case entry.Class == schemas.ClassInDoubt:
		d.Does = schemas.DidNotDone
	case chance < 5:
		d.Does, r.Value = schemas.DidEdit, entry.Value.Bytes
	default:
		d.Does, r.Value = schemas.DidRetry, entry.Value.Bytes
	}
	r.Headers = d.Headers()
	return r
}

func (s *sim) say(r *kgo.Record) {
	r.Topic = topics.Outbox(simParty).Name
	if err := s.client.ProduceSync(s.Context(), r).FirstErr(); err != nil {
		s.Error(err)
	}
}

// trash is the last word on every entry.
func (s *sim) trash() map[string]trashed {
	last := map[string]trashed{}
	for _, r := range s.all(topics.Trash.Name) {
		entry := trashed{at: r.Timestamp}
		if err := s.registry.Decode(s.Context(), schemas.TrashEntrySchema, r.Value, &entry.TrashEntry); err != nil {
			s.Fatal(err)
		}
		last[string(r.Key)] = entry
	}
	return last
}

// untidied is what is wrong with the trash once all is done.
func (s *sim) untidied() (faults []string) {
	for id, entry := range s.trash() {
		if entry.State == schemas.TrashOpen {
			faults = append(faults, id+" is open, and there is nothing left to do")
		}
		for _, f := range entry.Faults {
			if f.Code == "401" || f.Code == "503" && entry.Class == schemas.ClassExhausted {
				faults = append(faults, id+" lies in the trash because the party was out of order: "+f.Code)
			}
		}
	}
	return faults
}
