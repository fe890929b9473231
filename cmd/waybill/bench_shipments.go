package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/sandbox"
	"waybill/internal/sandbox/fault"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// routing measures how long it takes from a label to the answer of the channel that hears of its parcel, and to that of the printer, while the
// warehouse packs so many orders a second: with every party up, and with an ERP that takes no tracking number.
type routing struct {
	demonstration
	bench  *bench
	orders int // that are packed in each round
	// by the kind of call, with all up and with the ERP down
	up, down map[string][]time.Duration
}

// The warehouse packs packedPerSecond orders, some of them at a time.
const (
	packedPerSecond = 100
	packedPerTick   = 10
	// roundsEach are with all up, and as many with the ERP down, in turn: a channel whose own limit is reached for a second would decide the p99 of one.
	roundsEach = 3
	// shippedShare is at least how many of a hundred orders come to be packed: the others are cancelled, not paid, or carried by their channel.
	shippedShare = 50
	// printedShare likewise has its label printed as soon as it comes: those of one carrier, at one station.
	printedShare = 2
	// lateMax is how long what was packed last may take until the party that is down comes back.
	lateMax = 10 * time.Second
)

func (a *app) benchShipments() *cobra.Command {
	r := &routing{bench: &bench{app: a}, demonstration: demonstration{app: a, channels: sandbox.Channels(), unasked: true}, up: map[string][]time.Duration{}, down: map[string][]time.Duration{}}
	cmd := verb("", "shipments", "Measure how long a channel waits for the parcels of its orders, and a packer for their labels, while all parties are up and while the ERP is down", func(cmd *cobra.Command, _ []string) error {
		if r.orders < packedPerSecond {
			return usage("--orders %d: give at least %d", r.orders, packedPerSecond)
		}
		return r.measure(cmd)
	})
	cmd.Flags().IntVar(&r.orders, "orders", 1000, fmt.Sprintf("orders that are packed in each round, %d a second", packedPerSecond))
	cmd.Flags().Uint64Var(&r.options.Seed, "seed", 1, "the same seed sells the same orders")
	return cmd
}

func (r *routing) measure(cmd *cobra.Command) error {
	c, err := r.app.settings(cmd)
	if err != nil {
		return err
	}
	if c.Data, err = os.MkdirTemp("", "waybill-bench-"); err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(c.Data)
	r.options.Orders = 2 * roundsEach * r.orders * 100 / shippedShare
	if err := r.run(cmd.Context(), c, r.rounds); err != nil {
		return err
	}
	r.compare("label to channel's answer", processors.KindShip)
	r.compare("label to printer's answer", processors.KindPrint)
	return r.bench.print()
}

// compare adds what was measured of a kind of call in both rounds.
func (r *routing) compare(what, kind string) {
	up, down := r.up[kind], r.down[kind]
	ratio := quantile(down, 0.99).Seconds() / quantile(up, 0.99).Seconds()
	r.bench.add(what, []float64{quantile(up, 0.5).Seconds() * 1e3}, "ms p50", 0, quantiles(up))
	r.bench.add("the same, with the ERP down", []float64{quantile(down, 0.5).Seconds() * 1e3}, "ms p50", ratio, quantiles(down)+"; ratio of the p99s")
}

// rounds sells all, and has it packed in rounds. In every second one the ERP is down for what it is told of parcels.
func (r *routing) rounds(ctx context.Context) (err error) {
	shares, err := mix(r.options, r.channels)
	if err != nil {
		return err
	}
	if err := r.start(ctx, "1"); err != nil {
		return err
	}
	if err := r.feed(ctx, shares); err != nil {
		return err
	}
	if r.calls, err = r.pipeline.stack.followCalls(); err != nil {
		return err
	}
	defer r.calls.client.Close()
	if err := r.awaitDone(ctx); err != nil {
		return err
	}
	for range roundsEach {
		if err := r.round(ctx, nil, r.up); err != nil {
			return err
		}
		if err := r.round(ctx, []fault.Rule{{Party: topics.ERP, Operation: bookedTracking, Fault: fault.Down, Probability: 1}}, r.down); err != nil {
			return err
		}
	}
	return nil
}

func (r *routing) round(ctx context.Context, faults []fault.Rule, waits map[string][]time.Duration) error {
	if err := r.ground.UseFaults(faults); err != nil {
		return err
	}
	began := time.Now()
	ticks := time.NewTicker(time.Second * packedPerTick / packedPerSecond)
	defer ticks.Stop()
	for packed := 0; packed < r.orders && ctx.Err() == nil; <-ticks.C {
		n := r.ground.Pack(packedPerTick)
		if packed += n; n == 0 {
			return fmt.Errorf("only %d orders can be packed: %d were sold for both rounds", packed, r.options.Orders)
		}
	}
	r.app.say("%d orders packed in %.1f s", r.orders, time.Since(began).Seconds())
	if len(faults) > 0 {
		select {
		case <-ctx.Done():
		case <-time.After(lateMax):
		}
		if err := r.ground.UseFaults(nil); err != nil {
			return err
		}
	}
	if err := r.awaitPacked(ctx); err != nil {
		return err
	}
	return r.time(ctx, began, waits)
}

// time adds, of all that was labelled since then, how long its channel and its printer took to answer: by the times of both records.
func (r *routing) time(ctx context.Context, since time.Time, waits map[string][]time.Duration) error {
	labelled, registry := map[string]time.Time{}, r.pipeline.registry
	err := r.pipeline.stack.readTopic(ctx, topics.Shipments, func(record *kgo.Record) error {
		var s schemas.Shipment
		if err := registry.Decode(ctx, topics.Shipments.Schema, record.Value, &s); err != nil {
			return err
		}
		if s.State == schemas.ShipmentLabelled && record.Timestamp.After(since) {
			labelled[fmt.Sprintf("%s.%d", s.ShipmentID, s.Part)] = record.Timestamp
		}
		return nil
	})
	if err != nil {
		return err
	}
	heard := map[string]int{}
	err = r.pipeline.stack.readTopic(ctx, topics.Receipts, func(record *kgo.Record) error {
		var receipt schemas.Receipt
		if err := registry.Decode(ctx, topics.Receipts.Schema, record.Value, &receipt); err != nil {
			return err
		}
		from, is := labelled[partTaskIsOf(receipt.TaskID, receipt.Kind)]
		if is && receipt.Outcome == schemas.CallDone {
			heard[receipt.Kind]++
			waits[receipt.Kind] = append(waits[receipt.Kind], record.Timestamp.Sub(from))
		}
		return nil
	})
	if told, printed := heard[processors.KindShip], heard[processors.KindPrint]; err == nil && (told < r.orders*shippedShare/100 || printed < r.orders*printedShare/100) {
		err = fmt.Errorf("of %d orders that were packed, channels heard of %d parcels, and %d labels were printed: too few to measure", r.orders, told, printed)
	}
	return err
}

// partTaskIsOf is the part of a shipment that a task of that kind is about: PARTY/KIND:SHIPMENT.PART.PARCEL@GENERATION.
func partTaskIsOf(task, kind string) string {
	_, parcel, _ := strings.Cut(task, kind+":")
	return parcel[:max(0, strings.LastIndexByte(parcel, '.'))]
}
