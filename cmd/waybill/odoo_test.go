package main

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
)

// startOdoo plays one, and has what waybill starts place its orders there.
func startOdoo(t *testing.T, rules ...fault.Rule) *sandboxserver.Server {
	t.Helper()
	s, err := sandboxserver.New(sandboxserver.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	for _, p := range s.Parties(server.URL) {
		if p.Party != "odoo" {
			continue
		}
		for name, value := range map[string]string{"SYSTEM": "odoo", "URL": p.URL, "USER": p.Made["user"], "TOKEN": p.Made["api_key"], "CALLS_PER_SECOND": "50"} {
			given(t, "WAYBILL_ERP_"+name, value)
		}
		return s
	}
	t.Fatal("the sandbox plays no Odoo")
	return nil
}

// Each order stands once in Odoo, for a person who stands there once, though answers get lost and the pipeline is killed while it places them.
func TestOrdersArePlacedOnceInOdoo(t *testing.T) {
	t.Parallel()
	const orders, people = 40, 7
	s := startOdoo(t, fault.Rule{Party: "odoo", Operation: fault.Any, Fault: fault.Drop, Probability: 0.03})
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
	made := func(operation string) int { return s.Books()["odoo"].Operations[operation].Effects }
	within(t, time.Minute, func() int { return made("sale.order.create") }, func(n int) bool { return n >= orders/4 })
	u.kill()
	startUp(t, data)
	_ = s.UseFaults(nil)
	placed := func() string {
		return ask(t, "sql", "--data", data, "-o", "json", "SELECT toUInt32(uniqExact(order_id)) AS n FROM orders_placed")
	}
	within(t, 3*time.Minute, placed, func(n string) bool { return n == fmt.Sprintf(`{"n":%d}`+"\n", orders) })
	for _, operation := range []string{"sale.order.create", "sale.order.confirm"} {
		if books := s.Books()["odoo"].Operations[operation]; books.Effects != orders || books.Repeated != 0 {
			t.Errorf("%s: %+v", operation, books)
		}
	}
	persons := map[string]int{}
	for _, e := range s.Ledger("odoo").Effects(0) {
		if e.Operation == "res.partner.create" && strings.HasPrefix(e.Subject, "email:") {
			persons[e.Subject]++
		}
	}
	if len(persons) != people {
		t.Errorf("%d people stand there, want %d", len(persons), people)
	}
	for person, times := range persons {
		if times != 1 {
			t.Errorf("%s stands there %d times", person, times)
		}
	}
	landed(t, "--data", data)
}

// What stands in Odoo is amended and cancelled there, told when it is ready, and hears of its parcel, by the same calls as at any ERP.
func TestWhatStandsInOdooIsAmendedAndCancelled(t *testing.T) {
	t.Parallel()
	s := startOdoo(t)
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	feed := func(lines string) {
		t.Helper()
		ask(t, "feed", "--party", "direct", "--data", data, writeFile(t, lines))
	}
	order := func(ref, more string, quantity int) string {
		return fmt.Sprintf(`{"ref":%q,"source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR",%s"ship_to":{"name":"Ana","street":"S 1","postal_code":"01067",`+
			`"city":"Dresden","country":"DE","email":"ana@example.com"},"lines":[{"sku":"MUG-RED","quantity":%d,"unit_price":"9.99"}]}`+"\n", ref, more, quantity)
	}
	did := func() string {
		var texts []string
		for _, operation := range []string{"create", "confirm", "cancel", "draft"} {
			texts = append(texts, fmt.Sprint(operation, " ", s.Books()["odoo"].Operations["sale.order."+operation].Effects))
		}
		return strings.Join(texts, ", ")
	}
	await := func(want string) {
		t.Helper()
		eventually(t, did, func(is string) bool { return is == want })
	}
	feed(order("1", "", 1))
	await("create 1, confirm 1, cancel 0, draft 0")
	feed(order("1", "", 2))
	await("create 1, confirm 2, cancel 1, draft 1")
	ready := func() string {
		return ask(t, "sql", "--data", data, "-o", "json", "SELECT kind, uniqExact(revision) AS states FROM erp_raw WHERE order_id = 'direct/1' GROUP BY kind ORDER BY kind")
	}
	within(t, time.Minute, ready, func(told string) bool { return strings.Contains(told, `"kind":"ready"`) })
	ask(t, "tracking", "direct/1", "--carrier", "dhl", "--number", "0034", "--by", "ana", "--data", data)
	eventually(t, func() int { return s.Books()["odoo"].Operations["stock.picking.write"].Effects }, func(n int) bool { return n == 1 })
	feed(order("1", `"status":"cancelled",`, 2))
	await("create 1, confirm 2, cancel 2, draft 1")
}
