package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded"
)

// One instance is fed, asked, refused and stopped, as its users would do it.
func TestAnInstanceFromItsDoorToTheTimeline(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	u := startUp(t, data)
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a payload becomes an order with a timeline", func(t *testing.T) {
		said := ask(t, "feed", "--data", data, "--party", "allegro", "-o", "json", abs(t, "../../connectors/marketplaces/allegro/testdata/checkout-forms.order-no-invoice-person.json"))
		if said != `{"accepted":1,"rejected":0,"retried":0}`+"\n" {
			t.Fatalf("feed said %s", said)
		}
		landed(t, "--data", data)
		const id = "allegro/d4096850-303d-11f0-9468-6d34c41cf924"
		timeline := eventually(t, func() []map[string]any {
			return rows[map[string]any](t, ask(t, "order", id, "--data", data, "-o", "json"))
		}, func(timeline []map[string]any) bool {
			return slices.ContainsFunc(timeline, func(line map[string]any) bool { return line["kind"] == "ack_not_asked" })
		})
		if timeline[0]["topic"] != "orders.raw" || timeline[1]["kind"] != "normalized" {
			t.Fatalf("timeline: %v", timeline)
		}
		receipts := rows[clickhouse.Receipt](t, ask(t, "order", id, "--receipts", "--data", data, "-o", "json"))
		// The sandbox's Allegro has never heard of it.
		if len(receipts) != 3 || receipts[2].Fact != "accept" || receipts[2].Receipt != "needless" || receipts[0].Fact != "customer" || receipts[1].Fact != "order" || receipts[1].Receipt != "confirmed" || receipts[1].Evidence == "" {
			t.Errorf("receipts: %+v", receipts)
		}
	})
	t.Run("what can not be normalized is in the trash, with its reason, and holds nothing up", func(t *testing.T) {
		if status, body := post(t, instance.Listen+"/feed/allegro", `{"id":"bad","status":"READY_FOR_PROCESSING","lineItems":[]}`); status != http.StatusAccepted {
			t.Fatalf("got %d %s", status, body)
		}
		entries := eventually(t, func() []map[string]any {
			return rows[map[string]any](t, ask(t, "trash", "list", "--data", data, "-o", "json"))
		}, func(entries []map[string]any) bool { return len(entries) == 1 })
		if reason := fmt.Sprint(entries[0]["reason"]); entries[0]["order_id"] != "allegro/bad" || !strings.Contains(reason, "missing_lines") {
			t.Fatalf("entries: %v", entries)
		}
		payload := ask(t, "trash", "show", fmt.Sprint(entries[0]["trash_id"]), "--payload", "--data", data)
		if payload != `{"id":"bad","status":"READY_FOR_PROCESSING","lineItems":[]}`+"\n" {
			t.Fatalf("payload: %s", payload)
		}
	})
	t.Run("what is refused reaches no topic and is counted", func(t *testing.T) { refused(t, data, instance) })
	t.Run("a second instance on the folder says who is there", func(t *testing.T) {
		out, err := program(t, "up", "--data", data, "--listen", "127.0.0.1:0").CombinedOutput()
		if err == nil || !strings.Contains(string(out), fmt.Sprintf(`is in use by "waybill up" (pid %d)`, u.cmd.Process.Pid)) {
			t.Errorf("got %v: %s", err, out)
		}
	})
	if code := u.stop(t); code != exitDone {
		t.Errorf("Ctrl-C ended it with %d:\n%s", code, u.stderr.text())
	}
	t.Run("without an instance a command opens the folder itself", func(t *testing.T) {
		if n := ask(t, "sql", "--data", data, "-o", "json", "SELECT toUInt32(count()) AS n FROM orders_raw"); n != `{"n":2}`+"\n" {
			t.Errorf("got %s", n)
		}
	})
}

// refused knocks with what no door takes.
func refused(t *testing.T, data string, instance *embedded.Instance) {
	before := landed(t, "--data", data, "-o", "json")
	for _, c := range []struct {
		name, path, body string
		status           int
		says, counted    string
	}{
		{"unknown party", "/feed/nobody", `{}`, 404, "no party", `outcome="unknown_party",party=""`},
		{"not JSON", "/feed/allegro", "{\"id\":1}\n{\"id\":", 422, `"line":2`, `outcome="not_json",party="allegro"`},
		{"too long", "/feed/allegro", `{"id":"` + strings.Repeat("x", 17<<20) + `"}`, 413, "bytes", `outcome="too_large",party="allegro"`},
	} {
		status, body := post(t, instance.Listen+c.path, c.body)
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: got %d %s, want %d and %s", c.name, status, body, c.status, c.says)
		}
		if metrics := get(t, instance.Ops+"/metrics"); !strings.Contains(metrics, c.counted+"} 1") {
			t.Errorf("%s is not counted", c.name)
		}
	}
	if after := landed(t, "--data", data, "-o", "json"); after != before {
		t.Errorf("something reached a topic: %s, before %s", after, before)
	}
}

