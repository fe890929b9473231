package httpd

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Doors is the handler of the server that the outside reaches: the doors by their path patterns, as http.ServeMux has them, and
// /readyz. A page of another site that has a browser knock at them is turned away.
func Doors(doors map[string]http.Handler, ready *Readiness) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /readyz", ready)
	for pattern, door := range doors {
		mux.Handle(pattern, door)
	}
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusForbidden, map[string]any{"error": "a page of another site may not use this door"})
	}))
	return protection.Handler(mux)
}

// Ops is the handler of the server for those who operate the process: /metrics, /healthz and /readyz, and pages by their path patterns.
func Ops(metrics prometheus.Gatherer, ready *Readiness, pages map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{MaxRequestsInFlight: 4, EnableOpenMetrics: true}))
	mux.HandleFunc("GET /healthz", alive)
	mux.Handle("GET /readyz", ready)
	for pattern, page := range pages {
		mux.Handle(pattern, page)
	}
	return mux
}
