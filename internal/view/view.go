// Package view keeps a local, read-only copy of a compacted topic, for whoever looks something up by its key. The topic is the
// truth; the copy on disk may be lost at any time and is then read again. It knows topics and schemas, and nothing of what they say.
package view

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"waybill/internal/table"
	"waybill/schemas"
	"waybill/topics"
)

// Config is what a view needs of its surroundings.
type Config struct {
	Kafka []kgo.Opt
	Dir   string // folder of the copy; no two views share one
	Log   *slog.Logger
}

// ErrNotReady is the answer to a look-up before the view has read all that was on its topic when it began, or found it again. Nothing is ever said to
// be absent that may only be late.
var ErrNotReady = errors.New("not read to its end yet")

// View is a copy of one topic. Look-ups may come from any number of goroutines.
type View struct {
	config   Config
	topic    *topics.Topic
	registry *schemas.Registry
	log      *slog.Logger

	mu         sync.RWMutex // guards the store against being exchanged
	store      *table.Store
	broken     context.CancelCauseFunc // ends the following of a copy that is broken
	partitions []int32
	keyed      kgo.TopicPartitioner

	ready   atomic.Bool
	version atomic.Int64
}

// New prepares a view of a topic; it opens nothing.
func New(c Config, topic *topics.Topic, registry *schemas.Registry) *View {
	return &View{
		config: c, topic: topic, registry: registry, log: c.Log.With("view", topic.Name),
		keyed: kgo.StickyKeyPartitioner(nil).ForTopic(topic.Name),
	}
}

// Ready is nil once the view has read to the ends that stood when it began, and while it has its topic.
func (v *View) Ready() error {
	if !v.ready.Load() {
		return fmt.Errorf("%s: %w", v.topic.Name, ErrNotReady)
	}
	return nil
}

// Version changes whenever the view does.
func (v *View) Version() int64 { return v.version.Load() }

