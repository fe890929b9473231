package httpd

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Readiness knows what must be ready before the process is.
type Readiness struct {
	mu     sync.Mutex
	checks []check
}

type check struct {
	name string
	ask  func(ctx context.Context) error
}

// checkSeconds bounds how long all checks together may take.
const checkSeconds = 5

// Add registers something that must be ready: ask answers nil, or why it is not. It must end with its context.
func (r *Readiness) Add(name string, ask func(ctx context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checks = append(r.checks, check{name, ask})
}

// Waiting is one thing that is not ready.
type Waiting struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Ask asks every check at once and answers those that are not ready, in the order in which they were added.
func (r *Readiness) Ask(ctx context.Context) []Waiting {
	r.mu.Lock()
	checks := r.checks[:len(r.checks):len(r.checks)]
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, checkSeconds*time.Second)
	defer cancel()
	reasons := make([]error, len(checks))
	var asked sync.WaitGroup
	for i, c := range checks {
		asked.Go(func() { reasons[i] = c.ask(ctx) })
	}
	asked.Wait()
	waiting := []Waiting{}
	for i, reason := range reasons {
		if reason != nil {
			waiting = append(waiting, Waiting{checks[i].name, reason.Error()})
		}
	}
	return waiting
}

// ServeHTTP is /readyz: 200 when all is ready, else 503 with the reasons.
func (r *Readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	waiting := r.Ask(request.Context())
	status := http.StatusOK
	if len(waiting) > 0 {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, map[string]any{"ready": len(waiting) == 0, "waiting": waiting})
}

// alive is /healthz: whoever reads the answer knows.
func alive(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"alive": true})
}
