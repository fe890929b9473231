package broker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// admin is the broker's own client. It enters past the gate.
func (b *Broker) admin() (*kgo.Client, error) {
	return kgo.NewClient(
		kgo.SeedBrokers(b.gate.Addr().String()),
		kgo.Dialer(b.gate.inside),
		kgo.MetadataMinAge(10*time.Millisecond),
		kgo.RetryBackoffFn(func(int) time.Duration { return 10 * time.Millisecond }),
	)
}

// abortOpen aborts every open transaction. Clients are away by now; a request of theirs that was read before may still
// open one, so it looks again until there is none.
func (b *Broker) abortOpen(ctx context.Context) error {
	admin, err := b.admin()
	if err != nil {
		return err
	}
	defer admin.Close()
	for {
		open, err := kadm.NewClient(admin).ListTransactions(ctx, nil, []string{"Ongoing"})
		if err != nil {
			return fmt.Errorf("list open transactions: %w", err)
		}
		if len(open) == 0 {
			return nil
		}
		for _, id := range open.TransactionalIDs() {
			if err := fence(ctx, admin, id); err != nil {
				return fmt.Errorf("abort the open transaction of %s: %w", id, err)
			}
		}
	}
}

// fence takes a transactional id over, which aborts what its owner left open.
func fence(ctx context.Context, admin *kgo.Client, id string) error {
	request := kmsg.NewPtrInitProducerIDRequest()
	request.TransactionalID = &id
	request.TransactionTimeoutMillis = 1000
	response, err := request.RequestWith(ctx, admin)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(response.ErrorCode)
}

// abortDangling writes the abort markers that a killed broker owes: without them a reader would skip all that the same
// producer commits later, and the next start would take what was aborted for committed.
func abortDangling(ctx context.Context, admin *kgo.Client, left []dangling) error {
	for _, d := range left {
		partition := make(kadm.TopicsSet)
		partition.Add(d.topic, d.partition)
		answers, err := kadm.NewClient(admin).WriteTxnMarkers(ctx, kadm.TxnMarkers{
			ProducerID: d.producer, ProducerEpoch: d.epoch, Commit: false, Topics: partition,
		})
		answers.EachPartition(func(answer kadm.TxnMarkersPartitionResponse) { err = errors.Join(err, answer.Err) })
		// A topic that was deleted has no readers to mislead.
		if err != nil && !errors.Is(err, kerr.UnknownTopicOrPartition) {
			return fmt.Errorf("end a transaction that was open in %s/%d when the broker was killed: %w", d.topic, d.partition, err)
		}
	}
	return nil
}
