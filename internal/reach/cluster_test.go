package reach_test

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/credentials"
	"waybill/internal/reach"
)

func cluster(t *testing.T) (*kfake.Cluster, *kgo.Client) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders.raw"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	client, err := kgo.NewClient(append(reach.Bounded(c.ListenAddrs()...), kgo.MetadataMinAge(10*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return c, client
}

// tells makes the broker tell that a partition has so many replicas, so many of them in sync.
func tells(c *kfake.Cluster, replicas, inSync int) {
	host, port, _ := net.SplitHostPort(c.ListenAddrs()[0])
	n, _ := strconv.Atoi(port)
	c.ControlKey(kmsg.Metadata.Int16(), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		asked := r.(*kmsg.MetadataRequest)
		answer := asked.ResponseKind().(*kmsg.MetadataResponse)
		answer.Brokers = append(answer.Brokers, kmsg.MetadataResponseBroker{NodeID: 0, Host: host, Port: int32(n)})
		partition := kmsg.NewMetadataResponseTopicPartition()
		for id := range int32(replicas) {
			partition.Replicas = append(partition.Replicas, id)
			if id < int32(inSync) {
				partition.ISR = append(partition.ISR, id)
			}
		}
		topic, name := kmsg.NewMetadataResponseTopic(), "orders.raw"
		topic.Topic, topic.Partitions = &name, append(topic.Partitions, partition)
		answer.Topics = append(answer.Topics, topic)
		return answer, nil, true
	})
}

func TestAPartitionWithFewerReplicasInSyncThanItNeedsIsNamed(t *testing.T) {
	for _, c := range []struct {
		replicas, inSync int
		says             string
	}{{3, 3, ""}, {3, 2, ""}, {3, 1, "1 partitions have fewer replicas in sync than min.insync.replicas, and take no writes: orders.raw/0 has 1 of 2"}, {1, 1, ""}} {
		broker, client := cluster(t)
		admin, two := kadm.NewClient(client), "2"
		if _, err := admin.AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "min.insync.replicas", Value: &two}}, "orders.raw"); err != nil {
			t.Fatal(err)
		}
		tells(broker, c.replicas, c.inSync)
		err := reach.Replicas(t.Context(), admin, []string{"orders.raw"})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d of %d in sync: %v", c.inSync, c.replicas, err)
		}
	}
}

func TestABrokerThatIsToldOfButNotReachedIsNamedWithItsAddress(t *testing.T) {
	err := reach.Kafka(false, "").Advertised(t.Context(), kadm.BrokerDetails{{NodeID: 2, Host: "127.0.0.1", Port: 1}}, credentials.Login{})
	if err == nil || !strings.Contains(err.Error(), "broker 2 at 127.0.0.1:1: nobody listens there") || !strings.Contains(err.Error(), "advertised.listeners") {
		t.Errorf("got %v", err)
	}
}

func TestABrokerWithoutAQuorumTellsNoTime(t *testing.T) {
	_, client := cluster(t)
	if at, err := reach.ControllerClock(t.Context(), client); !errors.Is(err, reach.ErrNotTold) {
		t.Errorf("got %v, %v", at, err)
	}
}
