package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/internal/embedded"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// erpAlone is a sandbox in a process of its own, so that what stands in its ERP outlives the pipeline.
type erpAlone struct {
	*testing.T
	url, token, admin string
}

// startSandboxAlone starts it, and gives how its parties are reached.
func startSandboxAlone(t *testing.T) (parties map[string]sandboxserver.Access, admin string) {
	t.Helper()
	cmd := program(t, "sandbox", "--listen", "127.0.0.1:0", "--orders", "0", "-o", "json")
	cmd.Env = append(cmd.Env, sandboxERPToken+"=of-the-test")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it may have ended
	parties = map[string]sandboxserver.Access{}
	for lines := json.NewDecoder(stdout); parties["erp"].URL == "" || parties["dhl"].URL == ""; {
		var party sandboxserver.Access
		if err := lines.Decode(&party); err != nil {
			t.Fatal("the sandbox plays no ERP, or no DHL: ", err)
		}
		parties[party.Party] = party
	}
	base, _ := strings.CutSuffix(parties["erp"].URL, "/erp/v1")
	return parties, base + "/admin/"
}

// startERPAlone starts it, and has what waybill starts place its orders there.
func startERPAlone(t *testing.T) *erpAlone {
	t.Helper()
	parties, admin := startSandboxAlone(t)
	given(t, "WAYBILL_ERP_SYSTEM", "sandbox")
	given(t, "WAYBILL_ERP_URL", parties["erp"].URL)
	given(t, "WAYBILL_ERP_TOKEN", "of-the-test")
	return &erpAlone{t, parties["erp"].URL, "of-the-test", admin}
}

// do is a request of somebody at the ERP.
func (e *erpAlone) do(method, path, body string, into any) {
	e.Helper()
	r, err := http.NewRequestWithContext(e.Context(), method, e.url+path, strings.NewReader(body))
	if err != nil {
		e.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+e.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		e.Fatal(err)
	}
	said, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode >= 300 {
		e.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			e.Fatal(err)
		}
	}
}

// bookedOrder is an order as the people at the ERP see it.
type bookedOrder struct {
	ID       string
	Version  int
	Tracking []map[string]string
}

// awaitOrder is the order that carries our id, once it is there.
func (e *erpAlone) awaitOrder(id string) bookedOrder {
	e.Helper()
	return eventually(e.T, func() []bookedOrder {
		var found struct{ Orders []bookedOrder }
		e.do(http.MethodGet, "/orders?external_ref="+id, "", &found)
		return found.Orders
	}, func(all []bookedOrder) bool { return len(all) == 1 })[0]
}

func (e *erpAlone) pack(ref string) {
	e.Helper()
	e.do(http.MethodPost, "/orders/"+ref+"/pack", `{"weight_grams":900,"length_mm":300,"width_mm":205,"height_mm":100}`, nil)
}

// asked is how often the ERP was asked what is ready.
func (e *erpAlone) asked() (times int) {
	e.Helper()
	var books map[string]struct {
		Requests map[string]map[string]int `json:"requests"`
	}
	if err := json.Unmarshal([]byte(get(e.T, e.admin+"books")), &books); err != nil {
		e.Fatal(err)
	}
	for _, n := range books["erp"].Requests["orders.list"] {
		times += n
	}
	return times
}

// An ERP that says that something is new is asked at once, and not when it is time (item 46).
func TestAnERPThatSaysThatSomethingIsNewIsAskedAtOnce(t *testing.T) {
	t.Parallel()
	e := startERPAlone(t)
	given(t, "WAYBILL_ERP_WEBHOOK_SECRET", "of-the-erp")
	given(t, "WAYBILL_ERP_WEBHOOK_AUTH", "token")
	data := filepath.Join(t.TempDir(), "data")
	p := &placed{T: t, up: startUp(t, data), data: data}
	instance, err := embedded.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	p.order("1", "MUG")
	booked := e.awaitOrder("direct/1")
	before, began := e.asked(), time.Now()
	for range 6 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, instance.Listen+"/webhooks/erp", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer of-the-erp")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if said := read(t, answer); answer.StatusCode != http.StatusAccepted {
			t.Fatalf("answered %d %s", answer.StatusCode, said)
		}
		was := e.asked()
		eventually(t, e.asked, func(now int) bool { return now > was })
	}
	if byTime := 1 + int(time.Since(began)/(5*time.Second)); e.asked()-before < 6 || e.asked()-before < byTime+3 {
		t.Errorf("it was asked %d times, and would have been %d times without a word", e.asked()-before, byTime)
	}
	e.pack(booked.ID)
	p.ask("limits", "ask", "erp")
	p.awaitNumber("SELECT count() AS n FROM erp_raw", 1)
}

