package remote

import (
	"context"
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
)

// Tokens are what opens an account for an hour or a day, got for a refresh token that is good for months (RFC 6749 §6). For concurrent
// use.
type Tokens struct {
	endpoint oauth2.Config
	file     string // of the refresh token, which may be another after each use; "" keeps it in memory

	mu      sync.Mutex
	refresh string
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
}

// NewTokens asks for nothing yet.
func NewTokens(s TokenSettings) (*Tokens, error) {
	t := &Tokens{file: s.File, refresh: s.Refresh, endpoint: oauth2.Config{
		ClientID: s.Client, ClientSecret: s.Secret, Endpoint: oauth2.Endpoint{TokenURL: s.URL, AuthStyle: oauth2.AuthStyleInParams},
	}}
	if s.InHeader {
		t.endpoint.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	if s.File == "" {
		return t, nil
	}
	b, err := os.ReadFile(s.File)
	if kept := strings.TrimSpace(string(b)); kept != "" {
		t.refresh = kept
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the refresh token that is kept: %w", err)
	}
	return t, nil
}

// Token is one that is good now. A refresh token that takes the place of another is kept before the first use of what came with it: the
// one before may be worth nothing by then.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current.Valid() {
		return t.current.AccessToken, nil
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Timeout: tokenWait})
	token, err := t.endpoint.TokenSource(ctx, &oauth2.Token{RefreshToken: t.refresh}).Token()
	if err != nil {
		return "", err
	}
	if token.RefreshToken != "" && token.RefreshToken != t.refresh {
		if err := t.keep(token.RefreshToken); err != nil {
			return "", err
		}
		t.refresh = token.RefreshToken
	}
	t.current = token
	return token.AccessToken, nil
}

// tokenWait bounds how long a token may take.
const tokenWait = 10 * time.Second

// keep writes a refresh token where it stood, whole or not at all.
func (t *Tokens) keep(refresh string) error {
	if t.file == "" {
		return nil
	}
	next, err := os.CreateTemp(filepath.Dir(t.file), ".refresh-token-")
	if err != nil {
		return fmt.Errorf("keep the next refresh token: %w", err)
	}
	defer os.Remove(next.Name())
	_, err = next.WriteString(refresh + "\n")
	if err = errors.Join(err, next.Sync(), next.Close()); err == nil {
		err = os.Rename(next.Name(), t.file)
	}
	if err != nil {
		return fmt.Errorf("keep the next refresh token: %w", err)
	}
	return nil
}

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
		if errors.Is(e.err, os.ErrPermission) || errors.Is(e.err, os.ErrNotExist) {
			f.Reason = e.err.Error()
		}
		return f
	}
	f.Status = refused.Response.StatusCode
	f.RetryAfter = retryAfter(refused.Response.Header.Get("Retry-After"))
	switch {
	case f.Status == http.StatusTooManyRequests:
		f.Class, f.Reason = Throttled, "the party's token endpoint is asked too often"
	case f.Status < http.StatusInternalServerError:
		f.Class, f.Reason = Authentication, "the party gives no token for our refresh token: "+refused.ErrorCode
	default:
		f.Reason = fmt.Sprintf("the party's token endpoint answered %d", f.Status)
	}
	return f
}
