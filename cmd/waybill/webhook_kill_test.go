package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/connectors/marketplaces/kaufland"
	"waybill/connectors/signature"
	"waybill/internal/config"
	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// killsVariable says how often the doors are killed. A thousand times takes some ten minutes:
//
//	WAYBILL_KILLS=1000 go test ./cmd/waybill -run TestNoWebhookThatWasAccepted -timeout 30m -v
const killsVariable = "WAYBILL_KILLS"

const (
	doorKills       = 15 // where the variable says nothing
	doorKillWaitMax = 200 * time.Millisecond
	doorSenders     = 4 // of each of the two channels
)

// The broker lives apart from the doors, as in production, and outlives them all.
func TestNoWebhookThatWasAcceptedIsLostByKillingTheDoors(t *testing.T) {
	t.Parallel()
	kills, seed := killsOf(t, doorKills), uint64(time.Now().UnixNano())
	t.Logf("%d kills, seed %d", kills, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	cluster, secret, address := startCluster(t), "of this test alone", freeAddress(t)
	for _, party := range []string{"ALLEGRO", "KAUFLAND"} {
		given(t, "WAYBILL_PARTIES_"+party+"_SETTINGS_WEBHOOK_SECRET", secret)
	}
	given(t, "WAYBILL_LIMITS_REQUESTS_PER_SECOND_MAX", "1000000")
	given(t, "WAYBILL_LIMITS_REQUEST_BURST_MAX", "1000000")
	senders, data := startSenders(t, "http://"+address, secret), t.TempDir()
	for range kills {
		doors, before := startProcess(t, "waybill is up at", "run", "doors", "--listen", address, "--data", data), senders.accepted.Load()
		eventually(t, senders.accepted.Load, func(now int64) bool { return now > before })
		time.Sleep(time.Duration(random.Int64N(int64(doorKillWaitMax))))
		doors.kill()
	}
	accepted := senders.stop()
	sent := len(accepted)
	stored := cluster.strike(t, accepted)
	t.Logf("%d webhooks were accepted, %d are stored, %d of the accepted are lost", sent, stored, len(accepted))
	if len(accepted) > 0 {
		t.Errorf("seed %d: %d of %d accepted webhooks are lost", seed, len(accepted), sent)
	}
}

// killsOf is how often a test kills.
func killsOf(t *testing.T, usual int) int {
	t.Helper()
	wanted := os.Getenv(killsVariable)
	if wanted == "" {
		return usual
	}
	kills, err := strconv.Atoi(wanted)
	if err != nil || kills < 1 {
		t.Fatalf("%s is %q: give how often is to be killed", killsVariable, wanted)
	}
	return kills
}

// startCluster starts and provisions a stack that ends with the test, and has every command line of the test that follows work on it.
func startCluster(t *testing.T) *stack {
	t.Helper()
	return startClusterOf(t, edition{})
}

// startClusterOf has it provisioned by an earlier version.
func startClusterOf(t *testing.T, has edition) *stack {
	t.Helper()
	c := config.Defaults()
	c.Data = filepath.Join(t.TempDir(), "cluster")
	a := &app{has: has, stderr: t.Output(), log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	s, err := a.embed(t.Context(), c, "a test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close(s) })
	if err := s.provisionAll(t.Context(), a.log); err != nil {
		t.Fatal(err)
	}
	given(t, "WAYBILL_KAFKA_BROKERS", strings.Join(s.brokers, ","))
	given(t, "WAYBILL_REGISTRY_URL", s.registry)
	given(t, "WAYBILL_CLICKHOUSE_DSN", s.dsn)
	return s
}

// freeAddress is on a loopback host of its own, so that doors which start again are where they were: at 127.0.0.1 anybody may have taken
// their port while they were down. Linux answers for the whole of 127.0.0.0/8 (RFC 1122 §3.2.1.3).
func freeAddress(t *testing.T) string {
	t.Helper()
	host := net.IPv4(127, byte(1+rand.IntN(254)), byte(rand.IntN(256)), byte(1+rand.IntN(254)))
	listener, err := net.Listen("tcp", net.JoinHostPort(host.String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// digests are the SHA-256 of bodies, each of which was sent once.
type digests map[[sha256.Size]byte]bool

// strike takes out what lies on orders.raw, byte for byte, and says how much lies there.
func (s *stack) strike(t *testing.T, expected digests) (stored int) {
	t.Helper()
	registry, err := s.schemas()
	if err != nil {
		t.Fatal(err)
	}
	err = s.readTopic(t.Context(), topics.OrdersRaw, func(r *kgo.Record) error {
		var raw schemas.RawOrder
		stored++
		if err := registry.Decode(t.Context(), topics.OrdersRaw.Schema, r.Value, &raw); err != nil {
			return err
		}
		delete(expected, sha256.Sum256(raw.Body.Bytes))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// senders send webhooks without end, each once, and remember those that were accepted.
type senders struct {
	url, secret string
	client      *http.Client
	accepted    atomic.Int64
	mu          sync.Mutex
	bodies      digests
	stop        func() digests
}

func startSenders(t *testing.T, url, secret string) *senders {
	t.Helper()
	s := &senders{url: url, secret: secret, bodies: digests{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * doorSenders}}}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	order, ref := someOrder(t)
	for i := range doorSenders {
		running.Go(func() {
			s.run(ctx, t, "/webhooks/allegro", func(n int, at time.Time, header http.Header) []byte {
				id := fmt.Sprintf("order-%d-%d", i, n)
				body := bytes.ReplaceAll(order, []byte(ref), []byte(id))
				signature.SignStandard(header, id, at, body, secret)
				return body
			})
		})
		running.Go(func() {
			s.run(ctx, t, "/webhooks/kaufland", func(n int, at time.Time, header http.Header) []byte {
				body := fmt.Appendf(nil, `{"event_name":"order_new","id_message":"m-%d-%d","resource":"https://sellerapi.kaufland.com/v2/orders/M%dX%d/","storefront":"de"}`, i, n, i, n)
				header.Set(kaufland.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
				header.Set(kaufland.HeaderSignature, kaufland.Sign(secret, http.MethodPost, url+"/webhooks/kaufland", body, at.Unix()))
				return body
			})
		})
	}
	s.stop = sync.OnceValue(func() digests {
		cancel()
		running.Wait()
		s.client.CloseIdleConnections()
		return s.bodies
	})
	t.Cleanup(func() { s.stop() })
	return s
}

// someOrder is an order of Allegro with its reference.
func someOrder(t *testing.T) (body []byte, ref string) {
	t.Helper()
	payloads, err := sandbox.Generate(sandbox.Options{Channel: "allegro", Orders: 1, Seed: 6})
	if err != nil {
		t.Fatal(err)
	}
	for p := range payloads {
		body, ref = p.Body, p.Ref
	}
	return body, ref
}

// run sends what is made, one after the other. A sender whose door is gone comes again with the next one.
func (s *senders) run(ctx context.Context, t *testing.T, path string, next func(n int, at time.Time, header http.Header) []byte) {
	for n := 0; ctx.Err() == nil; n++ {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, nil)
		if err != nil {
			t.Error(err)
			return
		}
		body := next(n, time.Now(), request.Header)
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		status, err := s.send(request)
		switch {
		case err != nil:
			time.Sleep(5 * time.Millisecond) // nobody is there: leave the processor to those who start
		case status == http.StatusAccepted:
			s.note(body)
		default:
			t.Errorf("%s answered %d", path, status)
			return
		}
	}
}

// send is answered by the status: whoever has read so far may forget what he sent.
func (s *senders) send(request *http.Request) (status int, err error) {
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, nil
}

func (s *senders) note(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies[sha256.Sum256(body)] = true
	s.accepted.Add(1)
}
