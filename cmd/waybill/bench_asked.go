package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// askedParcels are the parcels that are due, and those that questions are about.
type askedParcels struct {
	*bench
	client    *kgo.Client
	seen      []bool
	due       int
	questions int
	parcels   int
	twice     int
}

func (w *parcelWatch) listen() (*askedParcels, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.TrackingDue.Name, topics.OutboxName(watchedAccount)), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}, w.stack.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow the questions: %w", err)
	}
	return &askedParcels{bench: w.bench, client: client, seen: make([]bool, w.parcels)}, nil
}

// stillMax is how long nothing may come.
const stillMax = 5 * time.Minute

func (a *askedParcels) await(ctx context.Context, is func() bool) error {
	for heard := time.Now(); !is(); {
		poll, cancel := context.WithTimeout(ctx, time.Second)
		fetches := a.client.PollFetches(poll)
		cancel()
		if fetches.NumRecords() > 0 {
			heard = time.Now()
		}
		for r := range fetches.RecordsAll() {
			if err := a.take(ctx, r); err != nil {
				return err
			}
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Since(heard) > stillMax:
			return errors.New("nothing comes any more, and not all parcels were asked for")
		}
	}
	return nil
}

func (a *askedParcels) take(ctx context.Context, r *kgo.Record) error {
	if r.Topic == topics.TrackingDue.Name {
		a.due++
		return nil
	}
	var task schemas.Task
	if err := a.registry.Decode(ctx, schemas.TaskSchema, r.Value, &task); err != nil {
		return err
	}
	asking, err := schemas.ParseAsking(task.Payload)
	if err != nil {
		return err
	}
	a.questions++
	for _, number := range asking.Numbers {
		var n int
		if _, err := fmt.Sscanf(number, "00340434%d", &n); err != nil || n >= len(a.seen) {
			return fmt.Errorf("parcel %q was asked for, and nobody has sent it", number)
		}
		if a.parcels++; a.seen[n] {
			a.twice++
		}
		a.seen[n] = true
	}
	return nil
}
