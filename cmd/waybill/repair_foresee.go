package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/internal/view"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// foreseen is a call that comes of what is read again, as the step would write it.
type foreseen struct {
	party    string
	task     schemas.Task
	record   kgo.Record
	sum      string
	standing string // as the preview has it
	approved bool   // it has a token that nobody has spent
}

// How a call that comes of a rereading stands.
const (
	stands    = "stands"
	underWay  = "under way"
	overtaken = "needless" // a later one of its lane came, or there was nothing to tell
	forPeople = "waits for a person"
	neverMade = "never made"
)

// foresight is what comes of a run.
type foresight struct {
	records, keys int
	calls         []*foreseen // each once, in the order in which they were asked for
}

// missing are the calls that were never made.
func (f *foresight) missing() []*foreseen {
	return slices.DeleteFunc(slices.Clone(f.calls), func(c *foreseen) bool { return c.standing != neverMade })
}

// foresee reads again what a run is about, by a step with a table of its own, from the beginning of each key on, and tells the calls that come
// of it, and how they stand. It changes nothing.
func (a *app) foresee(ctx context.Context, s *stack, run *schemas.RepairRun) (*foresight, error) {
	dir, err := os.MkdirTemp("", "waybill-repair-")
	if err != nil {
		return nil, fmt.Errorf("make room for the table of the run: %w", err)
	}
	defer os.RemoveAll(dir)
	var looks sync.WaitGroup
	defer looks.Wait() // the views write to the folder until they have ended
	ctx, end := context.WithCancel(ctx)
	defer end()
	step, views, err := a.stepToReread(ctx, s, run.Step, dir, &looks)
	if err != nil {
		return nil, err
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	is := spanOf(run)
	if err := s.keysOf(ctx, step, is); err != nil {
		return nil, err
	}
	again, err := runner.NewRereading(runner.Config{
		Instance: run.RunID, Dir: filepath.Join(dir, "table"), Log: a.log, Views: views.of(step),
	}, step, registry)
	if err != nil {
		return nil, err
	}
	f := &foresight{records: is.records}
	seen := map[string]bool{}
	for _, partition := range slices.Sorted(maps.Keys(is.keys)) {
		f.keys += len(is.keys[partition])
		err := s.readSpan(ctx, step, is, partition, func(records []*kgo.Record, inside bool) error {
			written, err := again.Read(ctx, partition, records)
			if err != nil || !inside {
				return err
			}
			return f.note(ctx, registry, seen, written)
		})
		if err != nil {
			return nil, errors.Join(err, again.Close())
		}
	}
	return f, errors.Join(again.Close(), s.compare(ctx, f))
}

// stepToReread is a step as this process would run it, with views of its own that have read to their ends.
func (a *app) stepToReread(ctx context.Context, s *stack, name, dir string, looks *sync.WaitGroup) (step processors.Processor, v views, err error) {
	registry, err := s.schemas()
	if err != nil {
		return step, v, err
	}
	p := &pipeline{app: a, stack: s, config: s.config, metrics: prometheus.NewRegistry(), registry: registry}
	if p.channels, p.terms, err = openParties(s.config, s.has); err != nil {
		return step, v, err
	}
	for topic, of := range map[*topics.Topic]**view.View{topics.IDCatalogue: &p.views.catalogue, topics.Mappings: &p.views.mappings} {
		*of = view.New(view.Config{Kafka: s.kafka, Dir: filepath.Join(dir, topic.Name), Log: a.log}, topic, registry)
	}
	all := processors.All(p.sources(ctx))
	at := slices.IndexFunc(all, func(step processors.Processor) bool { return step.Name == name })
	if at < 0 {
		return step, v, usage("repair: there is no step %s; there are: %s", name, stepNames())
	}
	step = all[at]
	for _, view := range p.views.all() {
		looks.Go(func() {
			if err := view.Run(ctx); err != nil {
				a.log.Warn("what the step looks things up in can not be read", "error", err)
			}
		})
	}
	for began := time.Now(); ; {
		var late error
		for _, view := range p.views.of(step) {
			late = errors.Join(late, view.Ready())
		}
		if late == nil {
			return step, p.views, nil
		}
		if time.Since(began) > silenceMax {
			return step, v, fmt.Errorf("read %s again: %w ('waybill doctor' looks at what is wrong)", name, late)
		}
		if err := wait(ctx, 20*time.Millisecond); err != nil {
			return step, v, err
		}
	}
}

// note takes down the calls among what a step has written, each as it was asked for first.
func (f *foresight) note(ctx context.Context, registry *schemas.Registry, seen map[string]bool, written []kgo.Record) error {
	for i := range written {
		r := &written[i]
		party, is := outboxOf(r.Topic)
		if !is || seen[r.Topic+" "+string(r.Key)] {
			continue
		}
		seen[r.Topic+" "+string(r.Key)] = true
		one := &foreseen{party: party, sum: sha256Of(r.Value), record: kgo.Record{Key: slices.Clone(r.Key), Value: slices.Clone(r.Value)}}
		for _, h := range r.Headers {
			one.record.Headers = append(one.record.Headers, kgo.RecordHeader{Key: h.Key, Value: slices.Clone(h.Value)})
		}
		if err := registry.Decode(ctx, schemas.TaskSchema, one.record.Value, &one.task); err != nil {
			return fmt.Errorf("read the call %s that comes of it: %w", r.Key, err)
		}
		f.calls = append(f.calls, one)
	}
	return nil
}

// outboxOf is the party whose outbox a topic is.
func outboxOf(topic string) (party string, is bool) {
	for _, g := range processors.Gateways() {
		if g.Outbox.Name == topic {
			return g.Party, true
		}
	}
	return "", false
}
