package embeddedtest

import (
	"net/http/httptest"
	"testing"

	"waybill/internal/embedded/registry"
)

// Registry starts a schema registry in memory, which ends with the test, and returns its URL.
func Registry(t testing.TB) (url string) {
	t.Helper()
	if url := realRegistry(t); url != "" {
		return url
	}
	r, err := registry.Open(t.Context(), registry.Config{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server.URL
}
