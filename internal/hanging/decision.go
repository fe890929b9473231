package hanging

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// decisions is the topic in which coordinators write what becomes of transactions.
const decisions = "__transaction_state"

// Committed says that the coordinator of a transaction had decided to commit it. A producer is told so before any partition is: it goes on
// from there, as a step does that has put the rows into its local table. Of a transaction that was not decided nobody was told that it is
// committed, so that to abort it loses nothing.
//
// It reads what the coordinators keep, which takes READ on __transaction_state. That is compacted, so it is to be asked within days.
func Committed(ctx context.Context, kafka []kgo.Opt, t Transaction) (committed bool, err error) {
	client, err := kgo.NewClient(append(slices.Clone(kafka), kgo.ConsumeTopics(decisions), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", decisions, err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(ctx, decisions)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", decisions, err)
	}
	missing := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if end.Offset > 0 {
			missing[end.Partition] = end.Offset
		}
	})
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return false, fmt.Errorf("read %s: %w", decisions, err)
		}
		for record := range fetches.RecordsAll() {
			if is, told := t.decision(record); told {
				committed = is
			}
			if record.Offset+1 >= missing[record.Partition] {
				delete(missing, record.Partition)
			}
		}
	}
	return committed, nil
}

// decision is what a record tells of the transaction, if it is about one of its producer on its partition. The last one is about it: a
// later one there would have ended it.
func (t Transaction) decision(record *kgo.Record) (commit, told bool) {
	var key kmsg.TxnMetadataKey
	var value kmsg.TxnMetadataValue
	if key.ReadFrom(record.Key) != nil || record.Value == nil || value.ReadFrom(record.Value) != nil || value.ProducerID != t.ProducerID {
		return false, false
	}
	for _, topic := range value.Topics {
		if topic.Topic == t.Topic && slices.Contains(topic.Partitions, t.Partition) {
			return value.State == kmsg.TransactionStatePrepareCommit, true
		}
	}
	return false, false
}
