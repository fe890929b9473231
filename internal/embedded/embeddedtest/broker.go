// Package embeddedtest gives tests of other packages a Kafka broker and a schema registry inside their own process, with
// the settings of the embedded stack and without its children; or the real ones that the environment names, which `make
// test-kafka` starts.
package embeddedtest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded/broker"
)

// Kafka starts a broker in memory, which ends with the test, and returns its addresses.
func Kafka(t testing.TB) (brokers []string) {
	t.Helper()
	return start(t, "").Brokers()
}

// Broker is one that a test can stop and start again.
type Broker struct {
	t       testing.TB
	config  broker.Config
	running *broker.Broker // nil while stopped
	real    *realKafka     // nil for the embedded one
}

// StartBroker starts a broker on a temporary folder, which ends with the test.
func StartBroker(t testing.TB) *Broker {
	t.Helper()
	return start(t, t.TempDir())
}

func start(t testing.TB, dir string) *Broker {
	if cluster := findRealKafka(t); cluster != nil {
		return &Broker{t: t, real: cluster}
	}
	b := &Broker{t: t, config: broker.Config{
		Dir:        dir,
		Listen:     "127.0.0.1:0",
		MinSession: 10 * time.Millisecond,
		Log:        slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}}
	b.Start()
	t.Cleanup(b.Stop)
	return b
}

// Start starts it again, on the same folder and port, with a new boot id.
func (b *Broker) Start() {
	b.t.Helper()
	if b.real != nil {
		b.real.start(b.t)
		return
	}
	if b.running != nil {
		return
	}
	running, err := broker.Start(context.Background(), b.config)
	if err != nil {
		b.t.Fatalf("start the broker: %v", err)
	}
	b.running, b.config.Listen = running, running.Addresses().Brokers[0]
}

// Stop stops it cleanly: open transactions are aborted, clients are sent away.
func (b *Broker) Stop() {
	b.t.Helper()
	if b.real != nil {
		b.real.stop(b.t)
		return
	}
	if b.running == nil {
		return
	}
	stopping, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := b.running.Close(stopping)
	b.running = nil
	if err != nil {
		b.t.Errorf("stop the broker: %v", err)
	}
}

// Restart stops and starts it.
func (b *Broker) Restart() {
	b.t.Helper()
	b.Stop()
	b.Start()
}

// Brokers is where it listens, also after a restart.
func (b *Broker) Brokers() []string {
	if b.real != nil {
		return b.real.brokers
	}
	return []string{b.config.Listen}
}

// BootID is that of the running broker; a real one has none.
func (b *Broker) BootID() string { return b.embedded().Addresses().BootID }

// Real says that this is not the embedded broker.
func (b *Broker) Real() bool { return b.real != nil }

// Cluster gives the running broker's faults and controls: refuse a request, delay it, see it. A broker that was started
// anew has none of them.
func (b *Broker) Cluster() *kfake.Cluster { return b.embedded().Cluster() }

// embedded is what only the embedded broker can be told to do: on a real one the test is left out.
func (b *Broker) embedded() *broker.Broker {
	b.t.Helper()
	if b.real != nil {
		b.t.Skip("the embedded broker only: a real one takes no orders to fail")
	}
	return b.running
}

// Quick are client settings with which a test does not wait for a broker that is back already, or gone for good.
func Quick() []kgo.Opt {
	return []kgo.Opt{
		kgo.RetryBackoffFn(func(int) time.Duration { return 50 * time.Millisecond }),
		kgo.MetadataMinAge(50 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second),
		kgo.UnknownTopicRetries(200), // a real broker hears of a new topic a while after it was made
		kgo.DialTimeout(time.Second),
		kgo.DisableClientMetrics(), // Close would wait a second for a broker that is gone to take them
	}
}
