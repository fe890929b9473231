package gateway

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// progress is how far the outbox was read. It is said now and then, behind the ledger (invariant 2): what was read and not said is read
// again, and known by its id.
type progress struct {
	group  string
	topic  string
	client *kgo.Client
	next   atomic.Int64
	said   int64
}

// sayEvery is how often it is said: so much is read twice by the next owner at most.
const sayEvery = time.Second

func (g *Gateway) newProgress(client *kgo.Client) *progress {
	return &progress{group: g.config.Deployment + ".outbox." + g.config.Name, topic: g.outbox.Name, client: client}
}

// begin is where to read on.
func (p *progress) begin(ctx context.Context) (kgo.Offset, error) {
	offsets, err := kadm.NewClient(p.client).FetchOffsets(ctx, p.group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // which nobody has said anything to yet
		return kgo.Offset{}, fmt.Errorf("ask how far %s was read: %w", p.topic, err)
	}
	at, is := offsets.Lookup(p.topic, 0)
	if !is || at.At < 0 {
		return kgo.NewOffset().AtStart(), nil
	}
	p.next.Store(at.At)
	p.said = at.At
	return kgo.NewOffset().At(at.At), nil
}

// say works until ctx ends.
func (p *progress) say(ctx context.Context, failed func(error)) {
	for ; ctx.Err() == nil; pause(ctx, sayEvery) {
		next := p.next.Load()
		if next == p.said {
			continue
		}
		var offsets kadm.Offsets
		offsets.AddOffset(p.topic, 0, next, -1)
		if err := kadm.NewClient(p.client).CommitAllOffsets(ctx, p.group, offsets); err != nil {
			failed(err)
			continue
		}
		p.said = next
	}
}
