package hanging

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// step is what a coordinator writes of a transaction.
type step struct {
	producer  int64
	state     kmsg.TransactionState
	partition int32
}

func (s step) record() *kgo.Record {
	key, value := kmsg.NewTxnMetadataKey(), kmsg.NewTxnMetadataValue()
	key.TransactionalID = "waybill-normalize-1"
	value.Version, value.ProducerID, value.State = 1, s.producer, s.state
	if s.partition >= 0 {
		topic := kmsg.NewTxnMetadataValueTopic()
		topic.Topic, topic.Partitions = "orders", []int32{s.partition}
		value.Topics = append(value.Topics, topic)
	}
	return &kgo.Record{Topic: decisions, Key: key.AppendTo(nil), Value: value.AppendTo(nil)}
}

func TestWhatWasDecidedOfATransactionIsTheLastThatItsCoordinatorWroteOfThePartition(t *testing.T) {
	const ongoing, commits, aborts, ended = kmsg.TransactionStateOngoing, kmsg.TransactionStatePrepareCommit, kmsg.TransactionStatePrepareAbort, kmsg.TransactionStateCompleteCommit
	for name, c := range map[string]struct {
		steps     []step
		committed bool
	}{
		"nothing":                             {nil, false},
		"it was to be committed":              {[]step{{1, ongoing, 1}, {1, commits, 1}, {1, ended, -1}}, true},
		"it was to be aborted":                {[]step{{1, ongoing, 1}, {1, aborts, 1}, {1, ended, -1}}, false},
		"only the one before was decided":     {[]step{{1, commits, 1}, {1, ended, -1}, {1, ongoing, 1}}, false},
		"another producer's was":              {[]step{{1, ongoing, 1}, {2, commits, 1}}, false},
		"later ones, on another partition":    {[]step{{1, commits, 1}, {1, ended, -1}, {1, ongoing, 0}, {1, aborts, 0}}, true},
		"the id was taken by another process": {[]step{{1, commits, 1}, {1, ended, -1}, {1, kmsg.TransactionStateEmpty, -1}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, decisions))
			if err != nil {
				t.Fatal(err)
			}
			defer cluster.Close()
			kafka := []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...)}
			client, err := kgo.NewClient(append(kafka, kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)))...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			for _, s := range c.steps {
				if err := client.ProduceSync(t.Context(), s.record()).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			committed, err := Committed(t.Context(), kafka, Transaction{Topic: "orders", Partition: 1, ProducerID: 1})
			if err != nil || committed != c.committed {
				t.Errorf("got %t, %v", committed, err)
			}
		})
	}
}
