package remote

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// guarded is a client of a party that lets in who has the latest token of the endpoint, and refuses others with a status. Each refresh
// token is good for one token.
type guarded struct {
	client  *Client
	tokens  *Tokens
	issued  atomic.Int64
	refuses atomic.Bool // whatever the token
	asked   atomic.Int64
	bodies  atomic.Value // the latest that was let in
}

func guard(t *testing.T, status int, file string, also ...int) *guarded {
	t.Helper()
	g := &guarded{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/token" {
			g.asked.Add(1)
			if g.refuses.Load() || r.Header.Get("X-Token") != fmt.Sprintf("token-%d", g.issued.Load()) {
				w.WriteHeader(status)
				return
			}
			body, _ := io.ReadAll(r.Body)
			g.bodies.Store(string(body))
			_, _ = io.WriteString(w, "{}")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if r.FormValue("refresh_token") != fmt.Sprintf("refresh-%d", g.issued.Load()) || r.FormValue("client_secret") != "proof" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
			return
		}
		n := g.issued.Add(1)
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","refresh_token":"refresh-%d","token_type":"bearer","expires_in":3600}`, n, n)
	}))
	t.Cleanup(server.Close)
	var err error
	g.tokens, err = NewTokens(TokenSettings{URL: server.URL + "/token", Client: "us", Secret: "proof", Refresh: "refresh-0", File: file})
	if err != nil {
		t.Fatal(err)
	}
	g.client = New(server.URL, func(*http.Request) {}).With(g.tokens, func(r *http.Request, token string) { r.Header.Set("X-Token", token) }, also...)
	return g
}

func TestATokenThatIsNoGoodIsRenewedOnceAndTheRequestSentAgainWhole(t *testing.T) {
	for status, also := range map[int][]int{http.StatusUnauthorized: nil, http.StatusForbidden: {http.StatusForbidden}} {
		g := guard(t, status, "", also...)
		for range 2 {
			if _, err := g.client.Post(t.Context(), "/x", map[string]int{"a": 1}, new(any)); err != nil {
				t.Fatal(err)
			}
		}
		if g.issued.Load() != 1 {
			t.Errorf("%d: %d tokens for two requests", status, g.issued.Load())
		}
		g.tokens.current.AccessToken = "revoked"
		if _, err := g.client.Post(t.Context(), "/x", map[string]int{"a": 2}, new(any)); err != nil || g.bodies.Load() != `{"a":2}` || g.issued.Load() != 2 {
			t.Errorf("%d: %v, %q, %d tokens", status, err, g.bodies.Load(), g.issued.Load())
		}
		g.refuses.Store(true)
		asked := g.asked.Load()
		_, err := g.client.Post(t.Context(), "/x", nil, new(any))
		if f := failureIn(t, err); f.Class != Authentication || f.Status != status || g.asked.Load() != asked+2 {
			t.Errorf("%d: %+v after %d requests", status, f, g.asked.Load()-asked)
		}
	}
}

func TestARefusalThatSaysNothingOfTheTokenRenewsNone(t *testing.T) {
	g := guard(t, http.StatusForbidden, "")
	g.refuses.Store(true)
	_, err := g.client.Get(t.Context(), "/x", nil, new(any))
	if f := failureIn(t, err); f.Class != Authentication || g.asked.Load() != 1 || g.issued.Load() != 1 {
		t.Errorf("%+v, %d requests, %d tokens", f, g.asked.Load(), g.issued.Load())
	}
}

// Another process, or this one after its end, goes on with the refresh token that took the place of the first.
func TestTheRefreshTokenInUseIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "refresh")
	g := guard(t, http.StatusUnauthorized, file)
	if _, err := g.tokens.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(file)
	if first, _, _ := strings.Cut(string(kept), "\n"); first != "refresh-1" || err != nil {
		t.Fatalf("kept is %q, %v", kept, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	again, err := NewTokens(TokenSettings{URL: g.tokens.endpoint.Endpoint.TokenURL, Client: "us", Secret: "proof", Refresh: "refresh-0", File: file})
	if err != nil {
		t.Fatal(err)
	}
	if token, err := again.Token(t.Context()); err != nil || token != "token-2" {
		t.Errorf("%q, %v", token, err)
	}
}

func TestWithoutATokenNothingIsSentAndNoSecretIsTold(t *testing.T) {
	g := guard(t, http.StatusUnauthorized, "")
	g.tokens.refresh = "spent"
	_, err := g.client.Post(t.Context(), "/x", nil, new(any))
	f := failureIn(t, err)
	if f.Class != Authentication || f.Perhaps || g.asked.Load() != 0 || !strings.Contains(f.Reason, "invalid_grant") || strings.Contains(f.Error(), "spent") || strings.Contains(f.Error(), "proof") {
		t.Errorf("%+v, %d requests", f, g.asked.Load())
	}
}
