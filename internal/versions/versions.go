// Package versions keeps processes of different versions of Waybill working side by side: which version of each schema is written
// stands on a topic that all follow, who runs and what each can read on another, and a version is written only when all who run
// can read it. It knows schemas by their fingerprints, and nothing of what they say.
package versions

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Choices is which version of each subject is written: a copy of the topic versions in memory.
type Choices struct {
	kafka    []kgo.Opt
	registry *schemas.Registry
	subjects map[string]schemas.Any // that this program reads
	log      *slog.Logger

	loading sync.Mutex
	chosen  atomic.Pointer[map[string]*schemas.VersionChoice] // nil before the topic was read
	changes atomic.Int64
	unread  atomic.Pointer[schemas.VersionChoice] // one that is written, and that this program can not read; nil for none
}

// New makes the registry's values be written as it is chosen. It opens nothing: the topic is read at the first need, and followed
// while Run runs.
func New(kafka []kgo.Opt, registry *schemas.Registry, subjects map[string]schemas.Any, log *slog.Logger) *Choices {
	c := &Choices{kafka: kafka, registry: registry, subjects: subjects, log: log}
	registry.WriteBy(c)
	return c
}

// Changes grows with every choice.
func (c *Choices) Changes() int64 { return c.changes.Load() }

// Chosen is what was chosen last for the subject, nil if nothing was.
func (c *Choices) Chosen(ctx context.Context, subject string) (*schemas.VersionChoice, error) {
	if c.chosen.Load() == nil {
		if err := c.Load(ctx); err != nil {
			return nil, err
		}
	}
	return (*c.chosen.Load())[subject], nil
}

// Load reads the topic to its end.
func (c *Choices) Load(ctx context.Context) error {
	c.loading.Lock()
	defer c.loading.Unlock()
	topic, err := open(ctx, c.kafka, topics.Versions)
	if err != nil {
		return err
	}
	defer topic.close()
	return c.readAll(ctx, topic)
}

func (c *Choices) readAll(ctx context.Context, topic *reading) error {
	chosen := map[string]*schemas.VersionChoice{}
	if err := topic.toEnd(ctx, func(r *kgo.Record) error { return c.note(ctx, chosen, r) }); err != nil {
		return err
	}
	c.set(chosen)
	return nil
}

func (c *Choices) note(ctx context.Context, chosen map[string]*schemas.VersionChoice, r *kgo.Record) error {
	if r.Value == nil {
		delete(chosen, string(r.Key))
		return nil
	}
	choice := new(schemas.VersionChoice)
	if err := c.registry.Decode(ctx, schemas.VersionChoiceSchema, r.Value, choice); err != nil {
		return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
	}
	chosen[string(r.Key)] = choice
	return nil
}

func (c *Choices) set(chosen map[string]*schemas.VersionChoice) {
	c.chosen.Store(&chosen)
	c.changes.Add(1)
	var unread *schemas.VersionChoice
	for _, subject := range slices.Sorted(maps.Keys(chosen)) {
		if s, ours := c.subjects[subject]; ours && unread == nil && !c.has(s, chosen[subject].Fingerprint) {
			unread = chosen[subject]
		}
	}
	if was := c.unread.Swap(unread); unread != nil && (was == nil || *was != *unread) {
		c.log.Error("this process reads no more", "error", c.Readable())
	} else if unread == nil && was != nil {
		c.log.Warn("this process reads on: all that is written it can read", "subject", was.Subject)
	}
}

func (c *Choices) has(s schemas.Any, fingerprint string) bool {
	return slices.ContainsFunc(c.registry.Versions(s), func(v schemas.Version) bool { return schemas.FingerprintText(v.Fingerprint) == fingerprint })
}

// Readable is nil if this program can read all that is written. If it can not, others do its work: it would stop at the first
// record of the kind, and keep its partitions from those who can read on.
func (c *Choices) Readable() error {
	if unread := c.unread.Load(); unread != nil {
		return fmt.Errorf("%s is written in version %d, which this version of Waybill can not read: upgrade this instance", unread.Subject, unread.Version)
	}
	return nil
}

// Run follows the topic until ctx ends. While it is out of reach, what was chosen last stands.
func (c *Choices) Run(ctx context.Context) error {
	for failures := 0; ctx.Err() == nil; failures++ {
		began := time.Now()
		err := c.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > time.Minute {
			failures = 0
		}
		c.log.Warn("topic versions is out of reach; what was chosen last stands", "error", err)
		pause(ctx, min(200*time.Millisecond<<min(failures, 10), 5*time.Second))
	}
	return nil
}

func (c *Choices) follow(ctx context.Context) error {
	topic, err := open(ctx, c.kafka, topics.Versions)
	if err != nil {
		return err
	}
	defer topic.close()
	if err := c.readAll(ctx, topic); err != nil {
		return err
	}
	for {
		chosen := maps.Clone(*c.chosen.Load())
		came := false
		err := topic.readOn(ctx, func(r *kgo.Record) error { came = true; return c.note(ctx, chosen, r) })
		if err != nil {
			return err
		}
		if came {
			c.set(chosen)
		}
	}
}

// pause waits about that long, or until ctx ends.
func pause(ctx context.Context, most time.Duration) {
	timer := time.NewTimer(most/4 + rand.N(most*3/4))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
