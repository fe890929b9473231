package runner

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
)

// owned is the partitions this process has now. One is read only when its table is as far as its input's committed offset.
type owned struct {
	*session
	ctx       context.Context // of the session
	restores  sync.WaitGroup
	mu        sync.Mutex
	ready     map[int32]bool
	restoring map[int32]context.CancelFunc
}

func newOwned(ctx context.Context, s *session) *owned {
	return &owned{session: s, ctx: ctx, ready: map[int32]bool{}, restoring: map[int32]context.CancelFunc{}}
}

// assigned holds reading up before it begins, and restores the tables beside.
func (o *owned) assigned(_ context.Context, client *kgo.Client, assigned map[string][]int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	client.PauseFetchPartitions(assigned)
	for _, partitions := range assigned {
		for _, n := range partitions {
			if o.ready[n] || o.restoring[n] != nil {
				continue
			}
			ctx, cancel := context.WithCancel(o.ctx)
			o.restoring[n] = cancel
			o.restores.Go(func() { o.restore(ctx, client, n) })
		}
	}
	o.note()
}

func (o *owned) restore(ctx context.Context, client *kgo.Client, n int32) {
	for failures := 0; ; failures++ {
		began := o.config.Now()
		err := o.store.Restore(ctx, o.config.Kafka, o.step.Table.Name, n, o.wakeOf)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			o.log.Info("table restored", "partition", n, "took", o.config.Now().Sub(began))
			break
		}
		o.log.Warn("table not restored yet", "partition", n, "error", err)
		pause(ctx, backoff(failures))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	delete(o.restoring, n)
	o.ready[n] = true
	client.ResumeFetchPartitions(o.inputsOf(n))
	o.note()
}

// wakeOf is when a row is to be woken, 0 for never.
func (o *owned) wakeOf(row []byte) (int64, error) {
	var r schemas.Row
	if err := o.registry.Decode(o.ctx, schemas.RowSchema, row, &r); err != nil {
		return 0, err
	}
	return wakeTime(&r), nil
}

func (o *owned) revoked(_ context.Context, _ *kgo.Client, revoked map[string][]int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, partitions := range revoked {
		for _, n := range partitions {
			if cancel := o.restoring[n]; cancel != nil {
				cancel()
			}
			delete(o.restoring, n)
			delete(o.ready, n)
		}
	}
	o.setNotReady("partitions are being shared out")
}

// note tells whether all that is owned is ready. The caller holds the lock.
func (o *owned) note() {
	if len(o.restoring) > 0 {
		o.setNotReady("tables are being restored")
		return
	}
	o.setReady()
}

func (o *owned) wait() {
	o.mu.Lock()
	for _, cancel := range o.restoring {
		cancel()
	}
	o.mu.Unlock()
	o.restores.Wait()
}

func (o *owned) isReady(n int32) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ready[n]
}

func (o *owned) inputsOf(n int32) map[string][]int32 {
	of := map[string][]int32{}
	for _, name := range o.inputs() {
		of[name] = []int32{n}
	}
	return of
}

// dueMax bounds the keys of one partition that are woken in one turn.
const dueMax = 1000

// addDue adds the keys whose time has come.
func (o *owned) addDue(b *batch, now time.Time) error {
	o.mu.Lock()
	numbers := make([]int32, 0, len(o.ready))
	for n := range o.ready {
		numbers = append(numbers, n)
	}
	o.mu.Unlock()
	for _, n := range numbers {
		err := o.store.Due(n, now.UnixMilli(), func(key []byte) bool {
			p := b.part(n)
			p.due = append(p.due, slices.Clone(key))
			return len(p.due) < dueMax
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveOut takes a partition out of the turn: it is read again from where this turn began, after a while if it must wait.
func (o *owned) leaveOut(p *part, wait time.Duration) {
	client := o.group.Client()
	if wait > 0 {
		client.PauseFetchPartitions(o.inputsOf(p.number))
	}
	for topic, first := range p.first {
		client.SetOffsets(map[string]map[int32]kgo.EpochOffset{topic: first})
	}
	if wait == 0 {
		return
	}
	o.restores.Go(func() {
		if pause(o.ctx, wait); o.ctx.Err() == nil && o.isReady(p.number) {
			client.ResumeFetchPartitions(o.inputsOf(p.number))
		}
	})
}
