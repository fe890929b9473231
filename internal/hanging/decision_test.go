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
		steps   []step
		decided Decision
	}{
		"nothing":                             {nil, Unknown},
		"it was to be committed":              {[]step{{1, ongoing, 1}, {1, commits, 1}, {1, ended, -1}}, Commit},
		"it was to be aborted":                {[]step{{1, ongoing, 1}, {1, aborts, 1}, {1, ended, -1}}, Abort},
		"only the one before was decided":     {[]step{{1, commits, 1}, {1, ended, -1}, {1, ongoing, 1}}, Abort},
		"another producer's was":              {[]step{{1, ongoing, 1}, {2, commits, 1}}, Abort},
		"later ones, on another partition":    {[]step{{1, commits, 1}, {1, ended, -1}, {1, ongoing, 0}, {1, aborts, 0}}, Commit},
		"it is not kept any more":             {[]step{{1, ended, -1}}, Unknown},
		"the id was taken by another process": {[]step{{1, commits, 1}, {1, ended, -1}, {1, kmsg.TransactionStateEmpty, -1}}, Commit},
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
			decided, err := Decided(t.Context(), kafka, Transaction{Topic: "orders", Partition: 1, ProducerID: 1})
			if err != nil || decided != c.decided {
				t.Errorf("got %s, %v", decided, err)
			}
		})
	}
}
