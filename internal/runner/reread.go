package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// Rereading hands a step once more what it has read, as a runner does, with a table of its own: what waits, waits there too, what was mended is
// taken as it was mended. It joins no group and writes nothing; what the step would write is for whoever asks (item 176).
type Rereading struct {
	session *session
	store   *table.Store
}

// NewRereading prepares a rereading. c.Dir is a folder that nobody else has, for its table; its end is Close.
func NewRereading(c Config, step processors.Processor, registry *schemas.Registry) (*Rereading, error) {
	r := New(c, step, registry)
	if err := r.viewsReady(); err != nil {
		return nil, fmt.Errorf("read %s again: %w", step.Name, err)
	}
	store, err := table.Open(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("read %s again: %w", step.Name, err)
	}
	return &Rereading{session: &session{Runner: r, store: store, verdicts: map[int32]*verdicts{}}, store: store}, nil
}

// Close gives the table up.
func (r *Rereading) Close() error { return r.store.Close() }

// Read hands the step records of one partition number, in order, and is what it would write because of them, but for its table.
func (r *Rereading) Read(ctx context.Context, partition int32, records []*kgo.Record) (written []kgo.Record, err error) {
	for len(records) > 0 {
		n := r.together(records)
		out, err := r.readSome(ctx, &part{number: partition}, records[:n])
		if err != nil {
			return written, err
		}
		written, records = append(written, out...), records[n:]
	}
	return written, nil
}

// together is how many records may be handled at a time: a turn takes what came back before what is new.
func (r *Rereading) together(records []*kgo.Record) (n int) {
	isNew := false
	for n = range records {
		isBack := records[n].Topic == r.session.step.Back.Name
		if isBack && isNew || n == r.session.config.Limits.BatchRecordsMax {
			return n
		}
		isNew = isNew || !isBack
	}
	return n + 1
}

// readSome is one turn. What fails for no stated reason fails for good here: nobody waits for it to pass.
func (r *Rereading) readSome(ctx context.Context, p *part, records []*kgo.Record) ([]kgo.Record, error) {
	for _, record := range records {
		if record.Topic == r.session.step.Back.Name {
			p.back = append(p.back, record)
		} else {
			p.input = append(p.input, record)
		}
	}
	on := r.session.verdictsOn(p.number)
	for {
		w := newWorker(ctx, r.session, p, on)
		err := w.run()
		if err == nil {
			on.carriedOut()
			return w.out[:w.rowsFrom], w.keep()
		}
		var stop *stopError
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !errors.As(err, &stop), stop.verdict == nil && (stop.record == nil || mustRest(stop.err)):
			return nil, fmt.Errorf("read %s again: %w", r.session.step.Name, err)
		case stop.verdict == nil:
			stop.verdict = &processors.DeadError{Class: schemas.ClassExhausted, Err: stop.err}
		}
		if on.dead[stop.position] != nil {
			return nil, fmt.Errorf("read %s again: %w", r.session.step.Name, err)
		}
		on.dead[stop.position] = stop.verdict
	}
}

// Inputs are the topics that a step reads, with what comes back to it: a key's records lie in one partition number of all.
func Inputs(step processors.Processor) []*topics.Topic {
	return append([]*topics.Topic{step.Back}, step.Reads...)
}
