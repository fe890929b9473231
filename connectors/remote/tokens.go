package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// Tokens are what opens an account for an hour or a day, got for a refresh token that is good for months (RFC 6749 §6), or by another
// grant. For concurrent use.
type Tokens struct {
	endpoint oauth2.Config
	ask      func(context.Context) (*oauth2.Token, error) // by another grant; nil: for the refresh token
	file     string                                       // of the refresh token, which may be another after each use; "" keeps it in memory
	given    string                                       // the digest of the one the seller gave, from which the one in use descends
	flight   singleflight.Group

	mu      sync.Mutex
	refresh string
	unkept  bool // it is another than the one in the file
	current *oauth2.Token
}

// TokenSettings are where tokens come from.
type TokenSettings struct {
	URL      string // of the token endpoint
	Client   string // what it calls this program
	Secret   string // what proves it
	Refresh  string // the refresh token that the seller gave
	File     string // where the one in use is kept, if each use brings another; "": none does
	InHeader bool   // the client proves itself by HTTP Basic authentication, else in the body
	Scope    string // that ForClient asks for; "": what the endpoint gives without a word
}

// NewTokens asks for nothing yet. What is kept is worth more than what the seller gave, unless he has given another since.
func NewTokens(s TokenSettings) (*Tokens, error) {
	digest := sha256.Sum256([]byte(s.Refresh))
	t := s.tokens()
	t.file, t.refresh, t.given = s.File, s.Refresh, hex.EncodeToString(digest[:])
	if err := t.look(); err != nil {
		return nil, err
	}
	return t, nil
}

// look takes the refresh token that is kept, if there is one: another process of ours may have exchanged the one before.
func (t *Tokens) look() error {
	if t.file == "" || t.unkept {
		return nil
	}
	b, err := os.ReadFile(t.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the refresh token that is kept: %w", err)
	}
	if kept := strings.Fields(string(b)); len(kept) == 1 || len(kept) == 2 && kept[1] == t.given {
		t.refresh = kept[0]
	}
	return nil
}

// Token is one that is good now. If ctx ends before it is there, it is still waited for: its answer may bring the only refresh token that
// goes on to be good.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	if token := t.good(); token != "" {
		return token, nil
	}
	select {
	case got := <-t.flight.DoChan("", func() (any, error) { return t.renewed() }):
		token, _ := got.Val.(string)
		return token, got.Err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// good is the token that there is, if it is good.
func (t *Tokens) good() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.current.Valid() {
		return ""
	}
	return t.current.AccessToken
}

// tokenWait bounds how long a token may take.
const tokenWait = 10 * time.Second

// renewed is a new token. One that got lost on its way is asked for once more, at once: a refresh token that was used may be good for
// only a minute longer (Allegro's).
func (t *Tokens) renewed() (string, error) {
	if token := t.good(); token != "" {
		return token, nil
	}
	token, err := t.renew()
	var refused *oauth2.RetrieveError
	if err != nil && (!errors.As(err, &refused) || refused.Response.StatusCode >= http.StatusInternalServerError) {
		token, err = t.renew()
	}
	if err != nil {
		return "", err
	}
	return token.AccessToken, t.adopt(token)
}

func (t *Tokens) renew() (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), oauth2.HTTPClient, tokenClient), tokenWait)
	defer cancel()
	if t.ask != nil {
		return t.ask(ctx)
	}
	t.mu.Lock()
	err := t.look()
	used := &oauth2.Token{RefreshToken: t.refresh}
	t.mu.Unlock()
	if err != nil {
		return nil, &keepError{err}
	}
	return t.endpoint.TokenSource(ctx, used).Token()
}

// tokenClient brings credentials nowhere but to where they were meant to go.
var tokenClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// adopt keeps a refresh token that takes the place of another before the first use of what came with it: the one before may be worth
// nothing by then. One that can not be kept is remembered, and what came with it is not used: somebody has to see to it.
func (t *Tokens) adopt(token *oauth2.Token) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ask == nil && token.RefreshToken != t.refresh {
		t.refresh, t.unkept = token.RefreshToken, true
	}
	if t.unkept {
		if err := t.keep(); err != nil {
			return &keepError{err}
		}
		t.unkept = false
	}
	t.current = token
	return nil
}

// keep writes the refresh token where the one before stood, whole or not at all, and beside it from which it descends.
func (t *Tokens) keep() error {
	if t.file == "" {
		return nil
	}
	next, err := os.CreateTemp(filepath.Dir(t.file), ".refresh-token-")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name())
	_, err = next.WriteString(t.refresh + "\n" + t.given + "\n")
	if err = errors.Join(err, next.Sync(), next.Close()); err == nil {
		err = os.Rename(next.Name(), t.file)
	}
	return err
}

// keepError says that the file of the refresh token can not be used.
type keepError struct{ err error }

func (e *keepError) Error() string { return "keep the refresh token in use: " + e.err.Error() }
func (e *keepError) Unwrap() error { return e.err }

// forget drops a token that was refused.
func (t *Tokens) forget(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current != nil && t.current.AccessToken == token {
		t.current = nil
	}
}

// With lets every request of a client carry a token, as put writes it there. One that is refused with 401, or with a status by which this
// party also says that a token is no good, was not carried out: it is sent once more, with a new token.
func (c *Client) With(t *Tokens, put func(r *http.Request, token string), also ...int) *Client {
	c.http.Transport = &tokened{c.http.Transport, t, put, append(also, http.StatusUnauthorized)}
	return c
}

type tokened struct {
	http.RoundTripper
	tokens *Tokens
	put    func(*http.Request, string)
	noGood []int // statuses that say so of a token
}

// RoundTrip sends a request with a token.
func (t *tokened) RoundTrip(r *http.Request) (*http.Response, error) {
	for again := false; ; again = true {
		token, err := t.tokens.Token(r.Context())
		if err != nil {
			return nil, &tokenError{err}
		}
		sent := r.Clone(r.Context())
		if r.GetBody != nil {
			if sent.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		t.put(sent, token)
		answer, err := t.RoundTripper.RoundTrip(sent)
		if err != nil || !slices.Contains(t.noGood, answer.StatusCode) {
			return answer, err
		}
		t.tokens.forget(token)
		if again {
			return answer, nil
		}
		answer.Body.Close()
	}
}

// tokenError says that there was no token, and so that nothing was sent.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return "get a token: " + e.err.Error() }
func (e *tokenError) Unwrap() error { return e.err }

// failure sorts it: what the endpoint refuses is a matter of credentials (RFC 6749 §5.2).
func (e *tokenError) failure() *Failure {
	f := &Failure{Class: Transient, Code: "no_token", Reason: "the party's token endpoint can not be reached"}
	var refused *oauth2.RetrieveError
	if !errors.As(e.err, &refused) {
		if unkept := new(keepError); errors.As(e.err, &unkept) {
			f.Reason = unkept.Error()
		}
		return f
	}
	f.Status = refused.Response.StatusCode
	f.RetryAfter = retryAfter(refused.Response.Header.Get("Retry-After"))
	switch {
	case f.Status == http.StatusTooManyRequests:
		f.Class, f.Reason = Throttled, "the party's token endpoint is asked too often"
	case f.Status < http.StatusInternalServerError:
		f.Class, f.Reason = Authentication, "the party gives no token for our credentials: "+refused.ErrorCode
	default:
		f.Reason = fmt.Sprintf("the party's token endpoint answered %d", f.Status)
	}
	return f
}
