package table

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// place is how far the copy of a partition is.
type place struct {
	topic   [16]byte // id of the topic that was read: one that was made anew has another
	next    int64    // offset from which the topic is to be read on
	waiting int64    // keys that wait
}

// Apply puts the changes of one partition and moves its checkpoint, as one: next is the offset of the topic up to which the
// store holds everything.
func (s *Store) Apply(partition int32, next int64, changes []Change) error {
	at, err := s.place(partition)
	if err != nil {
		return err
	}
	at.next = next
	batch := s.db.NewBatch()
	var room []byte
	for i := range changes {
		c := &changes[i]
		at.waiting += one(c.Now.Waits != "") - one(c.Was.Waits != "")
		if room, err = change(batch, room, partition, c); err != nil {
			break
		}
	}
	if err == nil {
		err = batch.Set(prefix(nil, kindPlace, partition), at.append(nil), nil)
	}
	if err == nil {
		err = batch.Commit(pebble.NoSync)
	}
	if err != nil {
		return fmt.Errorf("write %d rows of partition %d: %w: %w", len(changes), partition, ErrBroken, err)
	}
	s.remember(partition, at)
	return nil
}

// change writes one row, and moves its wake-up and its wait. room is memory to make keys in, given back to be used again.
func change(batch *pebble.Batch, room []byte, partition int32, c *Change) ([]byte, error) {
	if c.Was.Wake != 0 && c.Was.Wake != c.Now.Wake {
		room = wakeKey(room[:0], partition, c.Was.Wake, c.Key)
		if err := batch.Delete(room, nil); err != nil {
			return room, err
		}
	}
	if c.Now.Wake != 0 {
		room = wakeKey(room[:0], partition, c.Now.Wake, c.Key)
		if err := batch.Set(room, nil, nil); err != nil {
			return room, err
		}
	}
	if c.Was.Waits != "" && c.Was.Waits != c.Now.Waits {
		room = waitsKey(room[:0], partition, c.Was.Waits, c.Key)
		if err := batch.Delete(room, nil); err != nil {
			return room, err
		}
	}
	if c.Now.Waits != "" {
		room = waitsKey(room[:0], partition, c.Now.Waits, c.Key)
		if err := batch.Set(room, nil, nil); err != nil {
			return room, err
		}
	}
	room = append(prefix(room[:0], kindRow, partition), c.Key...)
	if c.Value == nil {
		return room, batch.Delete(room, nil)
	}
	return room, batch.Set(room, c.Value, nil)
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// Checkpoint is the offset of the topic from which the partition is to be read on; 0 if nothing of it is here.
func (s *Store) Checkpoint(partition int32) (int64, error) {
	at, err := s.place(partition)
	return at.next, err
}

// Waiting is how many keys of the partition wait.
func (s *Store) Waiting(partition int32) (int64, error) {
	at, err := s.place(partition)
	return at.waiting, err
}

func (s *Store) place(partition int32) (place, error) {
	s.mu.Lock()
	at, ok := s.places[partition]
	s.mu.Unlock()
	if ok {
		return at, nil
	}
	b, ok, err := s.get(nil, prefix(nil, kindPlace, partition))
	if err != nil || !ok {
		return place{}, err
	}
	at, err = parsePlace(b)
	if err == nil {
		s.remember(partition, at)
	}
	return at, err
}

func (s *Store) remember(partition int32, at place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places[partition] = at
}

// reset forgets all that is known of a partition; it is now a copy of nothing of that topic.
func (s *Store) reset(partition int32, topic [16]byte) error {
	batch := s.db.NewBatch()
	for _, kind := range []byte{kindRow, kindWake, kindWaits, kindPlace} {
		if err := batch.DeleteRange(prefix(nil, kind, partition), prefix(nil, kind, partition+1), nil); err != nil {
			return fmt.Errorf("drop partition %d: %w: %w", partition, ErrBroken, err)
		}
	}
	if err := batch.Commit(pebble.NoSync); err != nil {
		return fmt.Errorf("drop partition %d: %w: %w", partition, ErrBroken, err)
	}
	s.remember(partition, place{topic: topic})
	return nil
}

// A key of the store is its kind, the partition, and then what the kind has.
const (
	kindRow   = 'r' // the row's key
	kindWake  = 'w' // when, the row's key
	kindWaits = 'q' // what the key waits for, a zero byte, the row's key
	kindPlace = 'p' // nothing
)

func prefix(dst []byte, kind byte, partition int32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, kind), uint32(partition))
}

func wakeKey(dst []byte, partition int32, at int64, key []byte) []byte {
	return append(binary.BigEndian.AppendUint64(prefix(dst, kindWake, partition), uint64(at)), key...)
}

func splitWake(key []byte) (at int64, row []byte) {
	const head = 1 + 4 // kind and partition
	return int64(binary.BigEndian.Uint64(key[head:])), key[head+8:]
}

func waitsKey(dst []byte, partition int32, what string, key []byte) []byte {
	return append(append(append(prefix(dst, kindWaits, partition), what...), 0), key...)
}

func splitWaits(key []byte) (what string, row []byte) {
	const head = 1 + 4 // kind and partition
	waits, row, _ := bytes.Cut(key[head:], []byte{0})
	return string(waits), row
}

func (p place) append(dst []byte) []byte {
	dst = append(dst, p.topic[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(p.next))
	return binary.BigEndian.AppendUint64(dst, uint64(p.waiting))
}

func parsePlace(b []byte) (p place, err error) {
	if len(b) != len(p.topic)+16 {
		return p, fmt.Errorf("%w: a checkpoint of %d bytes", ErrBroken, len(b))
	}
	rest := b[copy(p.topic[:], b):]
	p.next, p.waiting = int64(binary.BigEndian.Uint64(rest)), int64(binary.BigEndian.Uint64(rest[8:]))
	return p, nil
}

// quiet keeps the store's housekeeping out of the log; what fails is returned as an error.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf("table store: "+format, args...))
}
