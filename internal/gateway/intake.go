package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
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

// takeIn makes rows of new tasks, and hears what operators say. A task whose id is known changes nothing. What is about a task that
// changes in this turn already is left for the next.
func (t *tenure) takeIn(ctx context.Context, n *turn, records []*kgo.Record) error {
	now := t.now()
	for i, r := range records {
		d, is := deed.Of(r)
		if _, touched := n.touched[string(r.Key)]; touched && is {
			t.arrived = records[i:]
			return nil
		}
		n.read = r
		var err error
		switch {
		case !is && !isLive(r):
			err = t.redeem(ctx, n, r, now)
		case !is:
			err = t.take(ctx, n, r, "", now)
		case d.Party == deed.Permit:
			err = t.permit(n, r, d, now)
		case d.Party == deed.Ask:
			t.askNow()
		case d.Party == deed.Boost:
			t.boost(n, r, d, now)
		case d.Party != "":
			t.hearWord(n, r, d)
		default:
			err = t.heed(ctx, n, r, d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isLive tells the tasks that are to be carried out. What a dry run or a shadow run asks for was carried out when it was live, or never will
// be; what a repair asks for, only with a token (invariant 9).
func isLive(r *kgo.Record) bool {
	for _, h := range r.Headers {
		if h.Key == topics.HeaderMode {
			return len(h.Value) == 0 || string(h.Value) == topics.ModeLive
		}
	}
	return true
}

// refuse leaves a task alone that is not live. It gets no row: the same task may still come, live.
func (t *tenure) refuse(r *kgo.Record) {
	t.metrics.refuse(t.config.Name)
	t.log.Debug("a task of a run that is not live is not carried out", "task", string(r.Key), "offset", r.Offset)
}

// take makes a row of a new task, which is live or was approved with a plan. What can not be read goes to the trash under the key of its
// record.
func (t *tenure) take(ctx context.Context, n *turn, r *kgo.Record, plan string, now time.Time) error {
	asked := &schemas.Task{}
	err := t.registry.Decode(context.Background(), schemas.TaskSchema, r.Value, asked)
	switch {
	case errors.Is(err, schemas.ErrForeignSchema), errors.Is(err, schemas.ErrRegistry):
		return fmt.Errorf("read %s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
	case err != nil:
		asked = &schemas.Task{TaskID: string(r.Key), Party: t.config.Name, Payload: schemas.Body{Bytes: r.Value}}
	case asked.TaskID != string(r.Key):
		err = fmt.Errorf("its key is %q and its id is %q", r.Key, asked.TaskID)
		asked = &schemas.Task{TaskID: string(r.Key), Party: t.config.Name, Payload: schemas.Body{Bytes: r.Value}}
	}
	if known, failed := t.knows(n, asked.TaskID); known || failed != nil {
		return failed
	}
	s := step{row: taken(asked, r.Offset, now)}
	s.row.Plan = plan
	if err != nil {
		s.row.State, s.row.Class, s.row.Code, s.row.Reason = schemas.TaskTrashed, schemas.ClassMalformed, "unreadable", err.Error()
	} else if kind, is := t.kinds[asked.Kind]; !is {
		s = t.strange(s.row, now)
	} else if kind.Needless {
		s = dropped(s.row, now)
	} else if t.config.Rehearsed != nil && t.config.Rehearsed(asked) {
		return t.put(ctx, n, &task{row: s.row, busy: true}, rehearsed(s.row, kind, now))
	}
	if err := t.noteLane(ctx, n, &s.row); err != nil {
		return err
	}
	return t.put(ctx, n, &task{row: s.row, busy: true}, s)
}

func (t *tenure) knows(n *turn, id string) (bool, error) {
	if _, touched := n.touched[id]; touched || t.desk.tasks[id] != nil {
		return true, nil
	}
	_, ok, err := t.store.Get(nil, 0, []byte(id))
	return ok, err
}
