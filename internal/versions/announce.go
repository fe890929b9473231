package versions

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// How often a process says that it runs, and after how long a silence it does not.
const (
	announceSeconds = 10
	silenceSeconds  = 25
	farewellSeconds = 2 // how long the end of a process waits for that to be known
)

// Announcer says every few seconds that this process runs, and what it can read.
type Announcer struct {
	kafka    []kgo.Opt
	registry *schemas.Registry
	says     schemas.Instance
	log      *slog.Logger
}

// NewAnnouncer prepares what is said of the process that self names; it opens nothing.
func NewAnnouncer(kafka []kgo.Opt, registry *schemas.Registry, subjects map[string]schemas.Any, self schemas.Instance, log *slog.Logger) *Announcer {
	reads := map[string]bool{}
	for _, s := range subjects {
		for _, v := range registry.Versions(s) {
			reads[schemas.FingerprintText(v.Fingerprint)] = true
		}
	}
	self.Reads = slices.Sorted(maps.Keys(reads))
	return &Announcer{kafka: kafka, registry: registry, says: self, log: log}
}

// Run announces the process until ctx ends, and then that it has ended.
func (a *Announcer) Run(ctx context.Context) error {
	client, err := kgo.NewClient(append(slices.Clone(a.kafka), kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)))...)
	if err != nil {
		return fmt.Errorf("announce this process: %w", err)
	}
	defer client.Close()
	tick := time.NewTicker(announceSeconds * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := a.announce(ctx, client); err != nil && ctx.Err() == nil {
			a.log.Warn("this process could not announce itself, and tries again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellSeconds*time.Second)
	defer cancel()
	_ = client.ProduceSync(ctx, a.record(nil)).FirstErr() // who is not told finds out by the silence
	return nil
}

func (a *Announcer) announce(ctx context.Context, client *kgo.Client) error {
	ctx, cancel := context.WithTimeout(ctx, announceSeconds*time.Second)
	defer cancel()
	a.says.At = schemas.At(time.Now())
	value, err := a.registry.Encode(ctx, nil, topics.Instances.Subject(), topics.Instances.Schema, &a.says)
	if err != nil {
		return err
	}
	return client.ProduceSync(ctx, a.record(value)).FirstErr()
}

// record is under the process's name among those that share the work, and what it runs: two with the same are the same, restarted.
func (a *Announcer) record(value []byte) *kgo.Record {
	key := a.says.Instance + "/" + strings.Join(a.says.Parts, "+")
	return &kgo.Record{Topic: topics.Instances.Name, Key: []byte(key), Value: value}
}
