package runner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/table"
	"waybill/schemas"
)

// owned is the partitions this process has now. One is read only when its table is as far as its input's committed offset.
type owned struct {
	*session
	ctx       context.Context // of the session
	restores  sync.WaitGroup
	mu        sync.Mutex
	shared    bool // the group was shared out anew since this was last asked
	held      map[int32]*holding
	restoring map[int32]chan struct{} // the last restore of each partition, closed at its end
}

// holding is one partition from when it is assigned until it is taken away.
type holding struct {
	number int32
	ready  bool
	why    string             // it is not ready, if its restore failed
	rests  time.Time          // until when it is not read; zero if it is
	woken  map[string]due     // wake-ups that were written and have not come back yet, by key
	seen   int64              // version of the views at which what waits was looked through last; 0 for never
	cancel context.CancelFunc // of its restore
}

func newOwned(ctx context.Context, s *session) *owned {
	return &owned{session: s, ctx: ctx, held: map[int32]*holding{}, restoring: map[int32]chan struct{}{}}
}

// assigned holds reading up before it begins, and restores the tables beside. It is told all that is owned: with the range
// balancer everything is given back first. It does not count on having been told that, because the client tells it once only
// between two transactions.
func (o *owned) assigned(_ context.Context, client *kgo.Client, assigned map[string][]int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	client.PauseFetchPartitions(assigned)
	o.release()
	for _, partitions := range assigned {
		for _, n := range partitions {
			if o.held[n] != nil {
				continue
			}
			ctx, cancel := context.WithCancel(o.ctx)
			h := &holding{number: n, woken: map[string]due{}, cancel: cancel}
			former, done := o.restoring[n], make(chan struct{})
			o.held[n], o.restoring[n] = h, done
			o.restores.Go(func() {
				defer close(done)
				if former != nil {
					<-former // two at once would undo each other's rows
				}
				o.restore(ctx, client, h)
			})
		}
	}
	o.note()
}

func (o *owned) restore(ctx context.Context, client *kgo.Client, h *holding) {
	for failures := 0; ; failures++ {
		began := o.config.Now()
		err := o.store.Restore(ctx, o.config.Kafka, o.step.Table.Name, h.number, o.noteOf)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			o.log.Info("table restored", "partition", h.number, "took", o.config.Now().Sub(began))
			break
		}
		if why := err.Error(); why != h.why || !errors.Is(err, schemas.ErrForeignSchema) {
			o.log.Warn("table not restored yet", "partition", h.number, "error", err)
			o.because(h, why)
		}
		pause(ctx, backoff(failures))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	h.ready = true
	client.ResumeFetchPartitions(o.inputsOf(h.number))
	o.note()
}

// because remembers why a restore failed.
func (o *owned) because(h *holding, why string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	h.why = why
	if o.held[h.number] == h {
		o.note()
	}
}

// noteOf is what the store is to know of a row.
func (o *owned) noteOf(row []byte) (table.Note, error) {
	var r schemas.Row
	if err := o.registry.Decode(o.ctx, schemas.RowSchema, row, &r); err != nil {
		return table.Note{}, err
	}
	return noteOf(&r), nil
}

func (o *owned) revoked(context.Context, *kgo.Client, map[string][]int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shared = true
	o.release()
	o.setNotReady("partitions are being shared out")
}

// release lets go of everything. The caller holds the lock.
func (o *owned) release() {
	for _, h := range o.held {
		h.cancel()
	}
	clear(o.held)
	o.noteGone(func(int32) bool { return true })
}

// note tells whether all that is owned is ready. The caller holds the lock.
func (o *owned) note() {
	for _, h := range o.held {
		if !h.ready {
			o.setNotReady(cmp.Or(h.why, "tables are being restored"))
			return
		}
	}
	o.setReady()
}

// wait ends the restores and waits for them.
func (o *owned) wait() {
	o.mu.Lock()
	o.release()
	o.mu.Unlock()
	o.restores.Wait()
}

// wasShared says whether a rebalance came since it was last asked.
func (o *owned) wasShared() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	was := o.shared
	o.shared = false
	return was
}

func (o *owned) isReady(n int32) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.held[n] != nil && o.held[n].ready
}

// ready is what is owned and restored, by number.
func (o *owned) ready() []*holding {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ready []*holding
	for _, h := range o.held {
		if h.ready {
			ready = append(ready, h)
		}
	}
	slices.SortFunc(ready, func(a, b *holding) int { return int(a.number - b.number) })
	return ready
}

// waiting counts the keys that wait in what is owned.
func (o *owned) waiting() (total int64, err error) {
	for _, h := range o.ready() {
		n, err := o.store.Waiting(h.number)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

func (o *owned) inputsOf(n int32) map[string][]int32 {
	of := map[string][]int32{}
	for _, name := range o.inputs() {
		of[name] = []int32{n}
	}
	return of
}
