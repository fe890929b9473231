package connectors

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// pond is a backlog that says what it is told to.
type pond struct {
	why   string
	again time.Duration
}

func (p *pond) Full() (string, time.Duration) { return p.why, p.again }

const brimming = "the pipeline is full: normalize needs 21 minutes for what was taken in before"

func TestWhileThePipelineIsFullWhatCanComeLaterIsToldWhen(t *testing.T) {
	store, full := &shelf{}, &pond{why: brimming, again: 61_500 * time.Millisecond}
	feed, orders := feedDoor(store, roomy), orderDoor(store, &ledger{}, roomy)
	feed.Backlog, orders.Backlog = full, full
	asked := map[string]func() *httptest.ResponseRecorder{
		"feed": func() *httptest.ResponseRecorder { return post(feed, "/feed/shop", `{"id":"1"}`) },
		"order": func() *httptest.ResponseRecorder {
			return order(orders, "POST", "/orders", "k1", `{"ref":"1","total":"1.00"}`)
		},
		"change of order": func() *httptest.ResponseRecorder {
			return order(orders, "PATCH", "/orders/1", "k2", `{"x":1}`, func(r *http.Request) {
				r.Header.Set("Content-Type", "application/merge-patch+json")
			})
		},
	}
	for name, ask := range asked {
		w := ask()
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "62" {
			t.Errorf("%s: answered %d, to come again after %q", name, w.Code, w.Header().Get("Retry-After"))
		}
		for _, says := range []string{brimming, "Retry-After", "webhooks are taken"} {
			if !strings.Contains(w.Body.String(), says) {
				t.Errorf("%s: %s does not say %q", name, w.Body, says)
			}
		}
	}
	if len(store.held) > 0 {
		t.Errorf("%d were stored", len(store.held))
	}
	if n := value(t, feed.metrics.refused.WithLabelValues("feed", "shop")); n != 1 {
		t.Errorf("counted %v", n)
	}
	full.why = ""
	for name, ask := range asked {
		if w := ask(); w.Code != http.StatusAccepted {
			t.Errorf("%s: more may come, but it is answered %d %s", name, w.Code, w.Body)
		}
	}
}

func TestWhoeverMayNotComeInIsNotToldWhetherThePipelineIsFull(t *testing.T) {
	feed := feedDoor(&shelf{}, roomy)
	feed.OpenWithoutToken, feed.Backlog = false, &pond{why: brimming, again: time.Minute}
	if w := post(feed, "/feed/shop", `{"id":"1"}`); w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "full") {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
}

// However full the pipeline is, and however that changes: a webhook is taken, while feeds come and go beside it.
func TestNoWebhookIsEverRefusedBecauseThePipelineIsFull(t *testing.T) {
	if _, found := reflect.TypeFor[Webhooks]().FieldByName("Backlog"); found {
		t.Error("the webhook door looks at the backlog")
	}
	rapid.Check(t, func(rt *rapid.T) {
		store, backlog := &shelf{}, &pond{again: time.Minute}
		feed, webhooks := feedDoor(store, roomy), webhookDoor(t, store, roomy)
		feed.Backlog = backlog
		taken := 0
		for i := range rapid.IntRange(1, 40).Draw(rt, "requests") {
			switch rapid.IntRange(0, 2).Draw(rt, "what") {
			case 0:
				backlog.why = rapid.SampledFrom([]string{"", brimming}).Draw(rt, "backlog")
			case 1:
				w := post(feed, "/feed/shop", `{"id":"1"}`)
				if refused := w.Code == http.StatusTooManyRequests; refused != (backlog.why != "") {
					rt.Fatalf("the feed answered %d while the backlog says %q", w.Code, backlog.why)
				}
			default:
				if w := deliver(webhooks, "shop", fmt.Sprint("d", i), fmt.Sprintf(`{"id":"%d"}`, i)); w.Code != http.StatusAccepted {
					rt.Fatalf("a webhook was answered %d %s while the backlog says %q", w.Code, w.Body, backlog.why)
				}
				taken++
			}
		}
		stored := 0
		for _, m := range store.held {
			if strings.Contains(string(m.Headers[0].Value), "webhook") {
				stored++
			}
		}
		if stored != taken {
			rt.Fatalf("%d webhooks were taken, %d stored", taken, stored)
		}
	})
}

// Seen with a client that reads no answer before it has sent all: it found its connection cut, and never heard when to come again.
func TestWhoeverSendsAllOfALongBodyBeforeReadingHearsWhenToComeAgain(t *testing.T) {
	limits := roomy
	limits.RequestBytesMax = 16 << 20
	feed := feedDoor(&shelf{}, limits)
	feed.Backlog = &pond{why: brimming, again: time.Minute}
	server := httptest.NewServer(feed)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := bytes.Repeat([]byte(" "), limits.RequestBytesMax)
	fmt.Fprintf(conn, "POST /feed/shop HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(body))
	if _, err := conn.Write(body); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "60" {
		t.Errorf("heard %s", answer.Status)
	}
}
