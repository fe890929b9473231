package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/connectors/erps/tryton"
)

// merchant is a database of a real Tryton, and what it says to requests written by hand.
type merchant struct {
	testing.TB
	url, password string
}

// startMerchant makes a database of its own, and has what waybill starts place its orders there.
func startMerchant(t testing.TB) *merchant {
	t.Helper()
	dir := os.Getenv("WAYBILL_TEST_ERP_DIR")
	if dir == "" {
		t.Skip("it needs a real Tryton: deploy/with-erp go test -run Tryton ./cmd/waybill, or make test-erp")
	}
	said, err := exec.CommandContext(t.Context(), "../../deploy/erp/erp", "clone", "--dir", dir, fmt.Sprint("merchant", time.Now().UnixNano())).CombinedOutput()
	url, ok := strings.CutPrefix(strings.TrimSpace(string(said)), "url=")
	if err != nil || !ok {
		t.Fatalf("clone: %v: %s", err, said)
	}
	secret := filepath.Join(dir, "tryton", "password")
	password, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"SYSTEM": "tryton", "URL": url, "USER": "waybill", "TOKEN_FILE": secret, "CALLS_PER_SECOND": "20"} {
		given(t, "WAYBILL_ERP_"+name, value)
	}
	return &merchant{t, url, strings.TrimSpace(string(password))}
}

// records are what Tryton has of a model.
func (m *merchant) records(model string, domain []any, fields ...string) (found []map[string]any) {
	m.Helper()
	m.into(&found, model+".search_read", domain, 0, nil, nil, fields)
	return found
}

// do calls a method of a model.
func (m *merchant) do(method string, params ...any) {
	m.Helper()
	m.into(new(any), method, params...)
}

// into calls a method of a model, and reads what it answers.
func (m *merchant) into(result any, method string, params ...any) {
	m.Helper()
	body, _ := json.Marshal(map[string]any{"id": 1, "method": "model." + method, "params": append(params, map[string]any{"company": 1})})
	r, err := http.NewRequestWithContext(m.Context(), http.MethodPost, m.url, bytes.NewReader(body))
	if err != nil {
		m.Fatal(err)
	}
	r.SetBasicAuth("waybill", m.password)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		m.Fatal(err)
	}
	said := struct {
		Result any
		Error  any
	}{Result: result}
	if text := read(m.TB, answer); json.Unmarshal([]byte(text), &said) != nil || said.Error != nil {
		m.Fatalf("%s: %s", method, text)
	}
}

// Each order stands once in Tryton, for a person who stands there once, though the pipeline is killed while it places them.
func TestOrdersArePlacedOnceInTryton(t *testing.T) {
	const orders, people = 24, 7
	m := startMerchant(t)
	data := filepath.Join(t.TempDir(), "data")
	var payloads strings.Builder
	for n := range orders {
		email := fmt.Sprintf("buyer_%d@example.com", n%people)
		if n%2 == 0 {
			email = strings.ToUpper(email)
		}
		fmt.Fprintf(&payloads, `{"ref":"%d","source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"PLN","ship_to":{"name":"Ana %d",`+
			`"street":"S 1","postal_code":"01067","city":"Dresden","country":"DE","email":%q},"lines":[{"sku":"MUG-RED","quantity":%d,"unit_price":"9.99"}]}`+"\n",
			n, n%people, email, n+1)
	}
	u := startUp(t, data)
	ask(t, "feed", "--party", "direct", "--data", data, writeFile(t, payloads.String()))
	sales := func() []map[string]any {
		return m.records("sale.sale", []any{}, "reference", "state", "total_amount", "party")
	}
	within(t, 2*time.Minute, sales, func(s []map[string]any) bool { return len(s) >= orders/4 })
	u.kill()
	startUp(t, data)
	placed := func() string {
		return ask(t, "sql", "--data", data, "-o", "json", "SELECT toUInt32(uniqExact(order_id)) AS n FROM orders_placed")
	}
	within(t, 4*time.Minute, placed, func(n string) bool { return n == fmt.Sprintf(`{"n":%d}`+"\n", orders) })

	seen := map[string]bool{}
	for _, s := range sales() {
		var n int
		ref := fmt.Sprint(s["reference"])
		if _, err := fmt.Sscanf(ref, "direct/%d", &n); err != nil || seen[ref] {
			t.Errorf("sale %v is not one of ours, or the second of its order", s)
		}
		seen[ref] = true
		total := s["total_amount"].(map[string]any)["decimal"]
		if want := fmt.Sprintf("%d.%02d", 999*(n+1)/100, 999*(n+1)%100); total != want || s["state"] != "processing" {
			t.Errorf("%s costs %v, want %s, and is %v", ref, total, want, s["state"])
		}
	}
	if len(seen) != orders {
		t.Errorf("Tryton has %d of %d orders", len(seen), orders)
	}
	emails := map[any]int{}
	for _, c := range m.records("party.contact_mechanism", []any{}, "value") {
		emails[c["value"]]++
	}
	if len(emails) != people {
		t.Errorf("Tryton has the addresses %v, want %d", emails, people)
	}
	for email, parties := range emails {
		if parties != 1 {
			t.Errorf("%v has %d parties", email, parties)
		}
	}
}

