package runner

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// rest stops reading a partition for a while. What is left of it in this turn must be put back when the turn has ended.
func (o *owned) rest(n int32, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if h := o.held[n]; h != nil {
		h.rests = o.config.Now().Add(wait)
		o.group.Client().PauseFetchPartitions(o.inputsOf(n))
	}
}

// putBack makes the parts be read again from where they were left. While a turn lasts nothing else moves the offsets.
func (o *owned) putBack(left []*part) {
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for _, p := range left {
		for topic, from := range p.left {
			if offsets[topic] == nil {
				offsets[topic] = map[int32]kgo.EpochOffset{}
			}
			offsets[topic][p.number] = from
		}
	}
	o.group.Client().SetOffsets(offsets)
}

// wakeRested reads on where a partition has rested enough.
func (o *owned) wakeRested() {
	now := o.config.Now()
	for _, h := range o.ready() {
		if !h.rests.IsZero() && !now.Before(h.rests) {
			h.rests = time.Time{}
			o.group.Client().ResumeFetchPartitions(o.inputsOf(h.number))
		}
	}
}

// idlePoll is how long a poll waits when there is nothing to do, and so how late a wake-up may be.
const idlePoll = 200 * time.Millisecond

// idle is how long a turn may wait for records.
func (o *owned) idle() time.Duration {
	wait := idlePoll
	now := o.config.Now()
	for _, h := range o.ready() {
		if !h.rests.IsZero() {
			wait = min(wait, h.rests.Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}

const (
	dueMax   = 1000        // keys of one partition that are woken in one turn
	wokenMax = 10 * dueMax // wake-ups of one partition that are on their way
)

// addDue adds the keys whose time has come and which do not know it yet.
func (o *owned) addDue(b *batch, now time.Time) error {
	for _, h := range o.ready() {
		room := min(dueMax, wokenMax-len(h.woken))
		err := o.store.Due(h.number, now.UnixMilli(), func(key []byte, at int64) bool {
			if h.woken[string(key)].at == at {
				return true
			}
			if room--; room < 0 {
				return false
			}
			p := b.part(h.number)
			p.due = append(p.due, due{key: slices.Clone(key), at: at})
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// noteWoken remembers the wake-ups that a committed turn wrote, and forgets those that came back in it.
func (o *owned) noteWoken(w *worker) {
	o.mu.Lock()
	h := o.held[w.part.number]
	o.mu.Unlock()
	if h == nil {
		return
	}
	for _, d := range w.part.due {
		h.woken[string(d.key)] = d
	}
	for _, d := range w.came {
		if was := h.woken[string(d.key)]; was.at == d.at && was.what == d.what {
			delete(h.woken, string(d.key))
		}
	}
}
