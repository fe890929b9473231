package runner

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// abortedLate is how long after its timeout a broker aborts a transaction at the latest
// (transaction.abort.timed.out.transaction.cleanup.interval.ms).
const abortedLate = 10 * time.Second

// unstable listens to what the group's client logs. The client asks every second, for ever and without a word, for offsets that an open
// transaction is about to move; one that hangs is never ended (KIP-664), and the step would wait in silence.
type unstable struct {
	log  *slog.Logger
	most time.Duration // for which offsets may be unstable

	mu    sync.Mutex
	since time.Time
	last  time.Time
	told  bool
}

// Level is that of what the client says of offsets that it asks for again.
func (*unstable) Level() kgo.LogLevel { return kgo.LogLevelInfo }

// Log makes it a kgo.Logger.
func (u *unstable) Log(_ kgo.LogLevel, _ string, fields ...any) {
	for i := 1; i < len(fields); i += 2 {
		if err, is := fields[i].(error); is && errors.Is(err, kerr.UnstableOffsetCommit) {
			u.note(time.Now(), fields)
			return
		}
	}
}

// unstableGap ends one wait: what comes later belongs to another one.
const unstableGap = 5 * time.Second

func (u *unstable) note(now time.Time, fields []any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.Sub(u.last) > unstableGap {
		u.since, u.told = now, false
	}
	u.last = now
	if waits := now.Sub(u.since); waits > u.most && !u.told {
		u.told = true
		u.log.Warn("nothing is read yet: a transaction that is open for longer than it may be holds the offsets; waybill doctor says if it hangs",
			append([]any{"for", waits.Round(time.Second)}, fields...)...)
	}
}
