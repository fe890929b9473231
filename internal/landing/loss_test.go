package landing

import (
	"context"
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/schemas"
	"waybill/topics"
)

func TestWhatCompactionTookBeforeItLandedIsSupersededAndTheRangeIsTheSame(t *testing.T) {
	broker := embeddedtest.StartBroker(t)
	s := newStageOn(t, topics.Trash, append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))...)
	s.create(1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact")})
	for i := range 40 {
		s.entry(i%4, i >= 36)
	}
	dead := make(chan struct{})
	m := s.start(s.config())
	s.table.intercept(func(context.Context, *topics.Block) error {
		if m.ended() {
			return errRefused
		}
		m.kill()
		close(dead)
		return errRefused
	}, nil)
	<-dead
	<-m.done
	s.table.intercept(nil, nil)
	_, promised := s.offset(0)
	s.entry(9, true) // the last batch is never compacted
	broker.Cluster().Compact()
	s.start(s.config())
	s.landed()
	first := fmt.Sprintf("trash/0/%d-%d", promised.next.From, promised.next.To)
	if s.table.tokens[first] != 2 {
		t.Errorf("%s was sent %d times, of %v", first, s.table.tokens[first], s.table.order)
	}
	s.verified(36)
}

// entry puts a trash entry under that key.
func (s *stage) entry(key int, lands bool) {
	s.t.Helper()
	framed, err := s.registry.Encode(s.t.Context(), nil, s.topic.Subject(), s.topic.Schema, &schemas.TrashEntry{TrashID: fmt.Sprint(key)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(s.client, &kgo.Record{Key: fmt.Append(nil, key), Value: framed}, lands)
	if err := s.client.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func TestAPartitionIsReadAgainIfTheBrokerHasLostItsEnd(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 100)
	s.commit(5000, promise{last: &Span{4900, 5000, 100}})
	s.start(s.config())
	s.landed()
	s.await("the offset is that of the log again", func() bool { at, _ := s.offset(0); return at == 100 })
	s.produce(0, 20)
	s.landed()
}

func TestRetentionThatIsFasterThanTheLandingLeavesAGapThatIsSeen(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 100)
	m := s.start(s.config())
	s.landed()
	s.await("the offset stands at the end", func() bool { at, _ := s.offset(0); return at == 100 })
	m.stop()
	kept := len(s.want)
	s.produce(0, 50)
	deleted := kadm.Offsets{}
	deleted.AddOffset(s.topic.Name, 0, 130, -1)
	if _, err := kadm.NewClient(s.client).DeleteRecords(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	s.start(s.config())
	s.await("the rest has landed", func() bool { return s.table.count() == kept+20 })
	r := s.verify(10)
	if r.Records != 20 || r.Rows != 120 || len(r.Faults) != 1 || r.Faults[0] != "partition 0: no range covers offsets [100,130)" {
		t.Errorf("%+v", r)
	}
}

// commit sets the group's offset of partition 0.
func (s *stage) commit(offset int64, p promise) {
	s.t.Helper()
	offsets := kadm.Offsets{}
	offsets.Add(kadm.Offset{Topic: s.topic.Name, At: offset, LeaderEpoch: -1, Metadata: p.text()})
	if _, err := kadm.NewClient(s.client).CommitOffsets(s.t.Context(), "waybill.landing", offsets); err != nil {
		s.t.Fatal(err)
	}
}
