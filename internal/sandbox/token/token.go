// Package token makes the tokens that open a party for a while: each says until when, sealed with what only the party knows, so that none has
// to be kept.
package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Issuer makes a party's tokens. Its secret may not be empty: then none opens anything.
type Issuer struct {
	Secret string
	Life   time.Duration
	Now    func() time.Time

	issued atomic.Int64
}

// Issue is a new one.
func (i *Issuer) Issue() string {
	says := fmt.Sprintf("%d.%d", i.Now().Add(i.Life).Unix(), i.issued.Add(1))
	return says + "." + i.sealed(says)
}

func (i *Issuer) sealed(says string) string {
	m := hmac.New(sha256.New, []byte(i.Secret))
	m.Write([]byte(says))
	return hex.EncodeToString(m.Sum(nil))
}

// Opens tells whether a request has one that is good.
func (i *Issuer) Opens(r *http.Request) bool {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	at := strings.LastIndexByte(token, '.')
	if !bearer || at < 0 || i.Secret == "" || !Same(i.sealed(token[:at]), token[at+1:]) {
		return false
	}
	until, _, _ := strings.Cut(token, ".")
	end, err := strconv.ParseInt(until, 10, 64)
	return err == nil && i.Now().Before(time.Unix(end, 0))
}

// Same compares secrets in a time that tells nothing; an empty one is nobody's.
func Same(right, given string) bool { return right != "" && hmac.Equal([]byte(right), []byte(given)) }

// Client is who asks for a token for itself, and in which form (RFC 6749 §2.3.1, §4.4).
type Client struct {
	ID, Secret, Grant string
}

// ClientOf reads that from a request and its body. A client may prove itself in the header or in the body.
func ClientOf(r *http.Request, body []byte) Client {
	form, _ := url.ParseQuery(string(body)) // what can not be read is not there
	c := Client{form.Get("client_id"), form.Get("client_secret"), form.Get("grant_type")}
	if id, secret, is := r.BasicAuth(); is {
		c.ID, c.Secret = unescaped(id), unescaped(secret)
	}
	return c
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