func TestFeedingAFileTwiceAddsRawRecordsAndDuplicatesOnly(t *testing.T) {
	t.Parallel()
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "orders.ndjson")
	payloads := ask(t, "simulate", "--orders", "300", "--seed", "9", "--amendments", "30", "--duplicates", "10", "--broken", "5")
	if err := os.WriteFile(file, []byte(payloads), 0o600); err != nil {
		t.Fatal(err)
	}
	u := startUp(t, data)
	count := func() string {
		ask(t, "feed", "--party", "allegro", "--data", data, file)
		landed(t, "--data", data)
		return ask(t, "sql", "--data", data, "-o", "json", `SELECT (SELECT toUInt32(count()) FROM orders_normalized FINAL) AS normalized,
			(SELECT toUInt32(count()) FROM trash FINAL) AS trash, (SELECT toUInt32(count()) FROM orders_raw FINAL) AS raw`)
	}
	first, second := count(), count()
	if want := `{"normalized":390,"trash":15,"raw":435}` + "\n"; first != want {
		t.Errorf("fed once: got %swant %s", first, want)
	}
	if want := `{"normalized":390,"trash":15,"raw":870}` + "\n"; second != want {
		t.Errorf("fed twice: got %swant %s", second, want)
	}
	u.stop(t)
}

func TestADemoAddsUp(t *testing.T) {
	t.Parallel()
	c := rows[account](t, ask(t, "demo", "--orders", "200", "--seed", "3", "-o", "json"))[0]
	if c.Events != c.AuditRows || c.Events < c.Raw+c.Normalized+c.Trash {
		t.Errorf("%d events, %d rows", c.Events, c.AuditRows)
	}
	if c.Placed < 130 || c.Placed > 200 || c.ERPOrders != c.Placed || c.Customers == 0 || c.Customers > c.Placed {
		t.Errorf("placed %d; the ERP has %d orders of %d customers", c.Placed, c.ERPOrders, c.Customers)
	}
	c.Elapsed, c.Events, c.AuditRows, c.Placed, c.ERPOrders, c.Customers = 0, 0, 0, 0, 0, 0
	if c.Acknowledged < 50 || c.Acknowledged > 100 {
		t.Errorf("%d are acknowledged", c.Acknowledged)
	}
	if c.Shipments < 70 || c.LabelsCached < 50 || c.LabelsBilled != c.LabelsCached || c.ERPTracking != c.LabelsCached || c.ChannelConfirmed == 0 || c.ReceiptsOpen != c.Refused {
		t.Errorf("the labels: %+v", c)
	}
	if c.Delivered+c.Returned+c.LostParcels != c.LabelsBilled || c.Delivered == 0 || c.ByPush == 0 || c.ByCron == 0 || c.TrackingEvents < 3*c.LabelsBilled {
		t.Errorf("the parcels: %+v", c)
	}
	if c.Printed == 0 || c.Printed >= c.LabelsCached {
		t.Errorf("%d labels of %d came out of the printer", c.Printed, c.LabelsCached)
	}
	c.TrackingEvents, c.Delivered, c.Returned, c.LostParcels, c.ByPush, c.ByCron, c.Printed = 0, 0, 0, 0, 0, 0, 0
	c.Acknowledged, c.Shipments, c.LabelsCached, c.LabelsBilled, c.ERPTracking, c.ChannelConfirmed, c.Refused, c.ReceiptsOpen = 0, 0, 0, 0, 0, 0, 0, 0
	want := account{Orders: 200, Raw: 205, Normalized: 200, Duplicates: 5}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

// What is lost or stands twice is read from what was fed and from the ERP's own books.
func TestADemoAddsUpWhateverFailsAndIsKilled(t *testing.T) {
	t.Parallel()
	seed := time.Now().UnixNano() % 1_000_000
	t.Logf("seed %d", seed)
	c := rows[account](t, ask(t, "demo", "--orders", "60", "--seed", fmt.Sprint(seed), "--faults", "heavy", "--chaos", "kill=2", "-o", "json"))[0]
	if c.Lost+c.Doubled+c.ERPDuplicates > 0 || c.Kills != 2 || c.Normalized != 60 || c.Placed == 0 || c.ERPOrders < c.Placed || c.ERPOrders > c.Placed+c.InDoubt || c.DoubleBilled+c.BackwardMoves+c.Unknown+c.Untold > 0 || c.Shipments != c.LabelsCached+c.LabelsInDoubt+c.Refused {
		t.Errorf("seed %d: %+v", seed, c)
	}
}

func TestItsChildrenEndWithAnInstanceThatIsKilled(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	u := startUp(t, data)
	u.kill()
	eventually(t, func() []string { return processesOf(t, data) }, func(left []string) bool { return len(left) == 0 })
}

// processesOf are the command lines of the processes that work on a folder.
func processesOf(t testing.TB, data string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		line, err := os.ReadFile(f) // a process may end meanwhile
		if err == nil && slices.Contains(strings.Split(string(line), "\x00"), data) {
			found = append(found, string(line))
		}
	}
	return found
}

// pauseMax is between two questions: most are a process each, which takes from the processors what those need who are waited for.
const pauseMax = 500 * time.Millisecond

// eventually asks again until the answer is good.
func eventually[T any](t testing.TB, question func() T, good func(T) bool) T {
	t.Helper()
	return within(t, patience, question, good)
}

// within asks again for so long.
func within[T any](t testing.TB, patience time.Duration, question func() T, good func(T) bool) T {
	t.Helper()
	answer, pause := question(), 50*time.Millisecond
	for end := time.Now().Add(patience); !good(answer) && time.Now().Before(end); answer = question() {
		time.Sleep(pause)
		pause = min(2*pause, pauseMax)
	}
	if !good(answer) {
		t.Fatalf("still %v", answer)
	}
	return answer
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	answer, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, read(t, answer)
}

func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, answer)
}

func read(t testing.TB, answer *http.Response) string {
	t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func abs(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}
