package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded"
	"waybill/schemas"
)

// placed is an instance whose sandbox plays the ERP.
type placed struct {
	*testing.T
	up          *up
	data, admin string
}

func startPlaced(t *testing.T) *placed {
	t.Helper()
	return startPlacedOn(t, filepath.Join(t.TempDir(), "data"))
}

func startPlacedOn(t *testing.T, data string) *placed {
	t.Helper()
	u := startUp(t, data)
	found := regexp.MustCompile(`at (http://\S+/admin/)`).FindStringSubmatch(u.stderr.text())
	if found == nil {
		t.Fatalf("up does not say where the sandbox's books are:\n%s", u.stderr.text())
	}
	return &placed{T: t, up: u, data: data, admin: found[1]}
}

// set changes what the people at the ERP can change.
func (p *placed) set(settings string) {
	p.Helper()
	p.put("erp", settings)
}

func (p *placed) ask(args ...string) string {
	p.Helper()
	return ask(p.T, append(args, "--data", p.data)...)
}

// order is one that is sold directly.
func (p *placed) order(ref, sku string) {
	p.Helper()
	p.orderAs(ref, sku, schemas.StatusReady)
}

func (p *placed) orderAs(ref, sku, status string) {
	p.Helper()
	p.ask("feed", "--party", "direct", writeFile(p.T, fmt.Sprintf(`{"ref":%q,"source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR","status":%q,
		"ship_to":{"name":"Ana","street":"S 1","postal_code":"1067","city":"Dresden","country":"DE","email":"ana@example.com"},
		"lines":[{"sku":%q,"quantity":3,"unit_price":"9.99"}]}`, ref, status, sku)))
}

func (p *placed) awaitReceipt(order, fact, receipt string) clickhouse.Receipt {
	p.Helper()
	of := func(all []clickhouse.Receipt) int {
		return slices.IndexFunc(all, func(r clickhouse.Receipt) bool { return r.Fact == fact && r.Receipt == receipt })
	}
	all := eventually(p.T, func() []clickhouse.Receipt {
		return rows[clickhouse.Receipt](p.T, p.ask("order", order, "--receipts", "-o", "json"))
	}, func(all []clickhouse.Receipt) bool { return of(all) >= 0 })
	return all[of(all)]
}

// What the ERP refuses waits in the trash, is mended there by our name of the field, and goes on from where it failed.
func TestAnOrderThatTheERPRefusesIsMendedAndPlaced(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.set(`{"unknown_articles":["MUG-RAD"]}`)
	p.order("1", "MUG-RAD")
	if r := p.awaitReceipt("direct/1", "order", "rejected"); r.Code != "unknown_article" || r.Class != "business" {
		t.Errorf("receipt: %+v", r)
	}
	entry := rows[map[string]any](t, p.ask("trash", "list", "-o", "json"))[0]
	if entry["step"] != "gateway.erp" || entry["code"] != "unknown_article" || entry["order_id"] != "direct/1" || entry["party"] != "erp" || entry["state"] != schemas.TrashOpen {
		t.Errorf("entry: %v", entry)
	}
	cause := rows[clickhouse.Cause](t, p.ask("trash", "causes", "-o", "json"))[0]
	if cause.Step != "gateway.erp" || cause.Orders != 1 || cause.AtRisk["EUR"] != "29.97" || len(cause.Likely) == 0 || cause.Likely[0].Of != 1 {
		t.Errorf("cause: %+v", cause)
	}
	id := fmt.Sprint(entry["id"])
	if payload := p.ask("trash", "show", id, "--payload"); !strings.HasPrefix(payload, `{"customer":{`) || !strings.Contains(payload, `"sku":"MUG-RAD"`) {
		t.Errorf("the payload: %s", payload)
	}
	for _, wrong := range []string{`lines[0].sqk="MUG-RED"`, `lines[0].quantity="three"`, `order_id="direct/2"`} {
		cmd := program(t, "trash", "edit", id, "--set", wrong, "--why", "a slip", "--data", p.data)
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%s was taken: %s", wrong, out)
		}
	}
	p.ask("trash", "edit", id, "--set", `lines[0].sku="MUG-RED"`, "--set", `ship_to.postal_code="01067"`, "--retry", "--why", "misspelt")
	p.awaitReceipt("direct/1", "order", "confirmed")
	if effects := p.effects(); effects != "map[customers.create:{1 0} orders.create:{1 0}]" {
		t.Errorf("the ERP's books say %s", effects)
	}
	p.awaitNumber("SELECT count() AS n FROM receipts WHERE order_id = 'direct/1' AND kind = 'order'", 2)
	const kept = "SELECT attempt, outcome, code, exchanges_status[1] AS status, countEqual(arrayMap((s, h) -> lower(hex(SHA256(s))) = h, exchanges_sent, exchanges_sent_sha256), 0) AS other FROM receipts WHERE kind = 'order' ORDER BY at"
	if said := p.ask("sql", "-o", "json", kept); !strings.Contains(said, `"outcome":"failed","code":"unknown_article","status":422,"other":0`) || !strings.Contains(said, `"attempt":2,"outcome":"done"`) {
		t.Errorf("the receipts of its calls: %s", said)
	}
	closed := rows[map[string]any](t, p.ask("trash", "list", "--all", "-o", "json"))
	if len(closed) != 1 || closed[0]["state"] != schemas.TrashRepaired || closed[0]["why"] != "misspelt" {
		t.Errorf("the entry: %v", closed)
	}
	// As it was written and as it was mended: both are kept (item 16).
	p.awaitNumber(`SELECT countIf(position(value, '"postal_code":"1067"') > 0) AS n FROM trash WHERE trash_id = '`+id+`'`, 1)
	p.awaitNumber(`SELECT countIf(attempt = 2 AND arrayExists(s -> position(s, '01067') > 0, exchanges_sent)) AS n FROM receipts WHERE order_id = 'direct/1' AND kind = 'order'`, 1)
	if left := p.ask("sql", "-o", "json", "SELECT * FROM v_receipts_open"); left != "" {
		t.Errorf("receipts are open: %s", left)
	}
	landed(p.T, "--data", p.data)
}

