// Package table keeps a step's memory close to it: a local copy of table.<step>, a row a key, in an embedded store on disk. The
// topic is the truth; the store may be lost at any time and is then read again. It knows rows as bytes, not what they say.
package table

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

// Store holds the partitions of one table that this process owns.
type Store struct {
	db *pebble.DB
}

// Change is a row to put, or to delete if its Value is nil. Wake is when the key is to be woken, in milliseconds since 1970; 0
// is never. Was is what Wake was before.
type Change struct {
	Key       []byte
	Value     []byte
	Wake, Was int64
}

// Memory the store uses, in bytes: a cache of blocks read and the rows not yet flushed.
const (
	cacheBytes    = 64 << 20
	unflushedSize = 16 << 20
)

// Open opens the store in that folder, or makes it. It has no write-ahead log: after a crash it stands at an earlier checkpoint,
// whole, because rows and checkpoint are written as one.
func Open(dir string) (*Store, error) {
	cache := pebble.NewCache(cacheBytes)
	defer cache.Unref()
	options := &pebble.Options{
		Cache: cache, DisableWAL: true, MemTableSize: unflushedSize,
		Logger: quiet{},
	}
	for i := range options.Levels {
		options.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	db, err := pebble.Open(dir, options)
	if err != nil {
		return nil, fmt.Errorf("open the table in %s: %w", dir, err)
	}
	return &Store{db: db}, nil
}

// Close writes out what is in memory, so that the next start has nothing to read again.
func (s *Store) Close() error {
	return errors.Join(s.db.Flush(), s.db.Close())
}

// Get appends the row of the key to dst; ok is false if there is none.
func (s *Store) Get(dst []byte, partition int32, key []byte) (value []byte, ok bool, err error) {
	var buf [256]byte
	found, closer, err := s.db.Get(append(prefix(buf[:0], kindRow, partition), key...))
	if errors.Is(err, pebble.ErrNotFound) {
		return dst, false, nil
	}
	if err != nil {
		return dst, false, fmt.Errorf("read a row of partition %d: %w", partition, err)
	}
	return append(dst, found...), true, closer.Close()
}

// Apply puts the changes of one partition and moves its checkpoint, as one: the offset of the topic up to which the store holds
// everything.
func (s *Store) Apply(partition int32, checkpoint int64, changes []Change) error {
	batch := s.db.NewBatch()
	var key, wake []byte
	for _, c := range changes {
		key = append(prefix(key[:0], kindRow, partition), c.Key...)
		if c.Was != 0 && c.Was != c.Wake {
			wake = wakeKey(wake[:0], partition, c.Was, c.Key)
			if err := batch.Delete(wake, nil); err != nil {
				return fmt.Errorf("drop a wake-up: %w", err)
			}
		}
		if c.Wake != 0 {
			wake = wakeKey(wake[:0], partition, c.Wake, c.Key)
			if err := batch.Set(wake, nil, nil); err != nil {
				return fmt.Errorf("note a wake-up: %w", err)
			}
		}
		if err := put(batch, key, c.Value); err != nil {
			return fmt.Errorf("put a row: %w", err)
		}
	}
	at := binary.BigEndian.AppendUint64(nil, uint64(checkpoint))
	if err := batch.Set(prefix(nil, kindCheckpoint, partition), at, nil); err != nil {
		return fmt.Errorf("move the checkpoint: %w", err)
	}
	if err := batch.Commit(pebble.NoSync); err != nil {
		return fmt.Errorf("write %d rows of partition %d: %w", len(changes), partition, err)
	}
	return nil
}

func put(batch *pebble.Batch, key, value []byte) error {
	if value == nil {
		return batch.Delete(key, nil)
	}
	return batch.Set(key, value, nil)
}

// Checkpoint is the offset of the topic from which the partition is to be read on; 0 if nothing of it is here.
func (s *Store) Checkpoint(partition int32) (int64, error) {
	at, closer, err := s.db.Get(prefix(nil, kindCheckpoint, partition))
	if errors.Is(err, pebble.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the checkpoint of partition %d: %w", partition, err)
	}
	offset := int64(binary.BigEndian.Uint64(at))
	return offset, closer.Close()
}

// Due calls each with the keys whose wake-up is at or before now, earliest first, until it answers false.
func (s *Store) Due(partition int32, now int64, each func(key []byte) bool) error {
	from := prefix(nil, kindWake, partition)
	iter, err := s.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: wakeKey(nil, partition, now+1, nil)})
	if err != nil {
		return fmt.Errorf("look for wake-ups of partition %d: %w", partition, err)
	}
	for iter.First(); iter.Valid(); iter.Next() {
		if !each(iter.Key()[len(from)+8:]) {
			break
		}
	}
	return iter.Close()
}

// drop forgets all that is known of a partition.
func (s *Store) drop(partition int32) error {
	for _, kind := range []byte{kindRow, kindWake, kindCheckpoint} {
		from := prefix(nil, kind, partition)
		to := prefix(nil, kind, partition+1)
		if err := s.db.DeleteRange(from, to, pebble.NoSync); err != nil {
			return fmt.Errorf("drop partition %d: %w", partition, err)
		}
	}
	return nil
}

// A key of the store is its kind, the partition, and then what the kind has.
const (
	kindRow        = 'r' // the row's key
	kindWake       = 'w' // when, the row's key
	kindCheckpoint = 'c' // nothing
)

func prefix(dst []byte, kind byte, partition int32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, kind), uint32(partition))
}

func wakeKey(dst []byte, partition int32, at int64, key []byte) []byte {
	return append(binary.BigEndian.AppendUint64(prefix(dst, kindWake, partition), uint64(at)), key...)
}

// quiet keeps the store's housekeeping out of the log; what fails is returned as an error.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf("table store: "+format, args...))
}
