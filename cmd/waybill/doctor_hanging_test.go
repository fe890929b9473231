package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/hanging"
	"waybill/topics"
)

func TestDoctorSaysWhichTransactionsHangAndHowTheyAreEnded(t *testing.T) {
	t.Parallel()
	id := "waybill-normalize-1"
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, append(names(topics.All()), "__transaction_state")...))
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
		"by a login that may alter the cluster")
	look := func(end bool) ([]hung, error) {
		var said bytes.Buffer
		a := &app{stdout: &said, stderr: io.Discard, output: "json"}
		err := a.endHanging(t.Context(), &stack{kafka: []kgo.Opt{kgo.SeedBrokers(c.ListenAddrs()...)}}, kadm.NewClient(client), end)
		return rows[hung](t, said.String()), err
	}
	var partly *exitError
	if found, err := look(true); len(found) != 2 || found[0].Decided != hanging.Unknown || found[0].Ended || !errors.As(err, &partly) || partly.code != exitPartial {
		t.Errorf("of which nobody knows what was decided are listed as %+v, %v", found, err)
	}
	decide(t, c, id, producer, topics.OrdersNormalized.Name, topics.Trash.Name)
	if found, err := look(false); len(found) != 2 || found[0].Decided != hanging.Commit || found[0].Ended || err != nil {
		t.Errorf("what hangs is listed as %+v, %v", found, err)
	}
	finds("it was only looked at", false, "on orders.normalized/0", "")
	if found, err := look(true); len(found) != 2 || !found[0].Ended || !found[1].Ended || err != nil {
		t.Errorf("what was ended is listed as %+v, %v", found, err)
	}
	endsThere(t, kadm.NewClient(client), topics.OrdersNormalized.Name, topics.Trash.Name)
	c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeProducers}, Err: kerr.TopicAuthorizationFailed, Count: -1})
	finds("it may not be asked", true, "whether one hangs is not known: describe the producers: TOPIC_AUTHORIZATION_FAILED", "'waybill acls --role reader'")
}

// decide writes what a coordinator keeps of a transaction on partition 0 of topics that it has decided to commit.
func decide(t *testing.T, c *kfake.Cluster, id string, producer int64, all ...string) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	key, value := kmsg.NewTxnMetadataKey(), kmsg.NewTxnMetadataValue()
	key.TransactionalID = id
	value.Version, value.ProducerID, value.State = 1, producer, kmsg.TransactionStatePrepareCommit
	for _, topic := range all {
		of := kmsg.NewTxnMetadataValueTopic()
		of.Topic, of.Partitions = topic, []int32{0}
		value.Topics = append(value.Topics, of)
	}
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "__transaction_state", Key: key.AppendTo(nil), Value: value.AppendTo(nil)}).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// endsThere tells whether partition 0 of each topic is stable up to the marker behind its one record.
func endsThere(t *testing.T, admin *kadm.Client, all ...string) {
	t.Helper()
	stable, err := admin.ListCommittedOffsets(t.Context(), all...)
	if err != nil || len(stable) != len(all) {
		t.Errorf("stable is %+v, %v", stable, err)
	}
	stable.Each(func(o kadm.ListedOffset) {
		if o.Partition == 0 && o.Offset != 2 {
			t.Errorf("%s is stable up to %d", o.Topic, o.Offset)
		}
	})
}
