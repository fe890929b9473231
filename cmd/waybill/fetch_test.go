package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/connectors/marketplaces/kaufland"
	"waybill/internal/embedded"
	"waybill/schemas"
)

// asSeller asks the sandbox's Kaufland, as its seller does.
func (p *placed) asSeller(method, path string, body []byte) string {
	p.Helper()
	var parties []struct {
		Party, URL string
		Made       map[string]string
	}
	if err := json.Unmarshal([]byte(get(p.T, p.admin+"parties")), &parties); err != nil {
		p.Fatal(err)
	}
	made, url, now := parties[0].Made, parties[0].URL+path, time.Now().Unix()
	r, err := http.NewRequestWithContext(p.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Shop-Client-Key": {made["client_key"]}, kaufland.HeaderTimestamp: {fmt.Sprint(now)},
		kaufland.HeaderSignature: {kaufland.Sign(made["secret_key"], method, url, body, now)},
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	said := read(p.T, answer)
	if answer.StatusCode >= 300 {
		p.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, said)
	}
	return said
}

// subscribe lets it push to the door of the instance.
func (p *placed) subscribe(event string) {
	p.Helper()
	instance, err := embedded.Find(p.data)
	if err != nil {
		p.Fatal(err)
	}
	p.asSeller(http.MethodPost, "/subscriptions?storefront=de",
		fmt.Appendf(nil, `{"callback_url":"%s/webhooks/kaufland","fallback_email":"ops@example.com","event_name":%q}`, instance.Listen, event))
}

// sell lets it sell so many orders, and is how many of them it pushes.
func (p *placed) sell(orders int) (pushed int) {
	p.Helper()
	if status, said := post(p.T, fmt.Sprintf("%skaufland/orders?count=%d", p.admin, orders), ""); status >= 300 {
		p.Fatalf("sell: %d %s", status, said)
	}
	var list struct{ Pagination struct{ Total int } }
	if err := json.Unmarshal([]byte(p.asSeller(http.MethodGet, "/orders?storefront=de&limit=1&fulfillment_type=fulfilled_by_merchant,fulfilled_by_kaufland", nil)), &list); err != nil {
		p.Fatal(err)
	}
	return list.Pagination.Total
}

// number is the only value that a query answers.
func (p *placed) number(query string) int {
	p.Helper()
	return rows[struct{ N int }](p.T, p.ask("sql", "-o", "json", query))[0].N
}

func (p *placed) awaitNumber(query string, want int) {
	p.Helper()
	eventually(p.T, func() int { return p.number(query) }, func(n int) bool { return n == want })
}

// Kaufland's pushes only say that something happened. What they name is asked for, and goes on as all orders do.
func TestWhatAPushOnlyNamesIsFetchedAndPlaced(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.subscribe("order_new")
	pushed := p.sell(30)
	p.awaitNumber("SELECT count() AS n FROM v_orders_current WHERE party = 'kaufland'", pushed)
	p.awaitNumber("SELECT count() AS n FROM v_calls_kaufland WHERE task_kind = 'fetch' AND state = 'done'", pushed)
	p.awaitNumber("SELECT count() AS n FROM v_fetch_tasks WHERE state = 'open'", 0)
	ready := p.number("SELECT countIf(status IN ('ready', 'shipped')) AS n FROM v_orders_current")
	p.awaitNumber("SELECT count() AS n FROM v_orders_placed WHERE party = 'kaufland'", ready)
	if limits := p.ask("limits", "-o", "json"); !strings.Contains(limits, `"party":"kaufland"`) {
		t.Errorf("limits: %s", limits)
	}
	landed(p.T, "--data", p.data)
}

