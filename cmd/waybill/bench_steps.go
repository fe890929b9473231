package main

import (
	"context"
	"syscall"
	"time"

	"waybill/internal/runner"
	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// steps measures normalize, and then track, each against a pass-through.
func (b *bench) steps(ctx context.Context) error {
	normalize := &race{
		bench: b, name: "normalize", step: b.normalize, in: topics.OrdersRaw, out: []*topics.Topic{topics.OrdersNormalized, topics.TableNormalize},
		fill: b.fill, unit: "record", note: "Allegro forms",
	}
	if err := normalize.run(ctx); err != nil {
		return err
	}
	return b.trackRace().run(ctx)
}

// fill stores new orders on orders.raw, as a door does.
func (b *bench) fill(ctx context.Context) (orders int, err error) {
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: b.records, Seed: uint64(b.fed) + 1})
	if err != nil {
		return 0, err
	}
	b.fed += b.records
	var batch []topics.Message
	for p := range payloads {
		id := schemas.OrderID("allegro", p.Ref)
		batch = append(batch, topics.Message{Topic: topics.OrdersRaw, Key: id, Value: &schemas.RawOrder{
			OrderID: id, Party: "allegro", Seller: "default", Channel: "allegro", Ref: p.Ref, Origin: schemas.OriginFeed,
			ReceivedAt: schemas.At(time.Now()), ContentType: "application/json", Body: schemas.Body{Bytes: p.Body},
		}, Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(schemas.OriginFeed)}}})
		if len(batch) == 1000 {
			if err := b.store.Store(ctx, batch); err != nil {
				return 0, err
			}
			batch = batch[:0]
		}
	}
	if len(batch) == 0 {
		return b.records, nil
	}
	return b.records, b.store.Store(ctx, batch)
}

func (b *bench) normalize() *runner.Runner { return b.pipeline.steps[0] }

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
