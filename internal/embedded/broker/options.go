package broker

import (
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

const (
	// maxSession bounds group sessions and transactions, so that a client which was killed holds nothing up for long.
	// A client library's own defaults (45 s and 40 s) fit below it.
	maxSession = time.Minute
	never      = 100 * 365 * 24 * time.Hour
)

func (b *Broker) options() []kfake.Opt {
	options := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ClusterID(ClusterPrefix + b.bootID),
		kfake.DefaultNumPartitions(1),
		kfake.GroupMinSessionTimeout(b.config.MinSession),
		kfake.GroupMaxSessionTimeout(maxSession),
		kfake.BrokerConfigs(settings()),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return b.gate, nil }),
		kfake.WithLogger(b.journal),
	}
	if b.config.Dir != "" {
		options = append(options, kfake.DataDir(b.logDir()))
	}
	if b.config.Sync {
		options = append(options, kfake.SyncWrites())
	}
	return options
}

func settings() map[string]string {
	return map[string]string{
		// The cleaner can drop a committed value under an open transaction: it runs at start only, when there is none.
		"log.cleaner.backoff.ms": milliseconds(never),
		// The cleaner expires compacted topics, too, after 7 days by default. What waits in one must not be lost.
		"log.retention.ms":           "-1",
		"transaction.max.timeout.ms": milliseconds(maxSession),
		// A pipeline that was switched off for a month goes on where it stopped.
		"offsets.retention.minutes": strconv.FormatInt(int64(10*365*24*time.Hour/time.Minute), 10),
	}
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// journal passes on what kfake logs, and remembers the last error: kfake reports only there that it could not write.
type journal struct {
	log  *slog.Logger
	mu   sync.Mutex
	last error
}

// Logf makes it a kfake.Logger.
func (j *journal) Logf(level kfake.LogLevel, format string, args ...any) {
	switch {
	case level >= kfake.LogLevelInfo: // its "info" is a line for every request that fails
		j.log.Debug(fmt.Sprintf(format, args...))
	case level == kfake.LogLevelWarn:
		j.log.Warn(fmt.Sprintf(format, args...))
	default:
		err := fmt.Errorf(format, args...)
		j.log.Error(err.Error())
		j.mu.Lock()
		j.last = err
		j.mu.Unlock()
	}
}

func (j *journal) failure() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}