// Who gives an order up is told that its channel still waits for it, and may tell it in one go (item 152).
func TestTheChannelHearsOfWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	var list struct {
		Data []struct {
			Ref string `json:"id_order"`
		}
	}
	for len(list.Data) < 2 {
		p.sell(5)
		if err := json.Unmarshal([]byte(p.asSeller(http.MethodGet, "/orders?storefront=de&limit=2", nil)), &list); err != nil {
			t.Fatal(err)
		}
	}
	p.set(`{"unknown_articles":["MUG-RAD"]}`)
	p.order("1", "MUG-RAD")
	for _, one := range list.Data {
		p.ask("feed", "--party", "kaufland", writeFile(t, fmt.Sprintf(`{"id_order":%q,"order_units":[{"id_order_unit":1,"price":"free"}]}`, one.Ref)))
	}
	entries := eventually(t, func() []map[string]any { return rows[map[string]any](t, p.ask("trash", "list", "-o", "json")) }, func(all []map[string]any) bool { return len(all) == 3 })
	var ids []string
	for _, e := range entries {
		id := fmt.Sprint(e["id"])
		if strings.HasPrefix(fmt.Sprint(e["order_id"]), "direct/") {
			if said, code := tell(t, "trash", "dismiss", id, "--why", "a slip", "--data", p.data); code != exitDone || !strings.Contains(said, "its channel") {
				t.Errorf("of a channel that can not be told: exit %d, %s", code, said)
			}
			continue
		}
		ids = append(ids, id)
	}
	if said, code := tell(t, "trash", "dismiss", ids[0], "--why", "sold out", "--data", p.data); code != exitDone || !strings.Contains(said, "waybill reject") {
		t.Errorf("without a word to the channel: exit %d, %s", code, said)
	}
	if said, code := tell(t, "trash", "dismiss", "--party", "kaufland", "--why", "sold out", "--reject", "NoInventory", "--data", p.data); code != exitUsage {
		t.Errorf("of whatever the filter takes: exit %d, %s", code, said)
	}
	if said, code := tell(t, "trash", "dismiss", ids[1], "--why", "sold out", "--reject", "NoInventory", "--data", p.data); code != exitDone || !strings.Contains(said, "is told") {
		t.Errorf("with one: exit %d, %s", code, said)
	}
	p.awaitNumber("SELECT count() AS n FROM v_calls_kaufland WHERE task_kind = 'reject' AND state IN ('done', 'dropped', 'trashed')", 1)
	if b := p.books("kaufland").Operations["order-units.cancel"]; b.Subjects == 0 {
		t.Errorf("Kaufland's books say %+v", b)
	}
}

// What was mended at the channel is asked for again, and closes the entry of what had failed (item 143).
func TestWhatWasMendedAtTheChannelIsFetchedAgainAndClosesItsEntry(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	var list struct {
		Data []struct {
			Ref string `json:"id_order"`
		}
	}
	for len(list.Data) == 0 { // until one is sold in Germany
		p.sell(3)
		if err := json.Unmarshal([]byte(p.asSeller(http.MethodGet, "/orders?storefront=de&limit=1", nil)), &list); err != nil {
			t.Fatal(err)
		}
	}
	ref := list.Data[0].Ref
	p.ask("feed", "--party", "kaufland", writeFile(t, fmt.Sprintf(`{"id_order":%q,"order_units":[{"id_order_unit":1,"price":"free"}]}`, ref)))
	entry := eventually(t, func() []map[string]any { return rows[map[string]any](t, p.ask("trash", "list", "-o", "json")) }, func(all []map[string]any) bool { return len(all) == 1 })[0]
	id := fmt.Sprint(entry["id"])
	if entry["order_id"] != "kaufland/"+ref || entry["step"] != "normalize" {
		t.Fatalf("entry: %v", entry)
	}
	said := rows[itemResult](t, p.ask("trash", "refetch", id, "--why", "mended there", "-o", "json"))
	if len(said) != 1 || said[0].Result == schemas.TrashOpen || !strings.Contains(said[0].Reason, "orders.raw") {
		t.Errorf("it says %+v", said)
	}
	if left := p.ask("trash", "list", "-o", "json"); left != "" {
		t.Errorf("open: %s", left)
	}
	p.awaitNumber("SELECT count() AS n FROM v_orders_current WHERE order_id = 'kaufland/"+ref+"'", 1)
	if shown := p.ask("trash", "show", id); !strings.Contains(shown, "asked for again: mended there") {
		t.Errorf("who asked is not shown:\n%s", shown)
	}
	cmd := program(t, "trash", "refetch", "normalize/orders.raw/0/99", "--why", "no such", "--data", p.data)
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("an entry that there is not: %s", out)
	}
}
