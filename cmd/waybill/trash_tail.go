package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
	"waybill/schemas"
	"waybill/topics"
)

// trashTail follows what becomes of some entries, and of the job that is about them.
type trashTail struct {
	client   *kgo.Client
	registry *schemas.Registry
	items    map[string]*trashItem // the wanted ones that are there, as they stand now
	wanted   map[string]bool
	job      *schemas.TrashJob // as it stands on the topic; nil if it is not there
	jobID    string
}

// tail begins to follow the entries of a job, and has caught up with how they stand.
func (s *stack) tail(ctx context.Context, job *schemas.TrashJob) (*trashTail, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	followed := []*topics.Topic{topics.Trash, topics.TrashJobs}
	if err := s.mustLet(ctx, rights.Reader, rights.ToRead(followed...)...); err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.Trash.Name, topics.TrashJobs.Name), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
	}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow the trash: %w", err)
	}
	t := &trashTail{client: client, registry: registry, items: map[string]*trashItem{}, wanted: map[string]bool{}, jobID: job.JobID}
	for _, item := range job.Items {
		t.wanted[item.TrashID] = true
	}
	if err := t.catchUp(ctx, followed); err != nil {
		client.Close()
		return nil, err
	}
	return t, nil
}

// catchUp reads the topics up to where they end.
func (t *trashTail) catchUp(ctx context.Context, followed []*topics.Topic) error {
	left := map[string]map[int32]int64{}
	for _, topic := range followed {
		ends, err := unread(ctx, t.client, topic.Name)
		if err != nil {
			return fmt.Errorf("read %s: %w ('waybill provision' makes what topics there lack)", topic.Name, err)
		}
		if len(ends) > 0 {
			left[topic.Name] = ends
		}
	}
	for heard := time.Now(); len(left) > 0; {
		err := t.poll(ctx, time.Second, func(r *kgo.Record) {
			heard = time.Now()
			ends := left[r.Topic]
			if end, known := ends[r.Partition]; known && r.Offset >= end-1 {
				delete(ends, r.Partition)
			}
			if len(ends) == 0 {
				delete(left, r.Topic)
			}
		})
		if err := cmp.Or(err, ctx.Err(), silent("the trash", heard)); err != nil {
			return err
		}
	}
	return nil
}

// poll takes in what was written, and waits no longer than that for anything.
func (t *trashTail) poll(ctx context.Context, most time.Duration, seen func(*kgo.Record)) error {
	wait, cancel := context.WithTimeout(ctx, most)
	fetches := t.client.PollFetches(wait)
	cancel()
	for _, e := range fetches.Errors() {
		if !errors.Is(e.Err, context.DeadlineExceeded) && !errors.Is(e.Err, context.Canceled) {
			return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	for r := range fetches.RecordsAll() {
		if seen != nil {
			seen(r)
		}
		if r.Attrs.IsControl() {
			continue
		}
		if err := t.take(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *trashTail) take(ctx context.Context, r *kgo.Record) error {
	key := string(r.Key)
	switch {
	case r.Topic == topics.TrashJobs.Name && key == t.jobID && r.Value != nil:
		t.job = new(schemas.TrashJob)
		return t.registry.Decode(ctx, schemas.TrashJobSchema, r.Value, t.job)
	case r.Topic == topics.Trash.Name && t.wanted[key]:
		item, err := readTrash(ctx, t.registry, r)
		if err != nil {
			return err
		}
		if delete(t.items, key); item != nil {
			t.items[key] = item
		}
	}
	return nil
}

func (t *trashTail) close() { t.client.Close() }
