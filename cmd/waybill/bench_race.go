package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/topics"
)

// race is a step that is measured against a pass-through that reads the same records and writes the same bytes, in transactions of the
// same size, round by round on the same broker.
type race struct {
	*bench
	name       string
	step       func() *runner.Runner
	in         *topics.Topic
	out        []*topics.Topic                        // that it writes, those first that are counted
	ready      func(ctx context.Context) error        // brings about what a round needs before; nil: nothing
	fill       func(ctx context.Context) (int, error) // stores what a round reads, and is how much is to come of it
	unit, note string
}

// effort is what a step took for a number of records.
type effort struct {
	records int
	wall    time.Duration
	cpu     time.Duration // of this process; the broker is another
}

func (e effort) perSecond() float64 { return float64(e.records) / e.wall.Seconds() }
func (e effort) micros() float64    { return float64(e.cpu.Microseconds()) / float64(e.records) }

func (r *race) run(ctx context.Context) error {
	var own, pass []effort
	for range r.rounds {
		step, passing, err := r.round(ctx)
		if err != nil {
			return fmt.Errorf("measure %s: %w", r.name, err)
		}
		own, pass = append(own, step), append(pass, passing)
	}
	each := func(of []effort, figure func(effort) float64) (all []float64) {
		for _, e := range of {
			all = append(all, figure(e))
		}
		return all
	}
	ownRate, passRate := each(own, effort.perSecond), each(pass, effort.perSecond)
	ownCPU, passCPU := each(own, effort.micros), each(pass, effort.micros)
	r.add(r.name, ownRate, r.unit+"s/s", median(ownRate)/median(passRate), fmt.Sprintf("%s, of the pass-through's %ss/s", r.note, r.unit))
	r.add("pass-through, same output", passRate, r.unit+"s/s", 0, "franz-go in transactions, the baseline")
	r.add(r.name, ownCPU, "µs CPU/"+r.unit, median(passCPU)/median(ownCPU), "pass-through ÷ "+r.name)
	r.add("pass-through, same output", passCPU, "µs CPU/"+r.unit, 0, "")
	return nil
}

func (r *race) round(ctx context.Context) (own, pass effort, err error) {
	if r.ready != nil {
		if err := r.ready(ctx); err != nil {
			return own, pass, err
		}
	}
	before, err := r.ends(ctx)
	if err != nil {
		return own, pass, err
	}
	records, err := r.fill(ctx)
	if err != nil {
		return own, pass, err
	}
	if own, err = r.stepRound(ctx, records); err != nil {
		return own, pass, err
	}
	pass, err = r.passRound(ctx, before, records)
	return own, pass, err
}

// stepRound runs the step until it has caught up.
func (r *race) stepRound(ctx context.Context, records int) (e effort, err error) {
	err = whileRuns(ctx, r.step(), func(ctx context.Context) (err error) {
		e, err = r.timed(ctx, r.config.Deployment+"."+r.name, records)
		return err
	})
	return e, err
}

// whileRuns runs a step while something is done, which begins when the step is ready.
func whileRuns(ctx context.Context, step *runner.Runner, do func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- step.Run(ctx) }()
	for step.Ready() != nil && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	err := do(ctx)
	stop()
	return errors.Join(err, <-done)
}

// timed measures from now until the group has read all of the input.
func (r *race) timed(ctx context.Context, group string, records int) (effort, error) {
	began, cpu := time.Now(), cpuTime()
	err := r.stack.awaitRead(ctx, group, []*topics.Topic{r.in})
	return effort{records: records, wall: time.Since(began), cpu: cpuTime() - cpu}, err
}

// offsets are where topics end, by topic and partition.
type offsets map[string]map[int32]int64

func (r *race) ends(ctx context.Context) (offsets, error) {
	names := []string{r.in.Name}
	for _, topic := range r.out {
		names = append(names, topic.Name)
	}
	all := offsets{}
	err := r.stack.admin(ctx, func(admin *kadm.Client) error {
		listed, err := admin.ListEndOffsets(ctx, names...)
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

// outputs are the records that the step wrote in a round, by partition, ready to be written again to topics of their own.
func (r *race) outputs(ctx context.Context, from offsets, records int) (map[int32][]*kgo.Record, error) {
	out, counted := map[int32][]*kgo.Record{}, 0
	for i, topic := range r.out {
		err := r.stack.readTopic(ctx, topic, func(record *kgo.Record) error {
			if record.Offset < from[topic.Name][record.Partition] {
				return nil
			}
			if i == 0 {
				counted++
			}
			out[record.Partition] = append(out[record.Partition], &kgo.Record{
				Topic: "bench." + topic.Name, Partition: record.Partition, Key: record.Key, Value: record.Value, Headers: record.Headers,
			})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what %s wrote: %w", r.name, err)
		}
	}
	if counted != records {
		return nil, fmt.Errorf("%s wrote %d records to %s where %d were to come: what it takes says nothing", r.name, counted, r.out[0].Name, records)
	}
	return out, nil
}
