// Package remote is how a connector speaks HTTP with a party: one request, one answer, both bounded, and of everything that can go
// wrong whether it may have been done all the same.
package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Client speaks with one party. It never repeats a request by itself: whether that is right, only its caller knows.
type Client struct {
	base      string
	authorize func(*http.Request)
	http      *http.Client
	wire      *wire
	answerMax int // bytes
}

// Limits of an exchange.
const (
	answerBytesMax = 1 << 20
	connectionsMax = 64
	idleTime       = 90 * time.Second
)

// New is a client of the party at that address; authorize adds what proves who is asking.
func New(base string, authorize func(*http.Request)) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost, transport.IdleConnTimeout = connectionsMax, connectionsMax, idleTime
	out := &wire{RoundTripper: transport}
	return &Client{base: strings.TrimSuffix(base, "/"), authorize: authorize, answerMax: answerBytesMax, wire: out, http: &http.Client{
		Transport:     out,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // credentials go where they were meant to go
	}}
}

// Long is the same client for answers of up to so many bytes: lists are longer than what they list.
func (c *Client) Long(bytes int) *Client {
	long := *c
	long.answerMax = bytes
	return &long
}

// Get asks, and reads the JSON that is answered into a value; the answer's own bytes too.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) ([]byte, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.exchange(ctx, http.MethodGet, path, nil, into)
}

// Post sends a value as JSON, and reads the JSON that is answered into another.
func (c *Client) Post(ctx context.Context, path string, send, into any) ([]byte, error) {
	body, err := json.Marshal(send)
	if err != nil {
		return nil, &Failure{Class: Permanent, Code: "unwritable", Reason: "what is to be sent is no JSON: " + err.Error()}
	}
	return c.exchange(ctx, http.MethodPost, path, body, into)
}

// Send changes something, where an answer of 2xx says all and may be empty; its bytes, if there are any. A nil value is no body.
func (c *Client) Send(ctx context.Context, method, path string, query url.Values, send any) ([]byte, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if send == nil {
		return c.exchange(ctx, method, path, nil, nil)
	}
	body, err := json.Marshal(send)
	if err != nil {
		return nil, &Failure{Class: Permanent, Code: "unwritable", Reason: "what is to be sent is no JSON: " + err.Error()}
	}
	return c.exchange(ctx, method, path, body, nil)
}

// Announced sends a request without a body, and answers the headers of a success: some parties say there what they have to say.
func (c *Client) Announced(ctx context.Context, method, path string) (http.Header, error) {
	_, header, err := c.answered(ctx, method, path, nil)
	return header, err
}

func (c *Client) exchange(ctx context.Context, method, path string, body []byte, into any) ([]byte, error) {
	said, _, err := c.answered(ctx, method, path, body)
	if err != nil || into == nil {
		return said, err
	}
	if err := json.Unmarshal(said, into); err != nil {
		return nil, unreadable("it is not the JSON that was expected")
	}
	return said, nil
}

// answered sends nothing once ctx is done: the time of the call is over, and another process may be asking about it.
func (c *Client) answered(ctx context.Context, method, path string, body []byte) ([]byte, http.Header, error) {
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	request, err := http.NewRequestWithContext(traced, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, &Failure{Class: Permanent, Code: "bad_address", Reason: "the address of the party is none: look at its url"}
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	c.authorize(request)
	answer, err := c.http.Do(request)
	if none := new(tokenError); errors.As(err, &none) {
		return nil, nil, none.failure()
	}
	if err != nil {
		return nil, nil, broken(err, sent.Load())
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, int64(c.answerMax)+1))
	switch {
	case answer.StatusCode >= http.StatusMultipleChoices:
		return nil, nil, refused(answer, said)
	case err != nil:
		return nil, nil, broken(err, true)
	case len(said) > c.answerMax:
		return nil, nil, unreadable(fmt.Sprintf("it has more than %d bytes", c.answerMax))
	}
	return said, answer.Header, nil
}