// A call that is given up lets the next of its person go; a party that is paused is sent nothing.
func TestACallIsGivenUpAndAPartyPaused(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.set(`{"closed_until":"2026-12-31"}`)
	p.order("1", "MUG")
	p.awaitReceipt("direct/1", "order", "rejected")
	id := fmt.Sprint(rows[map[string]any](t, p.ask("trash", "list", "-o", "json"))[0]["id"])
	p.ask("trash", "dismiss", id, "--why", "sold at the till")
	p.awaitReceipt("direct/1", "order", "needless")
	p.ask("limits", "pause", "erp", "--why", "stocktaking")
	status := func() map[string]any {
		all := rows[map[string]any](t, p.ask("limits", "-o", "json"))
		return all[slices.IndexFunc(all, func(s map[string]any) bool { return s["party"] == "erp" })]
	}
	eventually(t, status, func(s map[string]any) bool { return s["paused"] == true && s["paused_why"] == "stocktaking" })
	p.set(`{}`)
	p.order("2", "MUG")
	p.awaitReceipt("direct/2", "customer", "pending")
	instance, err := embedded.Find(p.data)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() string { return get(t, instance.Ops+"/metrics") }, func(metrics string) bool {
		return strings.Contains(metrics, `waybill_gateway_paused{party="erp"} 1`) && strings.Contains(metrics, `waybill_gateway_held_calls{party="erp"} 1`)
	})
	p.ask("limits", "boost", "erp", "--order", "direct/2", "--for", "2h", "--why", "the buyer called", "--by", "ben", "--yes")
	first := func() waitingTask {
		return rows[waitingTask](t, p.ask("limits", "waiting", "erp", "--order", "direct/*", "-o", "json"))[0]
	}
	eventually(t, first, func(w waitingTask) bool {
		return w.OrderID == "direct/2" && w.By == "ben" && w.Why == "the buyer called" && w.Until != nil
	})
	eventually(t, status, func(s map[string]any) bool { return s["lifted"] == 1.0 && s["lifted_by"] == "ben" })
	p.ask("limits", "resume", "erp", "--why", "done")
	p.awaitReceipt("direct/2", "order", "confirmed")
	if text := p.ask("limits"); !strings.Contains(text, "erp") {
		t.Errorf("limits says %s", text)
	}
}
