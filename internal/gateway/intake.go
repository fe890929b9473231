package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
)

// read reads the outbox on from where a predecessor said it was.
func (t *tenure) read(ctx context.Context) (*kgo.Client, <-chan []*kgo.Record, error) {
	at, err := t.progress.begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	reader, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.outbox.Name: {0: at}}), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	}, t.config.Kafka...)...)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", t.outbox.Name, err)
	}
	go t.progress.say(ctx, func(err error) { t.log.Debug("how far the outbox was read is not said", "error", err) })
	arrivals := make(chan []*kgo.Record)
	go func() {
		for ctx.Err() == nil {
			fetches := reader.PollRecords(ctx, t.config.Limits.BatchMax)
			if err := fetches.Err(); err != nil && !errors.Is(err, context.Canceled) {
				t.log.Warn("outbox not read", "error", err)
			}
			if records := fetches.Records(); len(records) > 0 {
				select {
				case arrivals <- records:
				case <-ctx.Done():
				}
			}
		}
	}()
	return reader, arrivals, nil
}

// takeIn makes rows of new tasks. One whose id is known changes nothing.
func (t *tenure) takeIn(n *turn, records []*kgo.Record) error {
	now := time.Now()
	for _, r := range records {
		n.read = r
		var asked schemas.Task
		if err := t.registry.Decode(context.Background(), schemas.TaskSchema, r.Value, &asked); err != nil {
			return fmt.Errorf("read %s/%d/%d: %w", r.Topic, r.Partition, r.Offset, err)
		}
		id := asked.TaskID
		_, twice := n.taken[id]
		known, err := t.knows(id)
		if err != nil {
			return err
		}
		if twice || known {
			continue
		}
		n.taken[id] = struct{}{}
		row := taken(&asked, r.Offset, now)
		if _, is := t.kinds[asked.Kind]; !is {
			row.State, row.Class, row.Code, row.Reason = schemas.TaskTrashed, Permanent, "unknown_kind", "no connector of "+t.config.Name+" does "+asked.Kind
		}
		if err := t.noteLane(n, &row); err != nil {
			return err
		}
		n.add(&task{row: row, busy: true}, step{row: row})
	}
	return nil
}

func (t *tenure) knows(id string) (bool, error) {
	if t.desk.tasks[id] != nil {
		return true, nil
	}
	_, ok, err := t.store.Get(nil, 0, []byte(id))
	return ok, err
}
