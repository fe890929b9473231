package gateway

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// office is whether this process has the party: the group says so, from goroutines of its own.
type office struct {
	topic   string
	log     *slog.Logger
	mu      sync.Mutex
	held    bool
	changed chan struct{} // closed with each change
	said    string        // the last reason why the group can not be joined
}

func newOffice(topic string, log *slog.Logger) *office {
	return &office{topic: topic, log: log, changed: make(chan struct{})}
}

// OnGroupManageError hears why the group can not be joined, which the client tries for ever.
func (o *office) OnGroupManageError(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if said := err.Error(); said != o.said {
		o.said = said
		o.log.Warn("the group of those who stand for the party can not be joined: it is tried again", "error", err)
	}
}

func (o *office) gained(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	o.set(partitions, true)
}

func (o *office) lost(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	o.set(partitions, false)
}

func (o *office) set(partitions map[string][]int32, held bool) {
	if !slices.Contains(partitions[o.topic], 0) {
		return // the group is shared out anew, and this is not about us
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = held
	close(o.changed)
	o.changed = make(chan struct{})
}

// await waits until the party is held, or is not; false if ctx ends before.
func (o *office) await(ctx context.Context, held bool) bool {
	for {
		o.mu.Lock()
		is, changed := o.held, o.changed
		o.mu.Unlock()
		if is == held {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-changed:
		}
	}
}