// Run follows the topic until ctx ends.
func (v *View) Run(ctx context.Context) error {
	if err := v.open(); err != nil {
		return err
	}
	for failures := 0; ctx.Err() == nil; failures++ {
		began := time.Now()
		err := v.followUntilBroken(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > time.Minute {
			failures = 0
		}
		v.ready.Store(false) // what is not here may only be late, until it has caught up again
		v.log.Warn("view lost its topic, and reads on from where it stands", "error", err)
		if errors.Is(err, table.ErrBroken) {
			if err := v.reopen(); err != nil {
				return err
			}
		}
		pause(ctx, failures)
	}
	return v.close()
}

func (v *View) open() error {
	store, err := table.Open(v.config.Dir)
	if err != nil {
		return fmt.Errorf("view of %s: %w", v.topic.Name, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.store = store
	return nil
}

// reopen makes an empty copy in place of a broken one.
func (v *View) reopen() error {
	v.ready.Store(false)
	_ = v.close() // it is broken: that is why it goes
	if err := os.RemoveAll(v.config.Dir); err != nil {
		return fmt.Errorf("throw the broken view of %s away: %w", v.topic.Name, err)
	}
	return v.open()
}

func (v *View) close() error {
	v.ready.Store(false)
	v.mu.Lock()
	defer v.mu.Unlock()
	store := v.store
	v.store = nil
	return store.Close()
}

// followUntilBroken follows until something fails: a look-up that finds the copy broken ends it too.
func (v *View) followUntilBroken(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	v.mu.Lock()
	v.broken = cancel
	v.mu.Unlock()
	err := v.follow(ctx)
	if cause := context.Cause(ctx); errors.Is(cause, table.ErrBroken) {
		return cause
	}
	return err
}

// follow catches up with the ends that stand now, and then reads what comes.
func (v *View) follow(ctx context.Context) error {
	if err := v.catchUp(ctx); err != nil {
		return err
	}
	client, err := kgo.NewClient(append(slices.Clone(v.config.Kafka), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.FetchMaxWait(500*time.Millisecond), kgo.FetchMaxBytes(fetchBytes), kgo.FetchMaxPartitionBytes(fetchBytes))...)
	if err != nil {
		return fmt.Errorf("read %s: %w", v.topic.Name, err)
	}
	defer client.Close()
	from := map[int32]kgo.Offset{}
	for _, n := range v.partitions {
		at, err := v.store.Checkpoint(n)
		if err != nil {
			return err
		}
		from[n] = kgo.NewOffset().At(at)
	}
	client.AddConsumePartitions(map[string]map[int32]kgo.Offset{v.topic.Name: from})
	for {
		if err := v.readOn(ctx, client); err != nil {
			return err
		}
	}
}

// fetchBytes bounds the memory of one fetch.
const fetchBytes = 8 << 20

// catchUp brings every partition to its end.
func (v *View) catchUp(ctx context.Context) error {
	client, err := kgo.NewClient(v.config.Kafka...)
	if err != nil {
		return fmt.Errorf("reach the brokers: %w", err)
	}
	defer client.Close()
	details, err := kadm.NewClient(client).ListTopics(ctx, v.topic.Name)
	if err == nil {
		err = details[v.topic.Name].Err
	}
	if err != nil {
		return fmt.Errorf("ask for topic %s (waybill provision makes it): %w", v.topic.Name, err)
	}
	v.mu.Lock()
	v.partitions = details[v.topic.Name].Partitions.Numbers()
	v.mu.Unlock()
	began := time.Now()
	var group errgroup.Group
	group.SetLimit(2)
	for _, n := range v.partitions {
		group.Go(func() error { return v.store.Restore(ctx, v.config.Kafka, v.topic.Name, n, nil) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	v.version.Add(1)
	if !v.ready.Swap(true) {
		v.log.Info("view ready", "took", time.Since(began))
	}
	return nil
}

func (v *View) readOn(ctx context.Context, client *kgo.Client) error {
	fetches := client.PollRecords(ctx, 10_000)
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, e := range fetches.Errors() {
		return fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
	}
	var failed error
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		if len(p.Records) == 0 || failed != nil {
			return
		}
		changes := make([]table.Change, 0, len(p.Records))
		for _, r := range p.Records {
			if !r.Attrs.IsControl() {
				changes = append(changes, table.Change{Key: r.Key, Value: r.Value})
			}
		}
		failed = v.store.Apply(p.Partition, p.Records[len(p.Records)-1].Offset+1, changes)
		if len(changes) > 0 {
			v.version.Add(1)
		}
	})
	return failed
}

// Get reads the value of a key into to, a pointer to the topic's type; found is false if there is none.
func (v *View) Get(ctx context.Context, key string, to any) (found bool, err error) {
	if err := v.Ready(); err != nil {
		return false, err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.store == nil {
		return false, fmt.Errorf("%s: %w", v.topic.Name, ErrNotReady)
	}
	value, found, err := v.find([]byte(key))
	if errors.Is(err, table.ErrBroken) { // which is not the asker's table
		v.ready.Store(false)
		v.broken(err)
		return false, fmt.Errorf("%s: %w: %v", v.topic.Name, ErrNotReady, err)
	}
	if err != nil || !found {
		return false, err
	}
	if err := v.registry.Decode(ctx, v.topic.Schema, value, to); err != nil {
		return false, fmt.Errorf("%q in %s: %w", key, v.topic.Name, err)
	}
	return true, nil
}

// find looks where the key belongs, and then where a producer with another way to share keys out may have put it.
func (v *View) find(key []byte) (value []byte, found bool, err error) {
	if len(v.partitions) == 0 {
		return nil, false, nil
	}
	home := v.partitions[v.keyed.Partition(&kgo.Record{Key: key}, len(v.partitions))]
	if value, found, err = v.store.Get(nil, home, key); found || err != nil {
		return value, found, err
	}
	for _, n := range v.partitions {
		if n == home {
			continue
		}
		if value, found, err = v.store.Get(nil, n, key); found || err != nil {
			break
		}
	}
	return value, found, err
}

// pause waits longer with each failure, up to five seconds, with jitter.
func pause(ctx context.Context, failures int) {
	most := min(200*time.Millisecond<<min(failures, 10), 5*time.Second)
	timer := time.NewTimer(most/4 + rand.N(most*3/4))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
