package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/twmb/franz-go/pkg/kgo"
)

// bare is the least that takes webhooks and loses none: it verifies the signature, has Kafka take the body as it is, and says so.
// It is what the webhook door is measured against, and knows nothing of orders, limits, repeats or who asks.
type bare struct {
	key    []byte
	topic  string
	client *kgo.Client
}

const bareBytesMax = 1 << 20

// ServeHTTP takes one webhook, signed as Standard Webhooks has it.
func (h *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength < 0 || r.ContentLength > bareBytesMax {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id := r.Header.Get("Webhook-Id")
	sum := hmac.New(sha256.New, h.key)
	_, _ = io.WriteString(sum, id+"."+r.Header.Get("Webhook-Timestamp")+".") // a hash takes everything
	_, _ = sum.Write(body)
	want := "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))
	if !hmac.Equal([]byte(r.Header.Get("Webhook-Signature")), []byte(want)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	record := &kgo.Record{Topic: h.topic, Key: []byte(id), Value: body}
	if err := h.client.ProduceSync(r.Context(), record).FirstErr(); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// serveBare serves a bare handler until ctx ends, on a topic like orders.raw, with a producer that waits for the same and no longer.
func (b *bench) serveBare(ctx context.Context, secret string) (address string, ended <-chan error, err error) {
	const topic = "bench.webhooks"
	if err := b.makeTopics(ctx, topic); err != nil {
		return "", nil, err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(0)}, b.stack.kafka...)...)
	if err != nil {
		return "", nil, fmt.Errorf("prepare the producer of the bare handler: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		client.Close()
		return "", nil, fmt.Errorf("open the bare handler: %w", err)
	}
	server, done := &http.Server{Handler: &bare{key: []byte(secret), topic: topic, client: client}}, make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { server.Close() })
	go func() {
		defer client.Close()
		defer stop()
		err := server.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		done <- err
	}()
	return listener.Addr().String(), done, nil
}
