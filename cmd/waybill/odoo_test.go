package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/processors"
)

// officeOdoo is a played Odoo, and how people come in there.
type officeOdoo struct {
	*sandboxserver.Server
	base, key string
}

// byPerson is a call of somebody who works there.
func (o *officeOdoo) byPerson(t *testing.T, into any, model, method string, args ...any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"params": map[string]any{"service": "object", "method": "execute_kw", "args": []any{
		"sandbox", 2, o.key, model, method, args, map[string]any{"context": map[string]any{"disable_cancel_warning": true}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(o.base+"/odoo/jsonrpc", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said := struct{ Result, Error any }{Result: into}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || said.Error != nil {
		t.Fatal(model, method, said.Error, err)
	}
}

// startOdoo plays one, and has what waybill starts place its orders there.
func startOdoo(t *testing.T, rules ...fault.Rule) *officeOdoo {
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
		return &officeOdoo{s, server.URL, p.Made["people_key"]}
	}
	t.Fatal("the sandbox plays no Odoo")
	return nil
}

// access is how a party that is played beside it is reached.
func (o *officeOdoo) access(t *testing.T, party string) sandboxserver.Access {
	t.Helper()
	for _, p := range o.Parties(o.base) {
		if p.Party == party {
			return p
		}
	}
	t.Fatalf("the sandbox plays no %s", party)
	return sandboxserver.Access{}
}

// settle sets a party for what waybill starts, a later value before an earlier one.
func (o *officeOdoo) settle(t *testing.T, party string, settings ...map[string]string) {
	t.Helper()
	all := map[string]string{}
	for _, some := range settings {
		maps.Copy(all, some)
	}
	for setting, value := range all {
		given(t, config.SettingVariable(party, setting), value)
	}
}

// carries lets its DHL carry what is packed.
func (o *officeOdoo) carries(t *testing.T) {
	t.Helper()
	dhl := o.access(t, "dhl")
	o.settle(t, "dhl", lentSender, dhl.Made, map[string]string{"url": dhl.URL, "token_url": dhl.Login})
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

// What people change in Odoo is heard of within a reading, packed or not: where it goes, and that it is cancelled, which the channel is told or a
// person has to tell it.
func TestWhatIsChangedInOdooIsHeardOf(t *testing.T) {
	t.Parallel()
	s := startOdoo(t)
	s.carries(t)
	given(t, config.SettingVariable("direct", processors.SettingShipWith), "DE=dhl:V01PAK")
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	var payloads strings.Builder
	for ref := 1; ref <= 2; ref++ {
		fmt.Fprintf(&payloads, `{"ref":"%d","source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR","ship_to":{"name":"Ana","street":"S 1","postal_code":"01067",`+
			`"city":"Dresden","country":"DE","email":"ana@example.com"},"lines":[{"sku":"MUG-RED","quantity":1,"unit_price":"9.99"}]}`+"\n", ref)
	}
	ask(t, "feed", "--party", "direct", "--data", data, writeFile(t, payloads.String()))
	told := func(query string) func() string {
		return func() string { return ask(t, "sql", "--data", data, "-o", "json", query) }
	}
	await := func(query, want string) {
		t.Helper()
		within(t, time.Minute, told(query), func(is string) bool { return strings.Contains(is, want) })
	}
	type office struct {
		ID         int    `json:"id"`
		Deliveries []int  `json:"picking_ids"`
		Of         string `json:"client_order_ref"`
	}
	orders := eventually(t, func() (found []office) {
		s.byPerson(t, &found, "sale.order", "search_read", []any{[]any{"picking_ids", "!=", false}}, []string{"picking_ids", "client_order_ref"})
		return found
	}, func(found []office) bool { return len(found) == 2 })
	for _, o := range orders { // nobody packs them before they are changed
		s.byPerson(t, new(any), "stock.picking", "do_unreserve", o.Deliveries)
	}
	await("SELECT toUInt32(count()) AS n FROM orders_placed", `"n":2`)
	began := time.Now().UnixMilli()
	for _, o := range orders {
		switch o.Of {
		case "direct/1":
			var contact int // of its own, for both orders go to the same
			s.byPerson(t, &contact, "res.partner", "create", map[string]any{"name": "Cy Blum", "street": "Am Alten Markt 3", "zip": "01067", "city": "Dresden", "type": "other"})
			s.byPerson(t, new(any), "sale.order", "write", []int{o.ID}, map[string]any{"partner_shipping_id": contact})
			s.byPerson(t, new(any), "stock.picking", "write", o.Deliveries, map[string]any{"partner_id": contact})
		case "direct/2":
			s.byPerson(t, new(any), "sale.order", "action_cancel", []int{o.ID})
		}
	}
	await(fmt.Sprintf("SELECT toUInt32(uniqExactIf(order_id, kind = 'edited' AND toUnixTimestamp64Milli(received_at) - %d <= 20000)) AS n FROM erp_raw", began), `"n":2`)
	await("SELECT toUInt32(count()) AS n FROM receipts WHERE order_id = 'direct/2' AND kind = 'reject' AND code = 'cancelled_at_the_erp'", `"n":1`)
	ask(t, "feed", "--party", "direct", "--data", data, writeFile(t, strings.ReplaceAll(strings.SplitAfter(payloads.String(), "\n")[0], "S 1", "S 2")))
	await("SELECT toUInt32(count()) AS n FROM receipts WHERE order_id = 'direct/1' AND kind = 'amend' AND outcome = 'not_accepted' AND code = 'changed_at_the_erp'", `"n":1`)
	for _, o := range orders {
		if o.Of == "direct/1" {
			s.byPerson(t, new(any), "stock.picking", "action_assign", o.Deliveries)
		}
	}
	await("SELECT toUInt32(countIf(state = 'labelled')) AS n FROM shipments WHERE order_id = 'direct/1'", `"n":1`)
	await("SELECT toUInt32(uniqExact(to_street)) AS n, any(to_street) AS street FROM shipments WHERE state = 'requested'", `"n":1,"street":"Am Alten Markt 3"`)
}

// Whoever cancels an order in Odoo has it rejected at its channel, once, with the reason that was settled for that.
func TestAnOrderThatIsCancelledInOdooIsRejectedAtItsChannel(t *testing.T) {
	t.Parallel()
	s := startOdoo(t)
	s.carries(t)
	kaufland := s.access(t, "kaufland")
	s.settle(t, "kaufland", map[string]string{
		marketplaces.SettingURL: kaufland.URL, marketplaces.SettingClient: kaufland.Made["client_key"], marketplaces.SettingSecret: kaufland.Made["secret_key"],
		marketplaces.SettingSites: lentSites["kaufland"], "erp_cancel_reason": "NoInventory",
	})
	given(t, "WAYBILL_POLL_EVERY_SECONDS", "2")
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	query := func(text string) string { return ask(t, "sql", "--data", data, "-o", "json", text) }
	type chosen struct {
		ID string `json:"order_id"`
	}
	id := eventually(t, func() []chosen { // a poll finds what is sold after the first one
		if err := s.Sell(1); err != nil {
			t.Fatal(err)
		}
		return rows[chosen](t, query(`SELECT order_id FROM v_orders_current WHERE party = 'kaufland' AND status = 'ready' AND fulfilled_by = 'seller'
			AND order_id IN (SELECT order_id FROM orders_acknowledged WHERE state = 'accepted') AND order_id IN (SELECT order_id FROM orders_placed) ORDER BY order_id LIMIT 1`))
	}, func(found []chosen) bool { return len(found) == 1 })[0].ID
	var sales []int
	s.byPerson(t, &sales, "sale.order", "search", []any{[]any{"client_order_ref", "=", id}})
	s.byPerson(t, new(any), "sale.order", "action_cancel", sales)
	eventually(t, func() string {
		return query(fmt.Sprintf("SELECT toUInt32(count()) AS n FROM v_orders_current WHERE order_id = '%s' AND status = 'cancelled'", id))
	}, func(is string) bool { return strings.Contains(is, `"n":1`) })
	if b := s.Books()["kaufland"].Operations["order-units.cancel"]; b.Effects == 0 || b.Repeated != 0 {
		t.Errorf("Kaufland's books say %+v", b)
	}
}
