package hanging

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// cluster has a transaction that was begun on orders/1 and is not ended.
func cluster(t *testing.T) (*kfake.Cluster, *kadm.Client, int64) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.SeedTopics(3, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.TransactionalID("waybill-normalize-1"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "orders", Partition: 1, Value: []byte("an order")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	producer, _, err := client.ProducerID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, kadm.NewClient(client), producer
}

// forgets makes the coordinators say that the transaction was committed.
func forgets(c *kfake.Cluster, producer int64) {
	c.ControlKey(kmsg.DescribeTransactions.Int16(), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		answer := r.ResponseKind().(*kmsg.DescribeTransactionsResponse)
		state := kmsg.NewDescribeTransactionsResponseTransactionState()
		state.TransactionalID, state.State, state.ProducerID = "waybill-normalize-1", "CompleteCommit", producer
		answer.TransactionStates = append(answer.TransactionStates, state)
		return answer, nil, true
	})
}

func TestATransactionThatItsCoordinatorHasToEndDoesNotHang(t *testing.T) {
	_, admin, _ := cluster(t)
	if found, err := Find(t.Context(), admin, "orders", "not-there", Offsets); err != nil || len(found) > 0 {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestATransactionThatItsCoordinatorTakesForEndedHangsUntilItIsEnded(t *testing.T) {
	for _, decided := range []Decision{Commit, Abort} {
		c, admin, producer := cluster(t)
		forgets(c, producer)
		found, err := Find(t.Context(), admin, "orders")
		if err != nil || len(found) != 1 {
			t.Fatalf("found %+v, %v", found, err)
		}
		if one := found[0]; one.Topic != "orders" || one.Partition != 1 || one.Start != 0 || one.ID != "waybill-normalize-1" || time.Since(one.Last) > time.Minute {
			t.Errorf("found %+v", one)
		}
		if err := End(t.Context(), admin, found[0], decided); err != nil {
			t.Fatal(err)
		}
		stable, err := admin.ListCommittedOffsets(t.Context(), "orders")
		if at, _ := stable.Lookup("orders", 1); err != nil || at.Offset != 2 { // the order and the marker
			t.Errorf("stable up to %+v, %v", at, err)
		}
	}
}

func TestATransactionOfWhichNobodyKnowsWhatWasDecidedIsNotEnded(t *testing.T) {
	_, admin, producer := cluster(t)
	err := End(t.Context(), admin, Transaction{Topic: "orders", Partition: 1, ProducerID: producer}, Unknown)
	stable, _ := admin.ListCommittedOffsets(t.Context(), "orders")
	if at, _ := stable.Lookup("orders", 1); err == nil || at.Offset != 0 {
		t.Errorf("stable up to %+v, %v", at, err)
	}
}

func TestATransactionOnAPartitionThatIsNotThereCanNotBeEnded(t *testing.T) {
	_, admin, _ := cluster(t)
	if err := End(t.Context(), admin, Transaction{Topic: "orders", Partition: 7}, Abort); err == nil {
		t.Error("it was ended")
	}
}

func TestOnlyWhatIsOldAndForgottenHangs(t *testing.T) {
	now := time.Now()
	with := func(topic string, partitions ...int32) (set kadm.TopicsSet) {
		set.Add(topic, partitions...)
		return set
	}
	for name, c := range map[string]struct {
		age   time.Duration
		known kadm.DescribedTransaction
		hangs bool
	}{
		"it goes on":                            {time.Hour, kadm.DescribedTransaction{ProducerID: 1, TimeoutMillis: 10_000, State: "Ongoing", Topics: with("orders", 0, 1)}, false},
		"its marker is being written":           {time.Hour, kadm.DescribedTransaction{ProducerID: 1, TimeoutMillis: 10_000, State: "PrepareCommit", Topics: with("orders", 1)}, false},
		"another one of its goes on elsewhere":  {time.Hour, kadm.DescribedTransaction{ProducerID: 1, TimeoutMillis: 10_000, State: "Ongoing", Topics: with("orders", 0)}, true},
		"it is taken for committed":             {11 * time.Second, kadm.DescribedTransaction{ProducerID: 1, TimeoutMillis: 10_000, State: "CompleteCommit"}, true},
		"it is taken for committed, and is new": {9 * time.Second, kadm.DescribedTransaction{ProducerID: 1, TimeoutMillis: 10_000, State: "CompleteCommit"}, false},
		"what it is can not be told":            {time.Hour, kadm.DescribedTransaction{ProducerID: 1, Err: kerr.CoordinatorLoadInProgress}, false},
		"nobody knows it":                       {16 * time.Minute, kadm.DescribedTransaction{ProducerID: 2, TimeoutMillis: 10_000}, true},
		"nobody knows it, and it may be long":   {14 * time.Minute, kadm.DescribedTransaction{ProducerID: 2, TimeoutMillis: 10_000}, false},
	} {
		got := forgotten([]Transaction{{Topic: "orders", Partition: 1, ProducerID: 1, Last: now.Add(-c.age)}}, kadm.DescribedTransactions{"id": c.known}, now)
		if (len(got) == 1) != c.hangs {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
