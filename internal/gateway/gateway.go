// Package gateway makes the calls at one party, each once. It is the only place with an effect on the outside world, and is written
// once for all parties: it knows tasks, answers and failures, and nothing of orders (architecture §3).
//
// One process at a time has a party: the one that holds the only partition of outbox.<party>. What it knows of each task is a row of
// ledger.<party>, and every change of a row commits before anything follows from it:
//
//	open → intent → done, or waiting, in doubt, trashed; dropped if a later one of its lane came
//
// A call that may not be repeated is made only after its intent has committed, and only until the intent's deadline; so is one of a lane,
// which must not arrive behind a later one. Whoever finds an intent without a result waits until nobody can send any more and the party
// has settled, and then asks before it acts.
//
// What the party can not take now is held, not failed: package limit says when the next call may go, package breaker keeps calls from a
// party that fails for all. What fails for good goes to the trash, and what an operator wants to be done about it comes on the outbox.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/gateway/breaker"
	"waybill/internal/gateway/limit"
	"waybill/internal/table"
	"waybill/schemas"
	"waybill/topics"
)

// Config is what a gateway needs of its surroundings.
type Config struct {
	Kafka      []kgo.Opt // how to reach the brokers
	Deployment string    // in front of groups and transactional ids
	Instance   string    // stable name of this process
	Name       string    // of the party
	Release    string    // of the program, which receipts name
	Dir        string    // folder of the local ledgers
	Log        *slog.Logger
	Metrics    prometheus.Registerer // nil: none
	Limits     Limits
	// Rehearsed tells the tasks that are answered here and never sent, so that what goes through everything else can be tried in
	// production. nil: none.
	Rehearsed func(*schemas.Task) bool
}

// Limits bound what a gateway does at once.
type Limits struct {
	CallsMax    int           // calls under way
	BatchMax    int           // tasks that are taken in at once
	AttemptsMax int64         // calls of one task that fail for a while, until a person has to look at it
	BackoffBase time.Duration // most time before the second attempt; it doubles with each
	BackoffMax  time.Duration
	SessionMax  time.Duration // a process that is not heard of for so long loses the party
	StopMax     time.Duration // how long calls under way may take to end when the process is told to stop
	StatusEvery time.Duration // how often it is said how far the party's calls are, while something changes
	Breaker     breaker.Settings
	Rate        limit.Rate            // of all calls at the party
	Rates       map[string]limit.Rate // of the calls of a kind
}

// DefaultLimits suit a party of some dozen calls a second.
func DefaultLimits() Limits {
	return Limits{
		CallsMax: 64, BatchMax: 1000, AttemptsMax: 10,
		BackoffBase: time.Second, BackoffMax: 5 * time.Minute, SessionMax: 10 * time.Second,
		StopMax: 5 * time.Second, StatusEvery: 2 * time.Second,
		Breaker: breaker.Settings{AlikeMax: 5, RefusedMax: 20, Base: 5 * time.Second, Max: 2 * time.Minute},
	}
}

// Gateway serves one party in one process.
type Gateway struct {
	config   Config
	party    Party
	kinds    map[string]Kind
	registry *schemas.Registry
	outbox   *topics.Topic
	ledger   *topics.Topic
	log      *slog.Logger
	metrics  *metrics
	intends  func(*schemas.Task, Kind) bool                           // as intendsFirst says; the simulation takes it away
	redeems  func(token *schemas.LedgerRow, asked *schemas.Task) bool // as mayRedeem says, likewise
	receipts atomic.Int64                                             // that were written
	now      func() time.Time                                         // the clock of this process; the simulation puts it wrong
}

// New prepares a gateway; it opens nothing.
func New(c Config, party Party, kinds []Kind, registry *schemas.Registry) *Gateway {
	g := &Gateway{
		config: c, party: party, kinds: map[string]Kind{}, registry: registry, outbox: topics.Outbox(c.Name), ledger: topics.Ledger(c.Name),
		log: c.Log.With("party", c.Name), metrics: newMetrics(c.Metrics), intends: intendsFirst, redeems: mayRedeem, now: time.Now,
	}
	for _, k := range kinds {
		g.kinds[k.Name] = k
	}
	return g
}

// Run works until ctx ends. Whatever goes wrong ends a tenure, and the next begins from what was committed.
func (g *Gateway) Run(ctx context.Context) error {
	store, err := table.Open(filepath.Join(g.config.Dir, g.ledger.Name))
	if err != nil {
		return fmt.Errorf("gateway %s: %w", g.config.Name, err)
	}
	for failures := 0; ctx.Err() == nil; failures++ {
		err := g.candidacy(ctx, store)
		if errors.Is(err, errStood) {
			failures = -1
			continue
		}
		if err != nil && ctx.Err() == nil {
			g.log.Warn("tenure ended, a new one begins from what was committed", "error", err)
		}
		pause(ctx, g.jitter(failures))
	}
	return store.Close()
}

// jitter is anything up to a bound that doubles with each failure ("full jitter"), so that those who failed together do not come back
// together.
func (g *Gateway) jitter(failures int) time.Duration {
	most := min(g.config.Limits.BackoffBase<<min(failures, 20), g.config.Limits.BackoffMax)
	return rand.N(most) + 1
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// errStood says that another had the party all the time, as far as this process was told.
var errStood = errors.New("stood for the party in vain")

// errLost says that another process has the party now.
var errLost = errors.New("another process has this party now")
