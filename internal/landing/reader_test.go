package landing

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/embeddedtest"
	"waybill/topics"
)

func TestARangeEndsAtAStableOffsetAlsoIfCompactionLeftAHoleThere(t *testing.T) {
	broker := embeddedtest.StartBroker(t)
	s := newStageOn(t, topics.Trash, append(embeddedtest.Quick(), kgo.SeedBrokers(broker.Brokers()...))...)
	s.create(1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact"), "delete.retention.ms": kadm.StringPtr("0")})
	s.entry(1, true)
	s.send(s.client, &kgo.Record{Key: []byte("2")}, false)
	if err := s.client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	open := s.connect(kgo.TransactionalID("open"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err := open.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	s.send(open, &kgo.Record{Key: []byte("3")}, false)
	if err := open.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	broker.Cluster().Compact()
	broker.Cluster().Compact()
	records, err := (&reader{client: s.client}).collect(t.Context(), place{s.topic.Name, 0}, Span{From: 0, To: 2})
	if err != nil || len(records) != 1 || records[0].Offset != 0 {
		t.Errorf("%d records, %v", len(records), err)
	}
}
