// Package table keeps a step's memory close to it: a local copy of table.<step>, a row a key, in an embedded store on disk. The
// topic is the truth; the store may be lost at any time and is then read again. It knows rows as bytes, not what they say.
package table

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Store holds the partitions of one table that this process owns.
type Store struct {
	db     *pebble.DB
	lock   *pebble.Lock
	mu     sync.Mutex
	places map[int32]place
}

// ErrBroken says that the store on disk failed. Nothing is lost: remove its folder, open it anew, and it is read again.
var ErrBroken = errors.New("the local copy of a table is broken")

// Note is what the store is to know of a row.
type Note struct {
	Wake  int64  // when the key is to be woken, in milliseconds since 1970; 0 is never
	Waits string // what the key waits for; "" if it does not
}

// Change is a row to put, or to delete if its Value is nil. Was is what was noted of the row before.
type Change struct {
	Key   []byte
	Value []byte
	Now   Note
	Was   Note
}

// Memory the store uses, in bytes: a cache of blocks read and the rows not yet flushed.
const (
	cacheBytes    = 64 << 20
	unflushedSize = 16 << 20
)

// Open opens the store in that folder, or makes it. One that can not be opened is thrown away. It has no write-ahead log: after
// a crash it stands at an earlier checkpoint, whole, because rows and checkpoint are written as one.
func Open(dir string) (*Store, error) {
	s, err := open(dir)
	if err == nil || errors.Is(err, errInUse) {
		return s, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("throw the broken table in %s away: %w", dir, err)
	}
	return open(dir)
}

var errInUse = errors.New("it is in use; has another process the same instance name?")

func open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of a table: %w", err)
	}
	lock, err := pebble.LockDirectory(dir, vfs.Default)
	if err != nil {
		return nil, fmt.Errorf("open the table in %s: %w: %w", dir, errInUse, err)
	}
	cache := pebble.NewCache(cacheBytes)
	defer cache.Unref()
	options := &pebble.Options{Cache: cache, DisableWAL: true, MemTableSize: unflushedSize, Logger: quiet{}, Lock: lock}
	for i := range options.Levels {
		options.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	db, err := pebble.Open(dir, options)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the table in %s: %w", dir, err), lock.Close())
	}
	return &Store{db: db, lock: lock, places: map[int32]place{}}, nil
}

// Close writes out what is in memory, so that the next start has nothing to read again.
func (s *Store) Close() error {
	return errors.Join(s.db.Flush(), s.db.Close(), s.lock.Close())
}

// Get appends the row of the key to dst; ok is false if there is none.
func (s *Store) Get(dst []byte, partition int32, key []byte) (value []byte, ok bool, err error) {
	var buf [256]byte
	return s.get(dst, append(prefix(buf[:0], kindRow, partition), key...))
}

// get asks the filters of all levels: most keys are new, and Get would read a block of the lowest level to find nothing.
func (s *Store) get(dst, key []byte) (value []byte, ok bool, err error) {
	iter, err := s.db.NewIter(&pebble.IterOptions{UseL6Filters: true})
	if err != nil {
		return dst, false, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if ok = iter.SeekPrefixGE(key); ok {
		value, err = iter.ValueAndErr()
		dst = append(dst, value...)
	}
	if err := errors.Join(err, iter.Close()); err != nil {
		return dst, false, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return dst, ok, nil
}

// Due calls each with the keys whose wake-up is at or before now, earliest first, until it answers false.
func (s *Store) Due(partition int32, now int64, each func(key []byte, at int64) bool) error {
	from := prefix(nil, kindWake, partition)
	iter, err := s.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: wakeKey(nil, partition, now+1, nil)})
	if err != nil {
		return fmt.Errorf("look for wake-ups of partition %d: %w: %w", partition, ErrBroken, err)
	}
	for iter.First(); iter.Valid(); iter.Next() {
		if at, key := splitWake(iter.Key()); !each(key, at) {
			break
		}
	}
	if err := iter.Close(); err != nil {
		return fmt.Errorf("look for wake-ups of partition %d: %w: %w", partition, ErrBroken, err)
	}
	return nil
}

// Waits calls each with the keys that wait and what each waits for, by that, until it answers false.
func (s *Store) Waits(partition int32, each func(what string, key []byte) bool) error {
	iter, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix(nil, kindWaits, partition), UpperBound: prefix(nil, kindWaits, partition+1)})
	if err != nil {
		return fmt.Errorf("look for keys of partition %d that wait: %w: %w", partition, ErrBroken, err)
	}
	for iter.First(); iter.Valid(); iter.Next() {
		if what, key := splitWaits(iter.Key()); !each(what, key) {
			break
		}
	}
	if err := iter.Close(); err != nil {
		return fmt.Errorf("look for keys of partition %d that wait: %w: %w", partition, ErrBroken, err)
	}
	return nil
}

// notes is all that is noted of the rows of a partition, by key; nil if that is of more rows than so many.
func (s *Store) notes(partition int32, most int64) (map[string]Note, error) {
	noted := map[string]Note{}
	add := func(key []byte, more Note) bool {
		n := noted[string(key)]
		noted[string(key)] = Note{Wake: n.Wake + more.Wake, Waits: n.Waits + more.Waits}
		return int64(len(noted)) <= most
	}
	err := s.Due(partition, math.MaxInt64-1, func(key []byte, at int64) bool { return add(key, Note{Wake: at}) })
	if err == nil {
		err = s.Waits(partition, func(what string, key []byte) bool { return add(key, Note{Waits: what}) })
	}
	if int64(len(noted)) > most {
		return nil, err
	}
	return noted, err
}
