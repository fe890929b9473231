package main

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"

	"waybill/internal/credentials"
	"waybill/topics"
)

// What is open stays open while its password changes: the registry and ClickHouse are asked over HTTP, and each request shows the
// password of that moment.
func TestAPasswordThatIsExchangedIsShownByTheNextRequest(t *testing.T) {
	t.Parallel()
	s := startSecured(t)
	engine, _ := s.engine.User.Password()
	var wanted atomic.Value
	wanted.Store("first")
	registry := s.proxy(s.registryBehind, func(r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		return user == "me" && password == wanted.Load()
	})
	tables := s.proxy("http://"+s.engine.Host, func(r *http.Request) bool {
		known := r.Header.Get("X-ClickHouse-Key") == wanted.Load()
		r.Header.Set("X-ClickHouse-Key", engine)
		return known
	}) + s.engine.Path
	client := s.authority.Issue("client", clientLife)
	swap := func(password string) {
		s.folder.Swap(map[string][]byte{"ca.crt": s.authority.PEM, "tls.crt": client.Cert, "tls.key": client.Key, "kafka": []byte(adminPassword), "registry": []byte(password), "clickhouse": []byte(password)})
	}
	swap("first")
	c := s.configured(t, "WAYBILL_REGISTRY_URL="+registry, "WAYBILL_CLICKHOUSE_DSN="+tables)
	login, err := credentials.Open(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	stack := &stack{config: c, login: login, registry: registry, dsn: tables, log: slog.New(slog.DiscardHandler)}
	subjects, err := stack.unversioned()
	if err != nil {
		t.Fatal(err)
	}
	store, err := stack.clickhouse(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	asks := func() (fromRegistry, fromTables error) {
		_, fromRegistry = subjects.Registered(t.Context(), topics.OrdersRaw.Subject(), topics.OrdersRaw.Schema)
		return fromRegistry, store.Ping(t.Context())
	}
	for _, step := range []struct {
		there, here string
		let         bool
	}{{"first", "first", true}, {"second", "first", false}, {"second", "second", true}} {
		wanted.Store(step.there)
		swap(step.here)
		if r, c := asks(); (r == nil) != step.let || (c == nil) != step.let {
			t.Errorf("%s there, %s here: registry %v, ClickHouse %v", step.there, step.here, r, c)
		}
	}
}
