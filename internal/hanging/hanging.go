// Package hanging finds transactions that nobody will end any more, and ends them (KIP-664,
// https://cwiki.apache.org/confluence/display/KAFKA/KIP-664%3A+Provide+tooling+to+detect+and+abort+hanging+transactions).
//
// A broker may lose the markers of a transaction while it stops: its coordinator takes it for ended, and its partitions hold it open
// for ever. What lies behind it no reader of what is committed gets, and offsets in it are unstable.
package hanging

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Offsets is the topic in which groups keep how far they have read.
const Offsets = "__consumer_offsets"

// Transaction is one that hangs on one partition.
type Transaction struct {
	Topic            string
	Partition        int32
	Start            int64 // its first offset there
	ProducerID       int64
	Epoch            int16
	CoordinatorEpoch int32
	Last             time.Time // that its last record bears
	ID               string    // its transactional id; empty if no coordinator tells one
}

// moment is how long after the first look a transaction still hangs that really does.
const moment = 2 * time.Second

// Find looks for what hangs on topics; one that is not there is passed over. What ends between two questions does not hang: a
// transaction that was open at both looks was so in between as well, when its coordinator did not know of it.
func Find(ctx context.Context, admin *kadm.Client, topics ...string) ([]Transaction, error) {
	first, err := look(ctx, admin, topics)
	if err != nil || len(first) == 0 {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(moment):
	}
	again, err := look(ctx, admin, topics)
	return slices.DeleteFunc(again, func(t Transaction) bool { return !slices.Contains(first, t) }), err
}

func look(ctx context.Context, admin *kadm.Client, topics []string) ([]Transaction, error) {
	all, err := open(ctx, admin, topics)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := map[int64]bool{}
	for _, t := range all {
		ids[t.ProducerID] = true
	}
	listed, err := admin.ListTransactions(ctx, slices.Collect(maps.Keys(ids)), nil)
	if err != nil {
		return nil, fmt.Errorf("list the transactions: %w", err)
	}
	var known kadm.DescribedTransactions
	if len(listed) > 0 {
		if known, err = admin.DescribeTransactions(ctx, listed.TransactionalIDs()...); err != nil {
			return nil, fmt.Errorf("describe the transactions: %w", err)
		}
	}
	return forgotten(all, known, time.Now()), nil
}

// open are all transactions that partitions of the topics hold open.
func open(ctx context.Context, admin *kadm.Client, topics []string) ([]Transaction, error) {
	metadata, err := admin.Metadata(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("ask for the topics: %w", err)
	}
	there := kadm.TopicsSet{}
	for name, topic := range metadata.Topics {
		switch {
		case errors.Is(topic.Err, kerr.UnknownTopicOrPartition):
		case topic.Err != nil:
			return nil, fmt.Errorf("ask for topic %s: %w", name, topic.Err)
		default:
			there.Add(name, topic.Partitions.Numbers()...)
		}
	}
	if len(there) == 0 {
		return nil, nil
	}
	described, err := admin.DescribeProducers(ctx, there)
	if err != nil {
		return nil, fmt.Errorf("describe the producers: %w", err)
	}
	var all []Transaction
	for _, p := range described.SortedPartitions() {
		if p.Err != nil {
			return nil, fmt.Errorf("describe the producers of %s/%d: %w", p.Topic, p.Partition, p.Err)
		}
		for _, d := range p.ActiveProducers.Sorted() {
			if d.CurrentTxnStartOffset >= 0 {
				all = append(all, Transaction{
					Topic: d.Topic, Partition: d.Partition, Start: d.CurrentTxnStartOffset, ProducerID: d.ProducerID, Epoch: d.ProducerEpoch,
					CoordinatorEpoch: d.CoordinatorEpoch, Last: time.UnixMilli(d.LastTimestamp),
				})
			}
		}
	}
	return all, nil
}

// longest is what brokers let a transaction last, unless they are told otherwise (transaction.max.timeout.ms).
const longest = 15 * time.Minute

// forgotten are those that are older than a transaction of theirs may get, and that no coordinator has to end there. A coordinator does
// not tell of a transactional id that the asking login may not describe: such a one may be as old as any.
func forgotten(all []Transaction, known kadm.DescribedTransactions, now time.Time) (some []Transaction) {
	for _, t := range all {
		age, goesOn := longest, false
		for _, d := range known {
			if d.ProducerID == t.ProducerID {
				t.ID, age = d.TxnID, time.Duration(d.TimeoutMillis)*time.Millisecond
				goesOn = d.Err != nil || d.Topics.Lookup(t.Topic, t.Partition)
			}
		}
		if !goesOn && now.Sub(t.Last) > age {
			some = append(some, t)
		}
	}
	return some
}

// End ends a transaction on its partition as its coordinator would have done it. To end it otherwise than its coordinator decided undoes
// what its producer was told, so of one whose decision is not known it is an error.
func End(ctx context.Context, admin *kadm.Client, t Transaction, decided Decision) error {
	if decided == Unknown {
		return fmt.Errorf("end the transaction of producer %d on %s/%d: what its coordinator decided is not kept any more", t.ProducerID, t.Topic, t.Partition)
	}
	there := kadm.TopicsSet{}
	there.Add(t.Topic, t.Partition)
	answers, err := admin.WriteTxnMarkers(ctx, kadm.TxnMarkers{
		ProducerID: t.ProducerID, ProducerEpoch: t.Epoch, Commit: decided == Commit, CoordinatorEpoch: max(t.CoordinatorEpoch, 0), Topics: there,
	})
	for _, answer := range answers.SortedPartitions() {
		err = cmp.Or(err, answer.Err)
	}
	if err != nil {
		return fmt.Errorf("end the transaction of producer %d on %s/%d: %w", t.ProducerID, t.Topic, t.Partition, err)
	}
	return nil
}
