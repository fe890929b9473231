package main

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/topics"
)

func TestDoctorSaysWhichTransactionsHangAndHowTheyAreEnded(t *testing.T) {
	t.Parallel()
	id := "waybill-normalize-1"
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, names(topics.All())...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.TransactionalID(id))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	s := &stack{brokers: c.ListenAddrs()}
	finds := func(what string, ok bool, detail string, next string) {
		t.Helper()
		found := s.nothingHangs(t.Context(), kadm.NewClient(client))
		if len(found) != 1 || found[0].OK != ok || !strings.Contains(found[0].Detail, detail) || !strings.HasSuffix(found[0].Next, next) {
			t.Errorf("%s: %+v", what, found)
		}
	}
	finds("nothing was written", true, "none hangs", "")
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for _, topic := range []*topics.Topic{topics.OrdersNormalized, topics.Trash} {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic.Name}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	finds("a transaction goes on", true, "none hangs", "")
	producer, _, err := client.ProducerID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.ControlKey(kmsg.DescribeTransactions.Int16(), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		answer := r.ResponseKind().(*kmsg.DescribeTransactionsResponse)
		state := kmsg.NewDescribeTransactionsResponseTransactionState()
		state.TransactionalID, state.State, state.ProducerID = id, "CompleteCommit", producer
		answer.TransactionStates = append(answer.TransactionStates, state)
		return answer, nil, true
	})
	finds("its coordinator takes it for ended", false, "on orders.normalized/0 from offset 0, trash/0 from offset 0: what lies behind it is not read",
		"kafka-transactions.sh --bootstrap-server "+c.ListenAddrs()[0]+" abort --topic trash --partition 0 --start-offset 0")
	c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeProducers}, Err: kerr.TopicAuthorizationFailed, Count: -1})
	finds("it may not be asked", true, "whether one hangs is not known: describe the producers: TOPIC_AUTHORIZATION_FAILED", "'waybill acls --role reader'")
}
