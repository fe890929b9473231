package landing

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// queue holds what was read of one partition and is not yet part of a block.
type queue struct {
	lock    sync.Mutex
	runs    []run     // never empty; all but the last end where retention has taken records away
	bytes   int64     // of records that are queued or being written
	queued  int64     // of these, the queued ones
	since   time.Time // when the first that is queued was read; if none is, the newest mark of a transaction's end
	paused  bool
	rewound *int64        // the broker has lost what was read, and starts again from here
	seen    int64         // every offset before it was read, or is nothing to read
	more    chan struct{} // something was put
	fetches interface{ pause(bool) }
	memory  *memory
	limits  Config
}

// run is a gapless piece of the partition.
type run struct {
	from    int64 // -1 until the first record has come
	records []*kgo.Record
	to      int64
}

// memory is what all queues share.
type memory struct {
	used atomic.Int64
	max  int64
}

// fair is how much one queue may hold: as much as is still free. So a partition that stands still leaves room for the others.
func (m *memory) fair() int64 { return max(m.max-m.used.Load(), 0) }

// recordBytes is what a record costs beside its bytes.
const recordBytes = 256

func size(r *kgo.Record) int64 {
	n := recordBytes + len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		n += len(h.Key) + len(h.Value)
	}
	return int64(n)
}

func newQueue(from int64, limits Config, m *memory, fetches interface{ pause(bool) }) *queue {
	return &queue{
		runs: []run{{from: from, to: from}}, seen: from,
		more: make(chan struct{}, 1), fetches: fetches, memory: m, limits: limits,
	}
}

// put takes what a poll brought. It returns the offsets between the last record and the start of the log, which retention has
// taken before they were read; there should be none.
func (q *queue) put(records []*kgo.Record, logStart int64) (expired *Span) {
	q.lock.Lock()
	defer q.lock.Unlock()
	if q.seen < 0 {
		q.begin(records, logStart)
	}
	if q.rewound != nil {
		return nil
	}
	if logStart > q.seen {
		expired = &Span{From: q.seen, To: logStart}
		q.seen = logStart
		q.runs = append(q.runs, run{from: logStart, to: logStart})
	}
	last := &q.runs[len(q.runs)-1]
	for _, r := range records {
		if r.Offset < q.seen {
			q.rewound = &r.Offset
			break
		}
		q.seen = r.Offset + 1
		if q.queued == 0 {
			q.since = time.Now()
		}
		if r.Attrs.IsControl() {
			continue
		}
		last.records = append(last.records, r)
		q.hold(size(r))
	}
	last.to = q.seen
	if !q.paused && q.bytes > 0 && q.bytes >= min(2*q.limits.BlockBytesMax, q.memory.fair()) {
		q.paused = true
		q.fetches.pause(true)
	}
	select {
	case q.more <- struct{}{}:
	default:
	}
	return expired
}

// begin sets where the partition starts, if nothing of it has ever landed.
func (q *queue) begin(records []*kgo.Record, logStart int64) {
	q.seen = logStart
	if len(records) > 0 && (logStart < 0 || logStart > records[0].Offset) {
		q.seen = records[0].Offset
	}
	q.runs[0] = run{from: q.seen, to: q.seen}
}

// due is when the next block is to be cut; ok is false as long as there is nothing to cut. What was given up with its transaction
// becomes a block of no records if nothing follows it, so that the group's offset comes to the end of the partition.
func (q *queue) due() (at time.Time, ok bool) {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.skip()
	switch first := &q.runs[0]; {
	case len(first.records) == 0:
		return q.since.Add(tailSeconds * time.Second), first.from < first.to
	case q.paused, len(q.runs) > 1, len(q.runs[0].records) >= q.limits.BlockRowsMax, q.queued >= q.limits.BlockBytesMax:
		return time.Time{}, true
	}
	return q.since.Add(q.limits.patience()), true
}

// cut takes the next block out of the queue. Its bytes stay counted until it is released.
func (q *queue) cut() (span Span, records []*kgo.Record) {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.skip()
	first := &q.runs[0]
	n, bytes := 0, int64(0)
	for n < len(first.records) && n < q.limits.BlockRowsMax {
		b := size(first.records[n])
		if n > 0 && bytes+b > q.limits.BlockBytesMax {
			break
		}
		bytes += b
		n++
	}
	records = first.records[:n:n]
	span = Span{From: first.from, To: first.to, Records: n}
	if n < len(first.records) {
		span.To = records[n-1].Offset + 1
	}
	first.records, first.from = first.records[n:], span.To
	q.queued -= bytes
	return span, records
}

// skip passes runs that are used up.
func (q *queue) skip() {
	for len(q.runs) > 1 && len(q.runs[0].records) == 0 {
		q.runs = q.runs[1:]
	}
}

// release gives back the memory of a block that has landed, or was given up.
func (q *queue) release(records []*kgo.Record) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for _, r := range records {
		b := size(r)
		q.bytes -= b
		q.memory.used.Add(-b)
	}
	if q.paused && q.bytes <= min(q.limits.BlockBytesMax, q.memory.fair()/2) {
		q.paused = false
		q.fetches.pause(false)
	}
}

func (q *queue) hold(b int64) {
	q.bytes += b
	q.queued += b
	q.memory.used.Add(b)
}

// close gives back all memory.
func (q *queue) close() {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.memory.used.Add(-q.bytes)
	q.bytes, q.queued, q.runs = 0, 0, []run{{from: q.seen, to: q.seen}}
	if q.paused {
		q.paused = false
		q.fetches.pause(false)
	}
}

// back is the offset to which the broker has gone back, nil if it has not.
func (q *queue) back() *int64 {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.rewound
}

// waiting is how many records are queued, and up to which offset the partition was read.
func (q *queue) waiting() (records int, seen int64) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for _, r := range q.runs {
		records += len(r.records)
	}
	return records, q.seen
}
