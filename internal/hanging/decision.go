package hanging

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// decisions is the topic in which coordinators write what becomes of transactions.
const decisions = "__transaction_state"

// Decision is how a transaction is to be ended.
type Decision string

// The decisions.
const (
	Commit  Decision = "commit"
	Abort   Decision = "abort"
	Unknown Decision = "unknown" // what its coordinator wrote of it is not kept any more
)

// Decided is what the coordinator of a transaction had decided. A producer is told of a commit before any partition is: it goes on from
// there, as a step does that has put the rows into its local table. Of a transaction that was not decided nobody was told that it is
// committed, so that to abort it loses nothing.
//
// It reads what the coordinators keep, which takes READ on __transaction_state. That is compacted, so it is to be asked within days.
func Decided(ctx context.Context, kafka []kgo.Opt, t Transaction) (decided Decision, err error) {
	from := kgo.NewOffset().AtStart()
	client, err := kgo.NewClient(append(slices.Clone(kafka), kgo.ConsumeTopics(decisions), kgo.ConsumeStartOffset(from), kgo.ConsumeResetOffset(from))...)
	if err != nil {
		return Unknown, fmt.Errorf("read %s: %w", decisions, err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(ctx, decisions)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return Unknown, fmt.Errorf("read %s: %w", decisions, err)
	}
	missing := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if end.Offset > 0 {
			missing[end.Partition] = end.Offset
		}
	})
	decided = Unknown
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return Unknown, fmt.Errorf("read %s: %w", decisions, err)
		}
		for record := range fetches.RecordsAll() {
			decided = cmp.Or(t.decision(record), decided)
			if record.Offset+1 >= missing[record.Partition] {
				delete(missing, record.Partition)
			}
		}
	}
	return decided, nil
}

// decision is what a record tells of the transaction, "" unless it is about one of its producer on its partition. The last one is about it:
// a later one there would have ended it.
func (t Transaction) decision(record *kgo.Record) Decision {
	var key kmsg.TxnMetadataKey
	var value kmsg.TxnMetadataValue
	if key.ReadFrom(record.Key) != nil || record.Value == nil || value.ReadFrom(record.Value) != nil || value.ProducerID != t.ProducerID {
		return ""
	}
	for _, topic := range value.Topics {
		if topic.Topic == t.Topic && slices.Contains(topic.Partitions, t.Partition) {
			if value.State == kmsg.TransactionStatePrepareCommit {
				return Commit
			}
			return Abort
		}
	}
	return ""
}
