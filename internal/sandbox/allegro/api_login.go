package allegro

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"waybill/internal/sandbox/party"
)

// loginPath is where a refresh token is exchanged; in reality at https://allegro.pl.
const loginPath = "/auth/oauth/token"

// How long tokens are good (developer.allegro.pl, Authentication and authorization).
const (
	accessFor  = 12 * time.Hour
	refreshFor = 90 * 24 * time.Hour // three months
	overlapFor = 60 * time.Second    // that a refresh token goes on to be good after its first use
)

// tokensMax bounds how many access tokens are good at a time: the oldest ends. Allegro has 20 sessions a seller (ALL#11815).
const tokensMax = 20

// scope is what the tokens allow (securitySchemes of the specification).
const scope = "allegro:api:orders:read allegro:api:orders:write"

// logins are the tokens that are good, by their digest: so that how long a look takes says nothing of them.
type logins struct {
	client, secret [sha256.Size]byte
	given          bool // there are credentials
	now            func() time.Time

	mu      sync.Mutex
	access  []token
	refresh map[[sha256.Size]byte]refreshToken
}

type token struct {
	digest [sha256.Size]byte
	until  time.Time
}

type refreshToken struct {
	until time.Time
	used  bool
}

func digestOf(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

func newLogins(o Options) *logins {
	l := &logins{
		client: digestOf(o.ClientID), secret: digestOf(o.ClientSecret), given: o.ClientID != "" && o.ClientSecret != "" && o.RefreshToken != "",
		now: o.Now, refresh: map[[sha256.Size]byte]refreshToken{},
	}
	l.refresh[digestOf(o.RefreshToken)] = refreshToken{until: o.Now().Add(refreshFor)}
	return l
}

// admit answers who has no token that is good (AuthError; ALL#8617, ALL#10619).
func (l *logins) admit(header string) *party.Reply {
	bearer, is := strings.CutPrefix(header, "Bearer ")
	if !is {
		return unauthorized(http.StatusUnauthorized, "unauthorized", "Full authentication is required to access this resource")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	digest := digestOf(bearer)
	if !slices.ContainsFunc(l.access, func(t token) bool { return t.digest == digest && l.now().Before(t.until) }) {
		// In reality too, the token itself stands there (ALL#1590): no reader may pass that on.
		return unauthorized(http.StatusUnauthorized, "invalid_token", "Access token expired: "+bearer)
	}
	return nil
}

// unauthorized is the specification's AuthError.
func unauthorized(status int, code, description string) *party.Reply {
	r := party.JSON(status, map[string]string{"error": code, "error_description": description})
	return &r
}

// token exchanges a refresh token (RFC 6749 §6) for an access token and the next refresh token.
func (a *API) token(c *party.Call) party.Reply {
	l := a.logins
	id, secret, _ := c.BasicAuth()
	id, secret = unescaped(id), unescaped(secret)
	gotID, gotSecret := digestOf(id), digestOf(secret)
	if right := subtle.ConstantTimeCompare(gotID[:], l.client[:]) & subtle.ConstantTimeCompare(gotSecret[:], l.secret[:]); right == 0 || !l.given {
		return *unauthorized(http.StatusUnauthorized, "unauthorized", "Unauthorized") // ALL#10958
	}
	form, err := url.ParseQuery(string(c.Body))
	for name, values := range c.URL.Query() { // Allegro takes them from the URL as well (ALL#3050)
		form[name] = append(form[name], values...)
	}
	switch {
	case err != nil || form.Get("grant_type") == "":
		return *unauthorized(http.StatusBadRequest, "invalid_request", "Missing grant type")
	case form.Get("grant_type") != "refresh_token":
		return *unauthorized(http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant type: "+form.Get("grant_type"))
	}
	access, next, good := l.exchange(form.Get("refresh_token"))
	if !good {
		return *unauthorized(http.StatusBadRequest, "invalid_grant", "Invalid refresh token: "+form.Get("refresh_token")) // ALL#4323
	}
	return party.JSON(http.StatusOK, map[string]any{ // ALL#10958
		"access_token": access, "token_type": "bearer", "refresh_token": next, "expires_in": int(accessFor.Seconds()) - 1,
		"scope": scope, "allegro_api": true, "iss": "https://allegro.pl/", "jti": rand.Text(),
	})
}

// unescaped is a client id or secret as it is encoded before it becomes a header (RFC 6749 §2.3.1).
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// exchange takes a refresh token, which ends a minute after its first use.
func (l *logins) exchange(refresh string) (access, next string, good bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, digest := l.now(), digestOf(refresh)
	for d, t := range l.refresh {
		if !now.Before(t.until) {
			delete(l.refresh, d)
		}
	}
	was, good := l.refresh[digest]
	if !good {
		return "", "", false
	}
	if !was.used {
		l.refresh[digest] = refreshToken{until: now.Add(overlapFor), used: true}
	}
	access, next = rand.Text(), rand.Text()
	l.refresh[digestOf(next)] = refreshToken{until: now.Add(refreshFor)}
	l.access = append(l.access, token{digestOf(access), now.Add(accessFor)})
	l.access = l.access[max(0, len(l.access)-tokensMax):]
	return access, next, true
}

// EndTokens ends all access tokens, as a seller does who logs out everywhere (ALL#11815). Refresh tokens stay good.
func (a *API) EndTokens() {
	a.logins.mu.Lock()
	defer a.logins.mu.Unlock()
	a.logins.access = nil
}
