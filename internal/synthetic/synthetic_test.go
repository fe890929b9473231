package synthetic

import (
	"context"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"waybill/schemas"
	"waybill/topics"
)

// pipe is what orders go through, in a second each.
type pipe struct {
	mu     sync.Mutex
	broken bool
	sent   []topics.Message
	came   map[string]time.Time
}

func (p *pipe) store(_ context.Context, messages []topics.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, messages...)
	for _, m := range messages {
		if _, is := p.came[m.Key]; !is && !p.broken {
			p.came[m.Key] = time.Now().Add(time.Second)
		}
	}
	return nil
}

func (p *pipe) arrived(_ context.Context, ids []string) (map[string]time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]time.Time{}
	for _, id := range ids {
		if at, is := p.came[id]; is && !at.After(time.Now()) {
			all[id] = at
		}
	}
	return all, nil
}

func (p *pipe) setBroken(is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = is
}

func TestWhoeverSendsItItIsOneOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipe{came: map[string]time.Time{}}
		ctx, end := context.WithTimeout(t.Context(), 62*time.Minute)
		defer end()
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { _ = Send(ctx, 5*time.Minute, p.store, slog.New(slog.DiscardHandler)) })
			time.Sleep(90 * time.Second)
		}
		all.Wait()
		bodies := map[string]string{}
		for _, m := range p.sent {
			raw := m.Value.(*schemas.RawOrder)
			if body, is := bodies[m.Key]; is && body != string(raw.Body.Bytes) {
				t.Errorf("%s has two contents", m.Key)
			}
			bodies[m.Key] = string(raw.Body.Bytes)
			if !schemas.IsSynthetic(m.Key) {
				t.Errorf("%s is not marked", m.Key)
			}
		}
		if len(bodies) != 13 || len(p.sent) != 26 { // the first, and twelve in the hour
			t.Errorf("%d orders, sent %d times", len(bodies), len(p.sent))
		}
	})
}

func TestItsAbsenceIsSaidInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipe{came: map[string]time.Time{}}
		var said strings.Builder
		w := NewWatch(5*time.Minute, p.arrived, slog.New(slog.NewTextHandler(&said, nil)), prometheus.NewRegistry())
		ctx, end := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _ = Send(ctx, 5*time.Minute, p.store, slog.New(slog.DiscardHandler)) })
		all.Go(func() { _ = w.Run(ctx) })
		defer all.Wait()
		defer end()
		time.Sleep(time.Hour + time.Second)
		if testutil.ToFloat64(w.absent) != 0 || said.Len() > 0 || testutil.ToFloat64(w.age) > 330 {
			t.Fatalf("absent while all is well: age %v, said %q", testutil.ToFloat64(w.age), &said)
		}
		p.setBroken(true)
		arrived := maps.Clone(p.came)
		time.Sleep(10*time.Minute + 30*time.Second)
		if testutil.ToFloat64(w.absent) != 1 || strings.Count(said.String(), "do not go through") != 1 {
			t.Errorf("nothing came for ten minutes, and: absent %v, said %q", testutil.ToFloat64(w.absent), &said)
		}
		time.Sleep(10 * time.Minute)
		if n := strings.Count(said.String(), "do not go through"); n != 3 || len(p.came) != len(arrived) {
			t.Errorf("said %d times: %s", n, &said)
		}
		p.setBroken(false)
		time.Sleep(6 * time.Minute)
		if testutil.ToFloat64(w.absent) != 0 || testutil.ToFloat64(w.took) != 1 {
			t.Errorf("they come again: absent %v, took %v", testutil.ToFloat64(w.absent), testutil.ToFloat64(w.took))
		}
	})
}
