package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// effort is what a step took for a number of records.
type effort struct {
	records int
	wall    time.Duration
	cpu     time.Duration // of this process; the broker is another
}

func (e effort) perSecond() float64 { return float64(e.records) / e.wall.Seconds() }
func (e effort) micros() float64    { return float64(e.cpu.Microseconds()) / float64(e.records) }

// steps measures normalize against a pass-through that reads the same records and writes the same bytes, in transactions of the
// same size, round by round on the same broker.
func (b *bench) steps(ctx context.Context) error {
	var own, pass []effort
	for range b.rounds {
		if err := b.fill(ctx); err != nil {
			return err
		}
		before, err := b.ends(ctx)
		if err != nil {
			return err
		}
		e, err := b.normalizeRound(ctx)
		if err != nil {
			return err
		}
		own = append(own, e)
		if e, err = b.passRound(ctx, before); err != nil {
			return err
		}
		pass = append(pass, e)
	}
	each := func(of []effort, figure func(effort) float64) (all []float64) {
		for _, e := range of {
			all = append(all, figure(e))
		}
		return all
	}
	ownRate, passRate := each(own, effort.perSecond), each(pass, effort.perSecond)
	ownCPU, passCPU := each(own, effort.micros), each(pass, effort.micros)
	b.add("normalize", ownRate, "records/s", median(ownRate)/median(passRate), "Allegro forms, of the pass-through's records/s")
	b.add("pass-through, same output", passRate, "records/s", 0, "franz-go in transactions, the baseline")
	b.add("normalize", ownCPU, "µs CPU/record", median(passCPU)/median(ownCPU), "pass-through ÷ normalize")
	b.add("pass-through, same output", passCPU, "µs CPU/record", 0, "")
	return nil
}

// fill stores new orders on orders.raw, as a door does.
func (b *bench) fill(ctx context.Context) error {
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: b.records, Seed: uint64(b.fed) + 1})
	if err != nil {
		return err
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
				return err
			}
			batch = batch[:0]
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return b.store.Store(ctx, batch)
}

// normalizeRound runs normalize until it has caught up.
func (b *bench) normalizeRound(ctx context.Context) (effort, error) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	step := b.step()
	go func() { done <- step.Run(ctx) }()
	for step.Ready() != nil && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	e, err := b.timed(ctx, b.config.Deployment+".normalize")
	stop()
	return e, errors.Join(err, <-done)
}

func (b *bench) step() *runner.Runner { return b.pipeline.steps[0] }

// timed measures from now until the group has read all of orders.raw.
func (b *bench) timed(ctx context.Context, group string) (effort, error) {
	began, cpu := time.Now(), cpuTime()
	e := effort{records: b.records}
	err := b.stack.awaitRead(ctx, group, []*topics.Topic{topics.OrdersRaw})
	e.wall, e.cpu = time.Since(began), cpuTime()-cpu
	return e, err
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// offsets are where topics end, by topic and partition.
type offsets map[string]map[int32]int64

func (b *bench) ends(ctx context.Context) (offsets, error) {
	all := offsets{}
	err := b.stack.admin(ctx, func(admin *kadm.Client) error {
		listed, err := admin.ListEndOffsets(ctx, topics.OrdersRaw.Name, topics.OrdersNormalized.Name, topics.TableNormalize.Name)
		listed.Each(func(o kadm.ListedOffset) {
			if all[o.Topic] == nil {
				all[o.Topic] = map[int32]int64{}
			}
			all[o.Topic][o.Partition] = o.Offset
		})
		return err
	})
	return all, err
}

// outputs are the records that normalize wrote in a round, by partition, ready to be written again to topics of their own.
func (b *bench) outputs(ctx context.Context, from offsets) (map[int32][]*kgo.Record, error) {
	out := map[int32][]*kgo.Record{}
	for _, topic := range []*topics.Topic{topics.OrdersNormalized, topics.TableNormalize} {
		err := b.stack.readTopic(ctx, topic, func(r *kgo.Record) error {
			if r.Offset >= from[topic.Name][r.Partition] {
				out[r.Partition] = append(out[r.Partition], &kgo.Record{
					Topic: "bench." + topic.Name, Partition: r.Partition, Key: r.Key, Value: r.Value, Headers: r.Headers,
				})
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what normalize wrote: %w", err)
		}
	}
	return out, nil
}