// Fifty first orders of one buyer, over three channels and at once, are one party and fifty sales of it (item 39).
func TestFiftyFirstOrdersOfOneBuyerAreOnePartyInTryton(t *testing.T) {
	const orders = 50
	m := startMerchant(t)
	given(t, "WAYBILL_ERP_CALLS_PER_SECOND", "200") // as fast as Tryton is
	data := filepath.Join(t.TempDir(), "data")
	file := writeFile(t, `{"ref":"REF","source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"PLN","ship_to":{"name":"Ida","street":"S 1",
		"postal_code":"01067","city":"Dresden","country":"DE","email":"EMAIL"},"lines":[{"sku":"MUG-RED","quantity":1,"unit_price":"9.99"}]}`)
	own, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sold := map[string]string{ // each with REF and EMAIL in it
		"direct":      string(own),
		"woocommerce": strings.ReplaceAll(string(recorded(t, "woocommerce/testdata/edge.complete.json", "ida@example.org", "EMAIL")), `"id": 4711`, `"id": REF`),
		"shopify":     strings.ReplaceAll(string(recorded(t, "shopify/testdata/edge.complete.json", "ida.holm@mail.example", "EMAIL")), "6100000001", "REF"),
	}
	files := map[string]string{}
	spellings := []string{"ida.holm@example.com", "Ida.Holm@Example.COM", " ida.holm@EXAMPLE.com"}
	for n, channel := range []string{"direct", "woocommerce", "shopify"} {
		var all []string
		for order := n; order < orders; order += len(sold) {
			all = append(all, strings.NewReplacer("REF", fmt.Sprint(7000+order), "EMAIL", spellings[order/len(sold)%len(spellings)]).Replace(sold[channel]))
		}
		files[channel] = writeFile(t, "["+strings.Join(all, ",")+"]")
	}
	p := &placed{T: t, up: startUp(t, data), data: data}
	var feeds sync.WaitGroup
	for channel, file := range files {
		feeds.Go(func() { p.ask("feed", "--party", channel, file) })
	}
	feeds.Wait()
	sales := within(t, 6*time.Minute, func() []map[string]any {
		return m.records("sale.sale", []any{}, "reference", "party")
	}, func(s []map[string]any) bool { return len(s) >= orders })
	refs, buyers := map[any]bool{}, map[any]int{}
	for _, s := range sales {
		refs[s["reference"]] = true
		buyers[s["party"]]++
	}
	if len(refs) != orders || len(sales) != orders || len(buyers) != 1 {
		t.Errorf("%d sales of %d orders are of the parties %v", len(sales), len(refs), buyers)
	}
	if mails := m.records("party.contact_mechanism", []any{}, "value", "party"); len(mails) != 1 || buyers[mails[0]["party"]] != orders {
		t.Errorf("Tryton has the addresses %v", mails)
	}
	within(t, time.Minute, func() string {
		return p.ask("sql", "-o", "json", "SELECT toUInt32(uniqExact(order_id)) AS orders, toUInt32(uniqExact(placement_customer_ref)) AS buyers FROM orders_placed")
	}, func(said string) bool { return said == fmt.Sprintf(`{"orders":%d,"buyers":1}`+"\n", orders) })
}

// A shipment that is packed in Tryton comes to erp.raw, and what a person says of its parcel stands on it, without its being heard of anew.
func TestAPackedShipmentIsHeardOfAndTrackedInTryton(t *testing.T) {
	m := startMerchant(t)
	data := filepath.Join(t.TempDir(), "data")
	p := &placed{T: t, up: startUp(t, data), data: data}
	p.order("1", "MUG-RED")
	shipments := within(t, 2*time.Minute, func() []map[string]any {
		return m.records("stock.shipment.out", []any{}, "state", "reference")
	}, func(all []map[string]any) bool { return len(all) == 1 && all[0]["state"] == "waiting" })
	ref := fmt.Sprint(shipments[0]["id"])
	m.do("stock.shipment.out.write", []any{shipments[0]["id"]}, map[string]any{"state": "packed"})
	raw := func() []map[string]string {
		return rows[map[string]string](t, p.ask("sql", "-o", "json", "SELECT kind, ref, order_id, body FROM erp_raw"))
	}
	heard := within(t, 2*time.Minute, raw, func(all []map[string]string) bool { return len(all) > 0 })
	if h := heard[0]; h["kind"] != "ready" || h["ref"] != ref || h["order_id"] != "direct/1" || !strings.Contains(h["body"], `"reference":"direct/1"`) && !strings.Contains(h["body"], `"reference": "direct/1"`) {
		t.Errorf("heard %v", h)
	}
	for range 2 {
		p.ask("tracking", "direct/1", "--carrier", "dpd", "--number", "0101", "--status", "in_transit", "--by", "anna", "--wait", "2m")
	}
	if s := m.records("stock.shipment.out", []any{}, "reference"); len(s) != 1 || s[0]["reference"] != "0101" {
		t.Errorf("Tryton has %v", s)
	}
	if notes := m.records("ir.note", []any{}, "message"); len(notes) != 1 || notes[0]["message"] != "dpd 0101\nin_transit" {
		t.Errorf("Tryton has the notes %v", notes)
	}
	time.Sleep(2*tryton.ReadyEvery + time.Second) // it is read again, as written to
	if again := raw(); len(again) != 1 {
		t.Errorf("heard again: %v", again)
	}
}
