package connectors

import (
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// Bounds of what a door remembers of each party.
const (
	deedsMax = 100_000
	deedsAge = 24 * time.Hour
)

// digest stands for what may be long.
type digest [sha256.Size]byte

// digestOf is of the parts with their bounds: ab, c is not a, bc.
func digestOf(parts ...[]byte) digest {
	whole := sha256.New()
	for _, part := range parts {
		sum := sha256.Sum256(part)
		whole.Write(sum[:])
	}
	return digest(whole.Sum(nil))
}

// deeds sees to it that something is done once. It remembers what was done under which key, and what came of it; what is being
// done is waited for. Only what succeeded is remembered, and only then: a claim made before would lose it whenever it fails.
// What is oldest is forgotten first.
type deeds[T any] struct {
	mu     sync.Mutex
	done   map[digest]T
	oldest []deed // those of done, in the order in which they came
	doing  map[digest]*doing[T]
}

type deed struct {
	key digest
	at  time.Time
}

// doing is what someone is at. Its fields may be read when it has ended.
type doing[T any] struct {
	content digest
	ended   chan struct{}
	result  T
	err     error
}

var errAbandoned = errors.New("the work was abandoned")

// over is what ended long ago.
var over = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

func newDeeds[T any]() *deeds[T] {
	return &deeds[T]{done: map[digest]T{}, doing: map[digest]*doing[T]{}}
}

// once has the work done, unless it was done under that key: then it answers what came of it. A failure is shared only with those
// who came with the same content meanwhile; the others try their own luck.
func (d *deeds[T]) once(now time.Time, key, content digest, work func() (T, error)) (result T, repeated bool, err error) {
	for {
		at, mine := d.begin(now, key, content)
		if mine {
			defer d.end(now, key, at)
			at.result, at.err = work()
			return at.result, false, at.err
		}
		<-at.ended
		if at.err == nil || at.content == content {
			return at.result, true, at.err
		}
	}
}

// begin finds what was done or is being done; with neither, it is the caller's.
func (d *deeds[T]) begin(now time.Time, key, content digest) (at *doing[T], mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget(now)
	if result, done := d.done[key]; done {
		return &doing[T]{ended: over, result: result}, false
	}
	if at = d.doing[key]; at != nil {
		return at, false
	}
	at = &doing[T]{content: content, ended: make(chan struct{}), err: errAbandoned}
	d.doing[key] = at
	return at, true
}

// end tells those who wait, also when the work panicked.
func (d *deeds[T]) end(now time.Time, key digest, at *doing[T]) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.doing, key)
	if at.err == nil {
		d.done[key] = at.result
		d.oldest = append(d.oldest, deed{key, now})
	}
	close(at.ended)
}

// forget drops what is too old or too much.
func (d *deeds[T]) forget(now time.Time) {
	for len(d.oldest) > 0 && (len(d.oldest) >= deedsMax || now.Sub(d.oldest[0].at) > deedsAge) {
		delete(d.done, d.oldest[0].key)
		d.oldest = d.oldest[1:]
	}
}
