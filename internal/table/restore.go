package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Restore brings a partition up to date: it reads the topic from the checkpoint to the end that stands when it is called, as a
// read_committed reader, so an open transaction is waited for. A previous owner's rows are on the topic before its offsets are
// committed, and the group takes no offsets from it any more once the partition is assigned anew. So whoever restores after
// that has seen all that belongs to the offsets it will start from.
//
// note reads what the store is to know of a row; nil if that is nothing.
func (s *Store) Restore(ctx context.Context, kafka []kgo.Opt, topic string, partition int32, note func(row []byte) (Note, error)) error {
	client, err := kgo.NewClient(append(slices.Clone(kafka), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.FetchMaxBytes(fetchBytes), kgo.FetchMaxPartitionBytes(fetchBytes))...)
	if err != nil {
		return fmt.Errorf("restore %s/%d: %w", topic, partition, err)
	}
	defer client.Close()
	r := &restore{store: s, client: client, topic: topic, partition: partition, note: note}
	if err := r.run(ctx); err != nil {
		return fmt.Errorf("restore %s/%d at offset %d: %w", topic, partition, r.next, err)
	}
	return nil
}

// fetchBytes bounds the memory of a restore: what is fetched unpacks to several times as much, and is fetched ahead.
const fetchBytes = 4 << 20

// restore is one partition being read.
type restore struct {
	store     *Store
	client    *kgo.Client
	topic     string
	partition int32
	note      func([]byte) (Note, error)
	next      int64
	old       []byte          // the row that was looked at last; written over by the next
	noted     map[string]Note // all that is noted of rows; nil: that is much, and the store is asked for each row
}

// notedMax bounds the memory for what was noted of rows; beyond it the store is asked.
const notedMax = 100_000

func (r *restore) run(ctx context.Context) error {
	id, start, end, err := r.bounds(ctx)
	if err != nil {
		return err
	}
	at, err := r.store.place(r.partition)
	if err != nil {
		return err
	}
	if at.topic != id || at.next > end { // the topic was made anew, or the broker lost its end
		if err := r.store.reset(r.partition, id); err != nil {
			return err
		}
		at.next = 0
	}
	if r.next = max(at.next, start); r.next >= end {
		return nil
	}
	if r.noted, err = r.store.notes(r.partition, min(notedMax, end-r.next)); err != nil {
		return err
	}
	r.client.AddConsumePartitions(map[string]map[int32]kgo.Offset{r.topic: {r.partition: kgo.NewOffset().At(r.next)}})
	for r.next < end {
		if err := r.readOn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pollMax bounds one wait for records.
const pollMax = time.Second

// readOn reads what is there. Control records are read with the others, because a partition mostly ends in one; the newest batch
// of a partition is never compacted away, so its end always shows up.
func (r *restore) readOn(ctx context.Context) error {
	poll, cancel := context.WithTimeout(ctx, pollMax)
	fetches := r.client.PollRecords(poll, 10_000)
	cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, e := range fetches.Errors() {
		if !errors.Is(e.Err, context.DeadlineExceeded) {
			return e.Err
		}
	}
	if fetches.NumRecords() == 0 {
		return nil
	}
	changes := map[string]Change{} // the last of each key
	for record := range fetches.RecordsAll() {
		r.next = record.Offset + 1
		if record.Attrs.IsControl() {
			continue
		}
		c, err := r.change(record)
		if err != nil {
			return err
		}
		changes[string(record.Key)] = c
	}
	sorted := slices.SortedFunc(maps.Values(changes), func(a, b Change) int { return bytes.Compare(a.Key, b.Key) }) // which the store takes faster
	if err := r.store.Apply(r.partition, r.next, sorted); err != nil {
		return err
	}
	r.remember(sorted)
	return nil
}

// remember keeps what was noted, so that the store need not be asked for each row what stood there: that costs as much as all else.
func (r *restore) remember(changes []Change) {
	if r.noted == nil {
		return
	}
	for i := range changes {
		if c := &changes[i]; c.Now != (Note{}) {
			r.noted[string(c.Key)] = c.Now
		} else if c.Was != (Note{}) {
			delete(r.noted, string(c.Key))
		}
	}
	if len(r.noted) > notedMax {
		r.noted = nil
	}
}

// change is what a record means to the store, with what was noted of the row before.
func (r *restore) change(record *kgo.Record) (Change, error) {
	c := Change{Key: record.Key, Value: record.Value}
	if r.note == nil {
		return c, nil
	}
	var err error
	if c.Was, err = r.was(record.Key); err != nil {
		return c, err
	}
	if record.Value != nil {
		c.Now, err = r.note(record.Value)
	}
	return c, err
}

// was is what was noted of the row that the store has of a key.
func (r *restore) was(key []byte) (Note, error) {
	if r.noted != nil {
		return r.noted[string(key)], nil
	}
	old, ok, err := r.store.Get(r.old[:0], r.partition, key)
	if err != nil || !ok {
		return Note{}, err
	}
	r.old = old
	return r.note(old)
}

func (r *restore) bounds(ctx context.Context) (id [16]byte, start, end int64, err error) {
	admin := kadm.NewClient(r.client)
	topics, err := admin.ListTopics(ctx, r.topic)
	if err != nil {
		return id, 0, 0, err
	}
	starts, err := admin.ListStartOffsets(ctx, r.topic)
	if err != nil {
		return id, 0, 0, err
	}
	ends, err := admin.ListEndOffsets(ctx, r.topic)
	if err != nil {
		return id, 0, 0, err
	}
	first, ok := starts.Lookup(r.topic, r.partition)
	last, ok2 := ends.Lookup(r.topic, r.partition)
	if !ok || !ok2 {
		return id, 0, 0, kerr.UnknownTopicOrPartition
	}
	return topics[r.topic].ID, first.Offset, last.Offset, errors.Join(first.Err, last.Err)
}
