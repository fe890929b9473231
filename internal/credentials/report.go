package credentials

import (
	"log/slog"
	"sync"
)

// report tells of a fault once, however many connections meet it.
type report struct {
	log *slog.Logger
	mu  sync.Mutex
	was error
}

func (r *report) say(err error, next string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && (r.was == nil || r.was.Error() != err.Error()) {
		r.log.Warn("credentials not read again", "error", err, "next", next)
	}
	r.was = err
}

func (r *report) fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.was
}
