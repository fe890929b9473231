package reach

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/credentials"
)

// Advertised connects to every broker at the address that the cluster tells of it: clients use those, not the ones of the settings.
func (t Target) Advertised(ctx context.Context, brokers kadm.BrokerDetails, l credentials.Login) error {
	faults := make([]error, len(brokers))
	var tries sync.WaitGroup
	for i, broker := range brokers {
		address := net.JoinHostPort(broker.Host, strconv.Itoa(int(broker.Port)))
		tries.Go(func() {
			err := t.Why(address, Dial(ctx, address, l.Certificates))
			var fault *Fault
			if errors.As(err, &fault) {
				fault.What = fmt.Sprintf("broker %d", broker.NodeID)
				fault.Next += "; the address is the one that its advertised.listeners tells"
			}
			faults[i] = err
		})
	}
	tries.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// Replicas is an error if a partition has fewer replicas in sync than min.insync.replicas asks for: what is written there is refused.
func Replicas(ctx context.Context, admin *kadm.Client, names []string) error {
	details, err := admin.ListTopics(ctx, names...)
	if err != nil {
		return fmt.Errorf("ask for the replicas: %w", err)
	}
	described, err := admin.DescribeTopicConfigs(ctx, names...)
	if err != nil {
		return fmt.Errorf("ask for min.insync.replicas: %w", err)
	}
	least := map[string]int{}
	for _, d := range described {
		for _, c := range d.Configs {
			if c.Key == "min.insync.replicas" {
				least[d.Name], _ = strconv.Atoi(c.MaybeValue()) // one that is told is a number
			}
		}
	}
	var short []string
	details.EachPartition(func(p kadm.PartitionDetail) {
		if want := min(least[p.Topic], len(p.Replicas)); p.Err == nil && len(p.ISR) < want {
			short = append(short, fmt.Sprintf("%s/%d has %d of %d", p.Topic, p.Partition, len(p.ISR), want))
		}
	})
	if len(short) == 0 {
		return nil
	}
	return &Fault{
		What: "kafka", Why: fmt.Sprintf("%d partitions have fewer replicas in sync than min.insync.replicas, and take no writes: %s", len(short), few(short)),
		Next: "start the brokers that are away, and wait until they have caught up",
	}
}

// few is the first of many, in a line.
func few(all []string) string {
	const most = 3
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + ", …"
}

// ErrNotTold is what a cluster answers that does not tell its time.
var ErrNotTold = errors.New("they have no quorum to ask, or this user may not ask it")

// ControllerClock asks the active controller for its time, and writes nothing: in the answer to DescribeQuorum the leader says of
// itself that it was last caught up now (KIP-836; LeaderState.describeReplicaState of Apache Kafka). It takes Describe on the
// cluster. No other answer of the protocol holds a broker's clock; a timestamp of a record may be a client's.
func ControllerClock(ctx context.Context, client *kgo.Client) (time.Time, error) {
	ask := kmsg.NewPtrDescribeQuorumRequest()
	topic := kmsg.NewDescribeQuorumRequestTopic()
	topic.Topic = "__cluster_metadata"
	topic.Partitions = append(topic.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
	ask.Topics = append(ask.Topics, topic)
	answered, err := ask.RequestWith(ctx, client)
	if err != nil {
		if ctx.Err() != nil {
			return time.Time{}, fmt.Errorf("ask the controller for its time: %w", err)
		}
		return time.Time{}, ErrNotTold // a broker without that request
	}
	if err := kerr.ErrorForCode(answered.ErrorCode); err != nil {
		return time.Time{}, ErrNotTold
	}
	for _, t := range answered.Topics {
		for _, p := range t.Partitions {
			for _, voter := range p.CurrentVoters {
				if voter.ReplicaID == p.LeaderID && voter.LastCaughtUpTimestamp > 0 {
					return time.UnixMilli(voter.LastCaughtUpTimestamp), nil
				}
			}
		}
	}
	return time.Time{}, ErrNotTold
}
