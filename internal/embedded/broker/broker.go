// Package broker serves the Kafka protocol from one process and one folder, with kfake: groups, transactions,
// compaction, data on disk; no replication.
//
// It closes the gaps that kfake leaves at its edges. A broker that starts repairs what a killed one left open, before
// anyone can see it; it compacts and expires at that moment only; and it stops after the last transaction has ended. It
// knows nothing of topics or records.
package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"waybill/internal/embedded/lock"
)

// Config says where a broker keeps its data and where it listens.
type Config struct {
	Dir    string // its folder; in memory if empty
	Listen string // host:port on this machine; a free port of 127.0.0.1 if empty
	Sync   bool   // write every batch through to the disk: survives a power cut, 30 times slower on single records
	Log    *slog.Logger

	// CleanAboveBytes is how much compacted topics may grow before the next start compacts them; 64 MiB if zero.
	CleanAboveBytes int64
	// MinSession is the shortest session that a group member may ask for; 1 s if zero.
	MinSession time.Duration
	// LockWait is how long to wait for an earlier broker that still shuts down; 30 s if zero.
	LockWait time.Duration
}

// Addresses is what a client needs to know of a running broker.
type Addresses struct {
	Brokers []string `json:"brokers"`
	// BootID is new at every start. A client reads it from the metadata (the cluster id is "embedded-" + BootID) and
	// makes it a part of its transactional ids, so that a broker never meets one of its former life.
	BootID string `json:"boot_id"`
}

// ClusterPrefix stands before the boot id in the cluster id.
const ClusterPrefix = "embedded-"

// Serve runs a broker until ctx ends, and then stops it cleanly. It calls ready once clients are let in.
func Serve(ctx context.Context, config Config, ready func(Addresses)) error {
	b, err := Start(ctx, config)
	if err != nil {
		return err
	}
	ready(b.Addresses())
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	return b.Close(stopping)
}

// stopLimit bounds the end of open transactions at a stop.
const stopLimit = 10 * time.Second

// Broker is one that runs.
type Broker struct {
	config  Config
	bootID  string
	lock    *lock.Lock // nil in memory
	journal *journal
	gate    *gate
	cluster *kfake.Cluster
}

// Start opens the folder, repairs and cleans it, and lets clients in.
func Start(ctx context.Context, config Config) (_ *Broker, err error) {
	config = config.withDefaults()
	b := &Broker{config: config, bootID: strings.ToLower(rand.Text()[:10]), journal: &journal{log: config.Log}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("start the embedded broker: %w", err), b.abandon())
		}
	}()
	var left []dangling
	if config.Dir != "" {
		if left, err = b.takeFolder(ctx); err != nil {
			return nil, err
		}
	}
	world, err := net.Listen("tcp", config.Listen)
	if err != nil {
		return nil, err
	}
	b.gate = newGate(world)
	if b.cluster, err = kfake.NewCluster(b.options()...); err != nil {
		return nil, err
	}
	if config.Dir != "" {
		if err := b.settle(ctx, left); err != nil {
			return nil, err
		}
	}
	b.gate.open()
	return b, nil
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.CleanAboveBytes == 0 {
		c.CleanAboveBytes = 64 << 20
	}
	if c.MinSession == 0 {
		c.MinSession = time.Second
	}
	if c.LockWait == 0 {
		c.LockWait = 30 * time.Second
	}
	return c
}

// takeFolder locks the folder and makes its files fit to be opened.
func (b *Broker) takeFolder(ctx context.Context) (left []dangling, err error) {
	dir := b.config.Dir
	if err := os.MkdirAll(b.logDir(), 0o700); err != nil {
		return nil, err
	}
	patience := func(lock.Holder) time.Duration { return b.config.LockWait }
	if b.lock, err = lock.Take(ctx, filepath.Join(dir, "lock"), "embedded broker", patience); err != nil {
		return nil, err
	}
	if err := restoreInterruptedCleaning(dir); err != nil {
		return nil, err
	}
	if left, err = b.repair(); err != nil {
		return nil, err
	}
	return left, nameCluster(b.logDir(), ClusterPrefix+b.bootID)
}

// settle ends what the former broker left open and throws away what nobody may read any more, unseen.
func (b *Broker) settle(ctx context.Context, left []dangling) error {
	admin, err := b.admin()
	if err != nil {
		return err
	}
	defer admin.Close()
	if err := abortDangling(ctx, admin, left); err != nil {
		return err
	}
	return b.clean(ctx, admin)
}

// Addresses tells clients where the broker is.
func (b *Broker) Addresses() Addresses {
	return Addresses{Brokers: []string{b.gate.Addr().String()}, BootID: b.bootID}
}

// Cluster gives tests the broker's faults and controls.
func (b *Broker) Cluster() *kfake.Cluster { return b.cluster }

// Close sends clients away, ends their open transactions, writes the state and gives the folder free.
func (b *Broker) Close(ctx context.Context) error {
	b.gate.shut()
	if b.config.Dir == "" {
		return b.abandon()
	}
	err := b.abortOpen(ctx)
	b.cluster.Close()
	b.cluster = nil
	if err == nil {
		err = b.journal.failure()
	}
	if err == nil {
		err = markClean(b.config.Dir)
	}
	if err != nil {
		err = fmt.Errorf("stop the embedded broker (its next start will repair the log): %w", err)
	}
	return errors.Join(err, b.abandon())
}

// abandon lets go of everything that is held.
func (b *Broker) abandon() error {
	if b.cluster != nil {
		b.cluster.Close()
		b.cluster = nil
	}
	if b.gate != nil {
		b.gate.Close()
	}
	if b.lock != nil {
		return b.lock.Release()
	}
	return nil
}

func (b *Broker) logDir() string { return filepath.Join(b.config.Dir, "log") }
