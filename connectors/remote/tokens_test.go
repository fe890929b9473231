package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What the tests prove themselves with; none of it may be read in an error.
const (
	testFirst  = "refresh-of-the-test"
	testProof  = "proof-of-the-test"
	testOpener = "opener-of-the-test"
)

// issuer is a token endpoint, and a party that takes its latest token.
type issuer struct {
	t      *testing.T
	url    string
	given  atomic.Int64 // tokens so far
	rotate bool
	fail   func(w http.ResponseWriter, n int64) bool // answers the n-th request for a token itself

	mu    sync.Mutex
	used  []string // refresh tokens, in order
	valid string
}

func issuing(t *testing.T, i *issuer) *issuer {
	t.Helper()
	i.t = t
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", i.issue)
	mux.HandleFunc("/party", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer "+i.valid {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func (i *issuer) issue(w http.ResponseWriter, r *http.Request) {
	n := i.given.Add(1)
	if i.fail != nil && i.fail(w, n) {
		return
	}
	if name, proof, is := r.BasicAuth(); !is || name != "client" || proof != testProof || r.FormValue("grant_type") != "refresh_token" {
		i.t.Errorf("asked for a token with %q", r.Form)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.used = append(i.used, r.FormValue("refresh_token"))
	i.valid = fmt.Sprint(testOpener, n)
	next := testFirst
	if i.rotate {
		next = fmt.Sprint(testFirst, "-", n)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q,"token_type":"bearer","expires_in":43199}`, i.valid, next)
}

// revoke ends the token that is good.
func (i *issuer) revoke() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.valid = "none"
}

func (i *issuer) refreshes() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string{}, i.used...)
}

func (i *issuer) tokens(file, refresh string) *Tokens {
	i.t.Helper()
	tokens, err := NewTokens(TokenSettings{URL: i.url + "/token", Client: "client", Secret: testProof, Refresh: refresh, File: file, InHeader: true})
	if err != nil {
		i.t.Fatal(err)
	}
	return tokens
}

func (i *issuer) client(file string) *Client {
	i.t.Helper()
	return New(i.url, func(*http.Request) {}).With(i.tokens(file, testFirst), func(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) })
}

func TestOneTokenServesAllUntilItIsRefusedAndIsThenRenewedOnce(t *testing.T) {
	i := issuing(t, &issuer{})
	client := i.client("")
	ask := func() error {
		_, err := client.Post(t.Context(), "/party", map[string]int{"n": 1}, new(any))
		return err
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := ask(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := i.given.Load(); n != 1 {
		t.Errorf("%d tokens for 20 calls", n)
	}
	i.revoke()
	if err := ask(); err != nil || i.given.Load() != 2 {
		t.Errorf("after it was revoked: %v, with %d tokens", err, i.given.Load())
	}
}

func TestWhatIsRefusedWithANewTokenTooIsAMatterOfCredentials(t *testing.T) {
	i := issuing(t, &issuer{})
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	t.Cleanup(refusing.Close)
	client := New(refusing.URL, func(*http.Request) {}).With(i.tokens("", testFirst), func(r *http.Request, token string) { r.Header.Set("Authorization", token) })
	_, err := client.Get(t.Context(), "/party", nil, new(any))
	if f := failureIn(t, err); f.Class != Authentication || i.given.Load() != 2 {
		t.Errorf("%+v, with %d tokens", f, i.given.Load())
	}
}

func TestTheRefreshTokenInUseIsKeptAndOutlivesTheProcess(t *testing.T) {
	i := issuing(t, &issuer{rotate: true})
	file := filepath.Join(t.TempDir(), "kept")
	ask := func(refresh string) {
		t.Helper()
		if _, err := i.tokens(file, refresh).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ask(testFirst)
	ask(testFirst)
	ask("given-anew")
	ask("given-anew")
	want := []string{testFirst, testFirst + "-1", "given-anew", testFirst + "-3"}
	if got := i.refreshes(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("used were %v", got)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".refresh-token-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestProcessesWithOneFileDoNotUseWhatAnotherHasExchanged(t *testing.T) {
	i := issuing(t, &issuer{rotate: true})
	file := filepath.Join(t.TempDir(), "kept")
	one, other := i.tokens(file, testFirst), i.tokens(file, testFirst)
	for _, tokens := range []*Tokens{one, other, one} {
		token, err := tokens.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tokens.forget(token)
	}
	if got, want := fmt.Sprint(i.refreshes()), fmt.Sprint([]string{testFirst, testFirst + "-1", testFirst + "-2"}); got != want {
		t.Errorf("used were %s", got)
	}
}

func TestARefreshTokenThatCanNotBeKeptIsRememberedAndSomebodyHearsOfIt(t *testing.T) {
	i := issuing(t, &issuer{rotate: true})
	folder := filepath.Join(t.TempDir(), "later")
	tokens := i.tokens(filepath.Join(folder, "kept"), testFirst)
	client := New(i.url, func(*http.Request) {}).With(tokens, func(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) })
	_, err := client.Get(t.Context(), "/party", nil, new(any))
	if f := failureIn(t, err); f.Class != Transient || !strings.Contains(f.Reason, folder) || strings.Contains(f.Error(), testFirst) {
		t.Errorf("%+v", f)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(t.Context(), "/party", nil, new(any)); err != nil {
		t.Error(err)
	}
	if kept, err := os.ReadFile(filepath.Join(folder, "kept")); err != nil || !strings.HasPrefix(string(kept), testFirst+"-2\n") || i.refreshes()[1] != testFirst+"-1" {
		t.Errorf("%v, used %v", err, i.refreshes())
	}
}

func TestATokenThatIsNotGivenIsSortedByWhyAndNothingSecretIsSaid(t *testing.T) {
	answer := func(status int, body string) func(http.ResponseWriter, int64) bool {
		return func(w http.ResponseWriter, _ int64) bool {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	for name, c := range map[string]struct {
		fail  func(http.ResponseWriter, int64) bool
		class string
		says  string
		asked int64
	}{
		"a refused refresh token": {answer(400, `{"error":"invalid_grant","error_description":"Invalid refresh token: `+testFirst+`"}`), Authentication, "invalid_grant", 1},
		"a refused client":        {answer(401, `{"error":"unauthorized","error_description":"`+testProof+`"}`), Authentication, "unauthorized", 1},
		"too many":                {answer(429, ``), Throttled, "too often", 1},
		"a server that fails":     {answer(500, testFirst), Transient, "500", 2},
		"another's page":          {answer(200, "<html>"+testFirst), Transient, "can not be reached", 2},
		"a way to elsewhere":      {answer(307, ``), Authentication, "", 1},
		"no answer":               {func(http.ResponseWriter, int64) bool { panic(http.ErrAbortHandler) }, Transient, "can not be reached", 2},
	} {
		i := issuing(t, &issuer{fail: c.fail})
		_, err := i.client("").Get(t.Context(), "/party", nil, new(any))
		f := failureIn(t, err)
		if f.Class != c.class || f.Code != "no_token" || !strings.Contains(f.Reason, c.says) || f.Perhaps || i.given.Load() != c.asked {
			t.Errorf("%s: %+v, asked %d times", name, f, i.given.Load())
		}
		for _, secret := range []string{testFirst, testProof, testOpener} {
			if strings.Contains(f.Error()+string(f.Said), secret) {
				t.Errorf("%s: a secret is told: %s %s", name, f, f.Said)
			}
		}
	}
}

func TestATokenThatGotLostOnItsWayIsAskedForAgainAtOnce(t *testing.T) {
	i := issuing(t, &issuer{fail: func(_ http.ResponseWriter, n int64) bool {
		if n == 1 {
			panic(http.ErrAbortHandler)
		}
		return false
	}})
	if _, err := i.client("").Get(t.Context(), "/party", nil, new(any)); err != nil {
		t.Error(err)
	}
}

func TestACallThatIsOverDoesNotLoseTheTokenThatIsOnItsWay(t *testing.T) {
	arrived, answer := make(chan struct{}), make(chan struct{})
	i := issuing(t, &issuer{rotate: true, fail: func(_ http.ResponseWriter, n int64) bool {
		if n == 1 {
			close(arrived)
			<-answer
		}
		return false
	}})
	file := filepath.Join(t.TempDir(), "kept")
	tokens := i.tokens(file, testFirst)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := tokens.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	close(answer)
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if token, err := tokens.Token(ctx); err != nil || token != testOpener+"1" || i.given.Load() != 1 {
		t.Errorf("%q, %v: asked %d times", token, err, i.given.Load())
	}
}

func TestAFileThatCanNotBeReadIsToldAtTheStart(t *testing.T) {
	if _, err := NewTokens(TokenSettings{Refresh: testFirst, File: t.TempDir()}); err == nil {
		t.Error("a folder is taken for the file")
	}
}
