package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/signature"
	"waybill/internal/embedded"
)

// stageLine is what drain -o json says of one stage.
type stageLine struct {
	Stage     string   `json:"stage"`
	State     string   `json:"state"`
	Lag       int      `json:"lag_records"`
	ETA       *float64 `json:"eta_seconds"`
	Oldest    *float64 `json:"oldest_seconds"`
	Bound     int      `json:"bound_seconds"`
	Admitting *bool    `json:"admitting"`
}

// Only the doors run: what they take stays where it is, and becomes older than the bound.
func TestDoorsOfAPipelineThatStandsTakeWebhooksOnlyUntilItGoesOn(t *testing.T) {
	t.Parallel()
	const secret = "of this test alone"
	given(t, "WAYBILL_PARTIES_ALLEGRO_SETTINGS_WEBHOOK_SECRET", secret)
	given(t, "WAYBILL_LIMITS_DRAIN_SECONDS_MAX", "3")
	data := filepath.Join(t.TempDir(), "data")
	doors := startProcess(t, "waybill is up at", "run", "doors", "--data", data, "--listen", "127.0.0.1:0")
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	order := func(i int) string { return fmt.Sprintf(`{"id":"%d"}`, i) }
	fed := 0
	answer := eventually(t, func() *http.Response {
		fed++
		r := send(t, instance.Listen+"/feed/allegro", order(fed), nil)
		if r.StatusCode == http.StatusAccepted {
			time.Sleep(200 * time.Millisecond)
		}
		return r
	}, func(r *http.Response) bool { return r.StatusCode == http.StatusTooManyRequests })
	if again, err := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || again < 5 || again > 300 {
		t.Errorf("to come again after %q", answer.Header.Get("Retry-After"))
	}
	if body := read(t, answer); !strings.Contains(body, "records wait for") || !strings.Contains(body, "webhooks are taken") {
		t.Errorf("the feed says %s", body)
	}
	if r := send(t, instance.Listen+"/orders", `{}`, http.Header{"Idempotency-Key": {"1"}}); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the order API answered %s", r.Status)
	}
	for i := range 20 {
		body, header := fmt.Sprintf(`{"id":"w%d"}`, i), http.Header{}
		signature.SignStandard(header, fmt.Sprint("delivery-", i), time.Now(), []byte(body), secret)
		if r := send(t, instance.Listen+"/webhooks/allegro", body, header); r.StatusCode != http.StatusAccepted {
			t.Fatalf("a webhook was answered %s", r.Status)
		}
	}
	metrics := get(t, instance.Ops+"/metrics")
	for _, line := range []string{`waybill_admission_refused_total{door="feed",party="allegro"} `, `waybill_admission_refused_total{door="orders",party="direct"} 1`, `waybill_drain_lag_records{stage="normalize"} `} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s", line)
		}
	}
	if shown := get(t, instance.Ops+"/drain"); !strings.Contains(shown, `"admitting":false,"reason":"the pipeline stands`) {
		t.Errorf("shown: %s", shown)
	}
	for _, s := range rows[stageLine](t, ask(t, "drain", "--data", data, "--for", "3s", "-o", "json")) {
		if *s.Admitting || s.Bound != 3 || s.Lag < 20 || s.Oldest == nil || *s.Oldest < 3 || s.ETA != nil {
			t.Errorf("drain says %+v", s)
		}
	}
	goOn(t, doors, instance, data, order(0))
}

// goOn starts what was missing, and waits until the feed is taken again.
func goOn(t *testing.T, doors *up, instance *embedded.Instance, data, order string) {
	t.Helper()
	given(t, "WAYBILL_KAFKA_BROKERS", strings.Join(instance.Brokers, ","))
	given(t, "WAYBILL_REGISTRY_URL", instance.Registry)
	given(t, "WAYBILL_CLICKHOUSE_DSN", instance.ClickHouse)
	steps := startProcess(t, "metrics and health at", "run", "normalize", "landing", "--data", t.TempDir())
	eventually(t, func() int { return send(t, instance.Listen+"/feed/allegro", order, nil).StatusCode }, func(status int) bool { return status == http.StatusAccepted })
	landed(t)
	for _, s := range rows[stageLine](t, ask(t, "drain", "-o", "json")) {
		if s.State != "idle" || !*s.Admitting || *s.ETA != 0 {
			t.Errorf("drained, but drain says %+v", s)
		}
	}
	if out := ask(t, "drain"); !strings.Contains(out, "normalize  idle") {
		t.Errorf("drain says %s", out)
	}
	for _, u := range []*up{steps, doors} {
		if code := u.stop(t); code != exitDone {
			t.Errorf("ended with %d:\n%s", code, u.stderr.text())
		}
	}
}

func send(t *testing.T, url, body string, header http.Header) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func TestALineOfDrainIsOneObject(t *testing.T) {
	text, err := json.Marshal(drainLine{bound: 900, admitting: true})
	if want := `{"stage":"","state":"","lag_records":0,"rate_records":null,"eta_seconds":0,"oldest_seconds":null,"bound_seconds":900,"admitting":true}`; err != nil || string(text) != want {
		t.Errorf("got  %s (%v)\nwant %s", text, err, want)
	}
}