// What is packed comes to erp.raw once, however often it is asked and though the pipeline is killed between; so does that it is taken back.
func TestAPackedOrderIsHeardOfOnceThoughThePipelineIsKilled(t *testing.T) {
	t.Parallel()
	e := startERPAlone(t)
	data := filepath.Join(t.TempDir(), "data")
	p := &placed{T: t, up: startUp(t, data), data: data}
	p.order("1", "MUG")
	p.order("2", "MUG")
	first, second := e.awaitOrder("direct/1"), e.awaitOrder("direct/2")
	e.pack(first.ID)
	p.awaitNumber("SELECT count() AS n FROM erp_raw", 1)
	p.up.kill()
	e.pack(second.ID)
	p.up = startUp(t, data)
	p.awaitNumber("SELECT count() AS n FROM erp_raw", 2)
	e.do(http.MethodPost, "/orders/"+first.ID+"/unpack", "", nil)
	p.awaitNumber("SELECT count() AS n FROM erp_raw", 3)
	before := e.asked()
	within(t, time.Minute, e.asked, func(n int) bool { return n >= before+2 })
	said := rows[struct {
		Kind, Ref, Revision, Origin, Body string
		Order                             string `json:"order_id"`
		Key                               string `json:"_key"`
	}](t, p.ask("sql", "-o", "json", "SELECT kind, ref, order_id, revision, origin, body, _key FROM erp_raw ORDER BY received_at, ref"))
	if len(said) != 3 {
		t.Fatalf("it was heard %d times: %+v", len(said), said)
	}
	for i, want := range []struct{ kind, ref, order, revision string }{
		{schemas.ERPReady, first.ID, "direct/1", "2"}, {schemas.ERPReady, second.ID, "direct/2", "2"}, {schemas.ERPUnready, first.ID, "direct/1", "3"},
	} {
		s := said[i]
		if s.Kind != want.kind || s.Ref != want.ref || s.Key != want.order || s.Order != want.order || s.Revision != want.revision || s.Origin != schemas.OriginPoll {
			t.Errorf("heard %+v, want %+v", s, want)
		}
		if ready := want.kind == schemas.ERPReady; strings.Contains(s.Body, `"parcel":{"weight_grams":900,"length_mm":300,"width_mm":205,"height_mm":100}`) != ready {
			t.Errorf("it says %s", s.Body)
		}
	}
	if timeline := p.ask("order", "direct/1"); !strings.Contains(timeline, "erp_ready") || !strings.Contains(timeline, "erp_unready") {
		t.Errorf("the timeline lacks it:\n%s", timeline)
	}
	landed(p.T, "--data", p.data)
}

// What a person says of a parcel stands at the order in the ERP, once; what can not be told is said.
func TestAParcelThatWasBookedByHandStandsInTheERP(t *testing.T) {
	t.Parallel()
	e := startERPAlone(t)
	data := filepath.Join(t.TempDir(), "data")
	p := &placed{T: t, up: startUp(t, data), data: data}
	p.order("1", "MUG")
	order := e.awaitOrder("direct/1")
	e.pack(order.ID)
	tell := []string{"tracking", "direct/1", "--carrier", "dhl", "--number", "0034", "--by", "anna", "-o", "json"}
	for range 2 {
		told := rows[trackingTold](t, p.ask(append(tell, "--url", "https://example.com/0034", "--status", "in_transit")...))
		if len(told) != 1 || told[0].State != schemas.TaskDone || told[0].OrderID != "direct/1" || told[0].TaskID == "" {
			t.Errorf("told %+v", told)
		}
	}
	is := e.awaitOrder("direct/1")
	if is.Version != 3 || len(is.Tracking) != 1 || is.Tracking[0]["number"] != "0034" || is.Tracking[0]["status"] != "in_transit" || is.Tracking[0]["url"] != "https://example.com/0034" {
		t.Errorf("it stands as %+v", is)
	}
	p.ask(append(tell, "--status", "delivered")...)
	if is := e.awaitOrder("direct/1"); is.Version != 4 || len(is.Tracking) != 1 || is.Tracking[0]["status"] != "delivered" {
		t.Errorf("it stands as %+v", is)
	}
	p.awaitReceipt("direct/1", "tracking", "confirmed")
	for want, args := range map[int][]string{
		exitFailed: {"tracking", "direct/none", "--carrier", "dhl", "--number", "1", "--by", "anna"},
		exitUsage:  {"tracking", "direct/1", "--carrier", "dhl", "--number", "1", "--url", "ftp://example.com", "--by", "anna"},
	} {
		out, err := program(t, append(args, "--data", data)...).CombinedOutput()
		var ended *exec.ExitError
		if !errors.As(err, &ended) || ended.ExitCode() != want {
			t.Errorf("%s ends with %v, want %d: %s", fmt.Sprint(args), err, want, out)
		}
	}
	if entry := rows[map[string]any](t, p.ask("trash", "list", "-o", "json")); len(entry) != 1 || entry[0]["code"] != "not_found" {
		t.Errorf("the trash has %v", entry)
	}
}
