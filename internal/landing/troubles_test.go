package landing

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

func TestABlockWaitsWhileTheTableIsDownAndKeepsItsRange(t *testing.T) {
	s := newStage(t, 2)
	var refused atomic.Int64
	var up atomic.Bool
	s.table.intercept(func(context.Context, *topics.Block) error {
		if up.Load() {
			return nil
		}
		refused.Add(1)
		return errRefused
	}, nil)
	s.produce(0, 80)
	s.start(s.config())
	s.await("the table has refused", func() bool { return refused.Load() >= 3 })
	s.produce(0, 80)
	s.produce(1, 80)
	s.await("the table has refused more", func() bool { return refused.Load() >= 6 })
	up.Store(true)
	s.landed()
	if s.table.tokens["orders.raw/0/0-50"] < 3 {
		t.Errorf("the first range was sent %d times: %v", s.table.tokens["orders.raw/0/0-50"], s.table.order)
	}
}

func TestMemoryIsBoundedWhileTheTableIsDown(t *testing.T) {
	s := newStage(t, 2)
	var up atomic.Bool
	s.table.intercept(func(context.Context, *topics.Block) error {
		if up.Load() {
			return nil
		}
		return errRefused
	}, nil)
	c := s.config()
	c.MemoryBytesMax = 200 << 10 // about 600 records
	m := s.start(c)
	for range 20 {
		s.produce(0, 100)
		s.produce(1, 100)
	}
	s.await("both partitions are paused", func() bool { return len(m.client.PauseFetchPartitions(nil)[s.topic.Name]) == 2 })
	if held := m.memory.used.Load(); held > 400<<10 {
		t.Errorf("%d bytes are held", held)
	}
	up.Store(true)
	s.landed()
}

func TestAValueThatNobodyCanReadLandsAsItIs(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 3)
	for _, value := range [][]byte{{}, []byte("{}"), append([]byte{0, 0, 0, 0, 1}, 0xff), {0, 0, 0, 0x7f, 0xff, 1}} {
		s.send(s.client, &kgo.Record{Key: []byte("bad"), Value: value}, true)
	}
	s.send(s.client, &kgo.Record{Key: []byte("gone"), Headers: []kgo.RecordHeader{{Key: topics.HeaderOrigin, Value: []byte("feed")}}}, true)
	s.produce(0, 3)
	s.start(s.config())
	s.landed()
	for offset := range int64(11) {
		e := s.table.events[schemas.Position(s.topic.Name, 0, offset)]
		bad, gone := offset >= 3 && offset < 7, offset == 7
		if bad != (e.Fault != "") || (bad || gone) != (e.Value == nil) || gone != (e.Raw == nil) {
			t.Errorf("offset %d landed as value %v, raw %q, fault %q", offset, e.Value, e.Raw, e.Fault)
		}
	}
	if origin := topics.Find(s.table.events[schemas.Position(s.topic.Name, 0, 7)].Headers, topics.HeaderOrigin); origin != "feed" {
		t.Errorf("the origin is %q", origin)
	}
}

func TestAValueOfANewerWaybillHoldsUpItsPartitionAlone(t *testing.T) {
	s := newStage(t, 2)
	foreign := s.foreign()
	s.send(s.client, &kgo.Record{Partition: 0, Value: foreign}, false)
	m := s.start(s.config())
	s.await("partition 0 waits", func() bool { return m.retried("schema") > 0 })
	s.produce(1, 100)
	s.landed()
	if offset, _ := s.offset(0); offset > 0 {
		t.Errorf("partition 0 stands at offset %d", offset)
	}
}

func TestTransactionsLandWithoutWhatWasAborted(t *testing.T) {
	s := newStage(t, 1)
	first := s.connect(kgo.TransactionalID("first"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	second := s.connect(kgo.TransactionalID("second"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	c := s.config()
	c.BlockRowsMax = 7
	m := s.start(c)
	for round := range 12 {
		for i, client := range []*kgo.Client{first, second} {
			if err := client.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			for n := range 5 {
				s.send(client, &kgo.Record{Key: []byte(fmt.Sprint(n)), Value: s.raw(n)}, (round+i)%3 != 0)
			}
			if err := client.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for i, client := range []*kgo.Client{first, second} {
			if err := client.EndTransaction(t.Context(), kgo.TransactionEndTry((round+i)%3 != 0)); err != nil {
				t.Fatal(err)
			}
		}
		if round == 6 {
			m.kill()
			<-m.done
			m = s.start(s.config())
		}
	}
	s.landed()
	s.verified(0)
}

func TestARebalanceInTheMiddleOfABatchLosesNothing(t *testing.T) {
	s := newStage(t, 4)
	for p := range int32(4) {
		s.produce(p, 300)
	}
	c := s.config()
	c.BlockRowsMax = 10
	first := s.start(c)
	s.await("the first member works", func() bool { return s.table.count() > 50 })
	c = s.config()
	c.BlockRowsMax = 10
	second := s.start(c)
	s.await("the second member owns partitions", func() bool { return len(second.owned()) > 0 })
	for p := range int32(4) {
		s.produce(p, 200)
	}
	s.await("the members share", func() bool { return len(first.owned()) == 2 && len(second.owned()) == 2 })
	first.stop()
	for p := range int32(4) {
		s.produce(p, 100)
	}
	s.landed()
	s.verified(0)
}

func TestAStaticMemberThatRestartsGoesOn(t *testing.T) {
	s := newStage(t, 2)
	c := s.config()
	c.Instance = "one"
	m := s.start(c)
	s.produce(0, 100)
	s.landed()
	m.stop()
	s.produce(0, 100)
	s.produce(1, 100)
	c = s.config()
	c.Instance = "one"
	s.start(c)
	s.landed()
	s.verified(0)
}

func TestABrokerOutageIsWaitedFor(t *testing.T) {
	s := newStage(t, 1)
	s.produce(0, 100)
	s.start(s.config())
	s.landed()
	s.broker.Restart()
	s.produce(0, 100)
	s.landed()
	s.verified(0)
}

// Else the group would look behind for ever by what was given up, to whoever asks the broker.
func TestTheOffsetComesToTheEndAlsoIfWhatStandsThereWasGivenUp(t *testing.T) {
	s := newStage(t, 1)
	client := s.connect(kgo.TransactionalID("step"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	transaction := func(commit bool) {
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		s.send(client, &kgo.Record{Key: []byte("1"), Value: s.raw(1)}, commit)
		if err := client.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := client.EndTransaction(t.Context(), kgo.TransactionEndTry(commit)); err != nil {
			t.Fatal(err)
		}
	}
	atTheEnd := func() bool {
		ends, err := kadm.NewClient(s.client).ListEndOffsets(t.Context(), s.topic.Name)
		if err != nil {
			t.Fatal(err)
		}
		end, _ := ends.Lookup(s.topic.Name, 0)
		at, promised := s.offset(0)
		return at == end.Offset && promised.next == nil
	}
	transaction(true)
	transaction(false)
	m := s.start(s.config())
	s.landed()
	s.await("the offset is at the end", atTheEnd)
	m.stop()
	transaction(false)
	s.start(s.config())
	s.await("the offset is at the end of what was given up alone", atTheEnd)
	transaction(true)
	s.landed()
	s.verified(0)
}
