package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// parcelWatch measures what it takes to have carriers asked for very many parcels: each has its wake-up in the table of track, and comes due
// once in an interval, which passes here as fast as the steps keep up with it.
type parcelWatch struct {
	*bench
	parcels int
	clock   movedClock
}

// watchedAccount is the account of a carrier whose parcels they are. Nobody calls it.
const watchedAccount = "dhl"

func (a *app) benchParcels() *cobra.Command {
	w := &parcelWatch{bench: &bench{app: a}}
	cmd := verb("", "parcels", "Measure how long it takes, and how much memory, to have carriers asked for all parcels that are on their way", func(cmd *cobra.Command, _ []string) error {
		if w.parcels < numbersAQuestion {
			return usage("--parcels %d: give at least %d", w.parcels, numbersAQuestion)
		}
		w.parcels -= w.parcels % numbersAQuestion // so that each question is full, and goes at once
		return w.alone(cmd, w.settle, w.run)
	})
	cmd.Flags().IntVar(&w.parcels, "parcels", 100_000, "parcels that are on their way")
	return cmd
}

func (w *parcelWatch) settle(*config.Config) { topics.Carry([]string{watchedAccount}) }

func (w *parcelWatch) run(ctx context.Context, s *stack) (err error) {
	debug.SetMemoryLimit(memoryBytesAim)
	if err := s.provisionAll(ctx, w.app.log); err != nil {
		return err
	}
	w.pipeline = &pipeline{app: w.app, stack: s, config: s.config}
	if w.registry, err = s.schemas(); err != nil {
		return err
	}
	every, now := time.Duration(s.config.Tracking.EverySeconds)*time.Second, time.Now()
	if every == 0 {
		return usage("tracking.every_seconds is 0: then no carrier is asked")
	}
	// The interval was over a moment ago, and the clock stands before it, so that nothing is due while the parcels are put in.
	w.clock.put(now.Add(-every - putInMax))
	if err := w.give(ctx, now.Add(-2*every), every); err != nil {
		return err
	}
	sources := processors.Sources{Terms: w.watched}
	track := w.parcelStep(processors.Track(sources), w.clock.now)
	return whileRuns(ctx, w.parcelStep(processors.Ask(sources), nil), func(ctx context.Context) error {
		return whileRuns(ctx, track, func(ctx context.Context) error {
			if err := w.putIn(ctx); err != nil {
				return err
			}
			return w.pass(ctx, now.Add(-every), every)
		})
	})
}

// putInMax is how long it may take to put the parcels in.
const putInMax = 6 * time.Hour

// give writes the links of all parcels, which got their labels one after the other in an interval from that time on.
func (w *parcelWatch) give(ctx context.Context, from time.Time, within time.Duration) error {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.ProducerBatchMaxBytes(int32(topics.IDMap.MessageBytes))}, w.stack.kafka...)...)
	if err != nil {
		return fmt.Errorf("link the parcels: %w", err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for n := range w.parcels {
		number := parcelNumber(n)
		at := from.Add(time.Duration(float64(within) * float64(n) / float64(w.parcels)))
		value, err := w.registry.Encode(ctx, nil, topics.IDMap.Subject(), schemas.LinkSchema, &schemas.Link{
			Party: watchedAccount, Kind: schemas.LinkTracking, Ref: number, OurID: schemas.ShipmentID(schemas.OrderID("allegro", number), "1"), At: schemas.At(at),
		})
		if err != nil {
			return err
		}
		key := []byte(schemas.LinkKey(watchedAccount, schemas.LinkTracking, number))
		client.Produce(ctx, &kgo.Record{Topic: topics.IDMap.Name, Key: key, Value: value, Timestamp: at}, func(_ *kgo.Record, err error) {
			if err != nil {
				cancel(err)
			}
		})
	}
	if err := client.Flush(ctx); err != nil {
		return fmt.Errorf("link the parcels: %w", context.Cause(ctx))
	}
	return nil
}

func parcelNumber(n int) string { return fmt.Sprintf("00340434%012d", n) }

// putIn waits until track has all links in its table.
func (w *parcelWatch) putIn(ctx context.Context) error {
	began, cpu := time.Now(), cpuTime()
	if err := w.stack.awaitRead(ctx, w.config.Deployment+"."+partTrack, []*topics.Topic{topics.IDMap}); err != nil {
		return err
	}
	took, used := time.Since(began), cpuTime()-cpu
	w.add("parcels put in", []float64{took.Seconds()}, "s", 0, fmt.Sprintf("%d of them, %.1f µs CPU each", w.parcels, micros(used, w.parcels)))
	return nil
}

// quarters are the steps in which the interval passes.
const quarters = 16

// pass lets an interval pass, and waits in each step of it until all that is due by then is out.
func (w *parcelWatch) pass(ctx context.Context, from time.Time, interval time.Duration) error {
	asked, err := w.listen()
	if err != nil {
		return err
	}
	defer asked.client.Close()
	began, cpu := time.Now(), cpuTime()
	for q := 1; q <= quarters; q++ {
		w.clock.put(from.Add(interval * time.Duration(q) / quarters))
		if err := asked.await(ctx, func() bool { return asked.due >= w.parcels*q/quarters }); err != nil {
			return err
		}
	}
	out := time.Since(began)
	if err := asked.await(ctx, func() bool { return asked.parcels >= w.parcels }); err != nil {
		return err
	}
	took, used := time.Since(began), cpuTime()-cpu
	if asked.twice > 0 || asked.due != w.parcels {
		return fmt.Errorf("%d parcels were due %d times, and %d were asked for twice", w.parcels, asked.due, asked.twice)
	}
	w.add("all of an interval due", []float64{out.Seconds()}, "s", 0, fmt.Sprintf("%d parcels, %s in %d steps", w.parcels, interval, quarters))
	w.add("all of them in questions", []float64{took.Seconds()}, "s", interval.Seconds()/took.Seconds(),
		fmt.Sprintf("%d questions, %.1f µs CPU a parcel; ratio: how much faster than the interval itself", asked.questions, micros(used, w.parcels)))
	w.add("memory of the process, at most", []float64{peakMegabytes()}, "MB RSS", 0, "both steps and who counts; the broker is another")
	return nil
}

func micros(used time.Duration, of int) float64 { return float64(used.Microseconds()) / float64(of) }

// peakMegabytes is the most memory that this process ever had in use.
func peakMegabytes() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Maxrss) / 1000 // kilobytes
}

// movedClock is a clock that goes on as all do, from where it was put.
type movedClock struct{ ahead atomic.Int64 }

func (c *movedClock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *movedClock) put(at time.Time) { c.ahead.Store(int64(time.Until(at))) }
