package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// followed is what the pipeline says of parcels.
type followed struct {
	pipeline *pipeline
	client   *kgo.Client
	parcels  map[string]followedParcel // by carrier and number
	labelled map[string]bool           // likewise
	events   int
	byOrigin map[string]int
	backward int
}

type followedParcel struct {
	standing string
	sequence int64
	ended    bool
}

func (p *pipeline) followParcels() (*followed, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumeTopics(topics.TrackingEvents.Name), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}, p.stack.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("follow the parcels: %w", err)
	}
	return &followed{pipeline: p, client: client, parcels: map[string]followedParcel{}, byOrigin: map[string]int{}}, nil
}

// read reads what is new.
func (f *followed) read(ctx context.Context) error {
	for ctx.Err() == nil {
		poll, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		fetches := f.client.PollFetches(poll)
		cancel()
		if fetches.NumRecords() == 0 {
			return nil
		}
		for r := range fetches.RecordsAll() {
			var e schemas.ParcelEvent
			if err := f.pipeline.registry.Decode(ctx, schemas.ParcelEventSchema, r.Value, &e); err != nil {
				return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
			}
			f.take(&e)
		}
	}
	return ctx.Err()
}

func (f *followed) take(e *schemas.ParcelEvent) {
	id := e.Party + " " + e.Number
	was := f.parcels[id]
	f.events++
	f.byOrigin[e.Origin]++
	if e.Sequence < was.sequence || e.Sequence > was.sequence && isBackward(was.standing, e.Standing) {
		f.backward++
	}
	if e.Sequence >= was.sequence {
		f.parcels[id] = followedParcel{e.Standing, e.Sequence, e.Ended}
	}
}

// forward is a parcel's life. What is not in it, as an exception, a failed attempt or a wait at a shop, may come at any time, and any of it may
// come after that.
var forward = []string{"", schemas.ParcelCreated, schemas.ParcelPickedUp, schemas.ParcelInTransit, schemas.ParcelOutForDelivery, schemas.ParcelDelivered, schemas.ParcelReturned}

// isBackward is the demo's own opinion of what no parcel does.
func isBackward(before, after string) bool {
	was, is := slices.Index(forward, before), slices.Index(forward, after)
	depot := before == schemas.ParcelOutForDelivery && after == schemas.ParcelInTransit // taken back to the depot
	return was >= 0 && is >= 0 && is < was && !depot || before == schemas.ParcelReturned && after != schemas.ParcelReturned && after != schemas.ParcelException
}
