package runner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/twmb/franz-go/pkg/kadm"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"waybill/schemas"
	"waybill/topics"
)

func TestEachEventIsASpanOfTheTraceItCameInAndHandsItOn(t *testing.T) {
	r := newRig(t)
	spans := tracetest.NewSpanRecorder()
	r.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "traced", topics.Header{Key: topics.HeaderTraceparent, Value: []byte(traceparent)}), toyMessage(toyIn, key(1), "new"))
	r.start(step, "1")
	r.awaitRead(step)
	r.await("both spans have ended", func() bool { return len(spans.Ended()) == 2 })
	first, second := spans.Ended()[0], spans.Ended()[1]
	if first.Name() != "waybill.toy" || first.SpanContext().TraceID().String() != traceparent[3:35] || first.Parent().SpanID().String() != traceparent[36:52] {
		t.Errorf("span %s %v is no child of %s", first.Name(), first.SpanContext(), traceparent)
	}
	if second.Parent().IsValid() {
		t.Errorf("a trace that begins here has a parent: %v", second.Parent())
	}
	for i, out := range readAll[schemas.RawOrder](r, toyOut) {
		span := spans.Ended()[i].SpanContext()
		want := fmt.Sprintf("00-%s-%s-01", span.TraceID(), span.SpanID())
		if got, _ := header(out.record, topics.HeaderTraceparent); got != want {
			t.Errorf("message %d hands on %s, want %s", i, got, want)
		}
	}
}

func TestTheMetricsSayWhatCameOfEventsAndWhatWaits(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.put(toyMessage(toyIn, key(1), "dead"), toyMessage(toyIn, key(1), "behind"), toyMessage(toyIn, key(2), "fine"))
	m := r.start(step, "1")
	r.awaitRead(step)
	r.await("the step is ready", func() bool { return m.Ready() == nil })
	r.await("the events are counted", func() bool {
		return valueOf(m.metrics.events.WithLabelValues("done")) == 1 &&
			valueOf(m.metrics.events.WithLabelValues("held")) == 1 &&
			valueOf(m.metrics.trashed.WithLabelValues(schemas.ClassInvalid)) == 1
	})
	m.stop()
	m = r.start(step, "1")
	r.await("what waits is known", func() bool { return valueOf(m.metrics.waiting) == 1 })
}

func TestTheLagOfAPartitionThatRestsIsSeen(t *testing.T) {
	r := newRig(t)
	r.limits.RestTime = time.Hour
	step := r.toyTopics(&toy{})
	r.guard.answer(newerID, foreign)
	r.putNewer(toyMessage(toyIn, key(0), "newer"))
	for range 4 {
		r.put(toyMessage(toyIn, key(0), "behind"))
	}
	m := r.start(step, "1")
	r.guard.awaitAsked(r, newerID)
	r.await("the lag is seen", func() bool {
		return valueOf(m.metrics.lagOf(toyIn.Name, r.partitionOf(key(0)))) == 5
	})
}

func TestAStepSaysWhyItIsNotReady(t *testing.T) {
	r := newRig(t)
	step := (&toy{}).step()
	m := r.start(step, "1")
	if err := m.Ready(); err == nil || !strings.Contains(err.Error(), "step toy: ") {
		t.Errorf("ready without any topic: %v", err)
	}
	r.provision(step)
	r.await("the step is ready", func() bool { return m.Ready() == nil })
}

func TestAStepWhoseTopicsDoNotFitTogetherIsRefused(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	admin := kadm.NewClient(r.client())
	created, err := admin.CreatePartitions(t.Context(), 1, toyPairs.Name)
	if err == nil {
		err = created.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	r.await("the broker knows of them, which it says before it does", func() bool {
		topics, err := admin.ListTopics(t.Context(), toyPairs.Name)
		return err == nil && len(topics[toyPairs.Name].Partitions) == 4
	})
	run := New(Config{Kafka: r.kafka, Deployment: "test", Instance: "1", Limits: r.limits, Log: quiet()}, step, r.registry)
	if _, err := run.fence(t.Context()); err == nil || !strings.Contains(err.Error(), "toy.pairs has 4 partitions and table.toy has 3") {
		t.Errorf("refused with %v", err)
	}
}

func TestABatchKeepsToItsLimits(t *testing.T) {
	r := newRig(t)
	r.limits.BatchBytesMax = 1 << 20
	step := r.toyTopics(&toy{})
	for i := range 100 {
		r.put(toyMessage(toyIn, key(i), strings.Repeat("x", 200<<10)))
	}
	m := r.start(step, "1")
	r.awaitRead(step)
	r.await("all is committed", func() bool { return valueOf(m.metrics.events.WithLabelValues("done")) == 100 })
	if turns := valueOf(m.metrics.turns.WithLabelValues("committed")); turns < 8 {
		t.Errorf("20 MB came in %v turns of 1 MB", turns)
	}
}

// valueOf is what a counter or gauge stands at.
func valueOf(m prometheus.Metric) float64 {
	var d dto.Metric
	if err := m.Write(&d); err != nil {
		panic(err) // a metric of ours
	}
	return d.GetCounter().GetValue() + d.GetGauge().GetValue()
}
