package remote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"waybill/schemas"
)

// Watch lets a function hear of every exchange that is made with a context, as it went over the wire (item 47). It hears of each when its
// answer was read, from whichever goroutine did that.
func Watch(ctx context.Context, hear func(schemas.Exchange)) context.Context {
	return context.WithValue(ctx, watched{}, hear)
}

// Secretly makes exchanges of which no byte is kept, and no sum of bytes: they hold a password or a session.
func Secretly(ctx context.Context) context.Context {
	return context.WithValue(ctx, secretly{}, true)
}

// Hiding makes exchanges that hold a secret, which is left out of what is kept of them.
func Hiding(ctx context.Context, secret string) context.Context {
	return context.WithValue(ctx, hiding{}, []byte(secret))
}

type (
	watched  struct{}
	secretly struct{}
	hiding   struct{}
)

// Hide leaves a secret out of what is kept of requests, for a party that wants to see it in each body or query.
func (c *Client) Hide(secret string) *Client {
	c.wire.secret = []byte(secret)
	return c
}

// keptMax is the longest body that is kept, in bytes. Of a longer one there are length and sum.
const keptMax = 64 << 10

// shownHeaders are those whose values prove nothing and tell of nobody.
var shownHeaders = []string{"Accept", "Accept-Language", "Content-Type", "Idempotency-Key", "User-Agent"}

// wire is where requests leave for the network. Whoever watches hears of them there: of each, also of one that is sent again.
type wire struct {
	http.RoundTripper
	secret []byte
}

// RoundTrip sends a request.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	hear, is := r.Context().Value(watched{}).(func(schemas.Exchange))
	if !is {
		return w.RoundTripper.RoundTrip(r)
	}
	x := schemas.Exchange{Method: r.Method, Path: r.URL.EscapedPath(), Query: schemas.Body{Bytes: w.shown(r, []byte(r.URL.RawQuery))}, Headers: headersOf(r), At: schemas.At(time.Now())}
	_, secret := r.Context().Value(secretly{}).(bool)
	if err := w.note(&x, r, secret); err != nil {
		return nil, err
	}
	began := time.Now()
	answer, err := w.RoundTripper.RoundTrip(r)
	x.TookMS = time.Since(began).Milliseconds()
	if err != nil {
		hear(x)
		return answer, err
	}
	x.Status = int64(answer.StatusCode)
	answer.Body = &overheard{ReadCloser: answer.Body, exchange: x, began: began, secret: secret, hear: hear}
	return answer, nil
}

// note takes down what is about to be sent.
func (w *wire) note(x *schemas.Exchange, r *http.Request, secret bool) error {
	if r.GetBody == nil || r.ContentLength == 0 {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return err
	}
	sent, err := io.ReadAll(body)
	if x.SentBytes = int64(len(sent)); err != nil || secret {
		return err
	}
	sum := sha256.Sum256(sent)
	x.SentSHA256 = hex.EncodeToString(sum[:])
	if sent = w.shown(r, sent); len(sent) <= keptMax {
		x.Sent.Bytes = sent
	}
	return nil
}

// shown is what was sent without the secrets in it, also as a query writes them.
func (w *wire) shown(r *http.Request, sent []byte) []byte {
	passing, _ := r.Context().Value(hiding{}).([]byte)
	for _, secret := range [][]byte{w.secret, passing} {
		if len(secret) == 0 {
			continue
		}
		for _, written := range [][]byte{secret, []byte(url.QueryEscape(string(secret)))} {
			sent = bytes.ReplaceAll(sent, written, []byte("(secret)"))
		}
	}
	return sent
}

// headersOf are the headers of a request, in order, without what proves who asks.
func headersOf(r *http.Request) string {
	var lines []string
	for name, values := range r.Header {
		value := strings.Join(values, ", ")
		if !slices.Contains(shownHeaders, name) {
			value = "(not kept)"
		}
		lines = append(lines, name+": "+value)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// overheard is the body of an answer, of which a copy is kept while it is read.
type overheard struct {
	io.ReadCloser
	exchange schemas.Exchange
	began    time.Time
	secret   bool
	hear     func(schemas.Exchange)
}

// Read reads on.
func (o *overheard) Read(into []byte) (int, error) {
	n, err := o.ReadCloser.Read(into)
	if x := &o.exchange; x.SaidBytes <= keptMax && !o.secret {
		x.Said.Bytes = append(x.Said.Bytes, into[:n]...)
	}
	o.exchange.SaidBytes += int64(n)
	return n, err
}

// Close is the end of the exchange.
func (o *overheard) Close() error {
	if o.hear != nil {
		if o.exchange.SaidBytes > keptMax {
			o.exchange.Said.Bytes = nil
		}
		o.exchange.TookMS = time.Since(o.began).Milliseconds()
		o.hear(o.exchange)
		o.hear = nil
	}
	return o.ReadCloser.Close()
}
