package main

import (
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
	for _, topic := range followed {
		left, err := unread(ctx, client, topic.Name)
		if err != nil {
			client.Close()
			return nil, fmt.Errorf("read %s: %w ('waybill provision' makes what topics there lack)", topic.Name, err)
		}
		if err := t.catchUp(ctx, topic.Name, left); err != nil {
			client.Close()
			return nil, err
		}
	}
	return t, nil
}

// catchUp reads a topic up to where it ended.
func (t *trashTail) catchUp(ctx context.Context, topic string, left map[int32]int64) error {
	for idle := 0; len(left) > 0 && idle < idlePollsMax; idle++ {
		err := t.poll(ctx, time.Second, func(r *kgo.Record) {
			idle = 0
			if end, known := left[r.Partition]; known && r.Topic == topic && r.Offset >= end-1 {
				delete(left, r.Partition)
			}
		})
		if err != nil {
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
