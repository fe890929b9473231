package remote

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// A token may stand in a header; one that is good is used again, one that is refused is asked for once more.
func TestATokenIsGotByALoginOfThePartysOwn(t *testing.T) {
	logins, refuse := 0, 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		logins++
		if refuse != 0 {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(refuse)
			return
		}
		w.Header().Set("X-Token", testOpener+strconv.Itoa(logins))
	})
	mux.HandleFunc("GET /party", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != testOpener+strconv.Itoa(max(logins, 2)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client := func() *Client {
		door := New(server.URL, func(*http.Request) {})
		return New(server.URL, func(*http.Request) {}).With(ForLogin(time.Hour, func(ctx context.Context) (string, error) {
			header, err := door.Announced(ctx, http.MethodPost, "/login")
			return header.Get("X-Token"), err
		}), func(r *http.Request, token string) { r.Header.Set("Authorization", token) })
	}
	one := client()
	for range 3 {
		if _, err := one.Get(t.Context(), "/party", nil, new(any)); err != nil {
			t.Fatal(err)
		}
	}
	if logins != 2 {
		t.Errorf("logged in %d times", logins)
	}
	for status, want := range map[int]struct {
		class  string
		logins int
	}{http.StatusUnauthorized: {Authentication, 1}, http.StatusTooManyRequests: {Throttled, 1}, http.StatusServiceUnavailable: {Transient, 2}} {
		logins, refuse = 0, status
		_, err := client().Get(t.Context(), "/party", nil, new(any))
		if f := failureIn(t, err); f.Class != want.class || f.Perhaps || f.RetryAfter != 7*time.Second || logins != want.logins {
			t.Errorf("%d: %+v after %d logins", status, f, logins)
		}
	}
}
