package runner

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"waybill/topics"
)

// traceOn begins the span of an event, as a child of the one that its traceparent names (W3C Trace Context), and lets what is
// sent name it in turn. Without a tracer the traceparent is passed on as it came.
func (w *worker) traceOn(cause *topics.Event) {
	w.trace = nil
	for i := range cause.Headers {
		if h := &cause.Headers[i]; h.Key == topics.HeaderTraceparent {
			w.trace = h.Value
			break
		}
	}
	if w.tracer == nil {
		return
	}
	carrier := propagation.MapCarrier{topics.HeaderTraceparent: string(w.trace)}
	parent := propagation.TraceContext{}.Extract(context.Background(), carrier)
	ctx, span := w.tracer.Start(parent, "waybill."+w.step.Name, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("messaging.system", "kafka"), attribute.String("messaging.destination.name", cause.Topic.Name),
		attribute.Int64("messaging.kafka.offset", cause.Offset), attribute.Int64("messaging.kafka.partition", int64(cause.Partition)),
	))
	w.spans = append(w.spans, span)
	if span.SpanContext().IsValid() {
		propagation.TraceContext{}.Inject(ctx, carrier)
		w.trace = []byte(carrier[topics.HeaderTraceparent])
	}
}

// endSpans ends the spans of a turn that was committed. Those of one that was not are never ended, and so never told of.
func (w *worker) endSpans() {
	for _, span := range w.spans {
		span.End()
	}
}
