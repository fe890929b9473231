package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
	"waybill/topics"
)

// warehouse is the ERP of an instance's sandbox, as those see it who pack.
func (p *placed) warehouse() *erpAlone {
	p.Helper()
	all := rows[[]sandboxserver.Access](p.T, get(p.T, p.admin+"parties"))[0]
	at := slices.IndexFunc(all, func(a sandboxserver.Access) bool { return a.Party == topics.ERP })
	return &erpAlone{p.T, all[at].URL, all[at].Made["token"], p.admin}
}

// parcelOrder is an order that goes to a door in Germany.
func (p *placed) parcelOrder(ref, status string) {
	p.Helper()
	p.parcelOrderOf("MUG", ref, status)
}

func (p *placed) parcelOrderOf(sku, ref, status string) {
	p.Helper()
	p.ask("feed", "--party", "direct", writeFile(p.T, fmt.Sprintf(`{"ref":%q,"source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR","status":%q,
		"ship_to":{"name":"Ana Weiß","street":"Sträßchensweg 10","postal_code":"53113","city":"Bonn","country":"DE","email":"ana@example.com"},
		"lines":[{"sku":%q,"quantity":3,"unit_price":"9.99"}]}`, ref, status, sku)))
}

// What is packed is bought once and kept, whatever is killed; its number stands in the ERP; and it is printed again without the carrier, as often
// as anybody wants, until its order is cancelled: then it is taken back, and printed no more.
func TestALabelIsBoughtOnceKeptToldAndPrintedAgain(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	for _, ref := range []string{"1", "2"} {
		p.parcelOrder(ref, schemas.StatusReady)
		erp.pack(erp.awaitOrder("direct/" + ref).ID)
	}
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 2)
	eventually(t, func() int { return len(erp.awaitOrder("direct/1").Tracking) }, func(n int) bool { return n == 1 })
	number := erp.awaitOrder("direct/1").Tracking[0]["number"]

	bills := p.books("dhl").Operations["orders.create"]
	if bills.Effects != 2 || bills.Repeated != 0 {
		t.Errorf("DHL bills %+v", bills)
	}
	folder := t.TempDir()
	first := rows[printedLabel](t, p.ask("label", "direct/1", "--out", filepath.Join(folder, "a.pdf"), "--by", "ben", "-o", "json"))[0]
	again := rows[printedLabel](t, p.ask("label", number, "--out", filepath.Join(folder, "b.pdf"), "--by", "ben", "--station", "pack-3", "--why", "the printer jammed", "-o", "json"))[0]
	one, err := os.ReadFile(first.File)
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(again.File)
	if err != nil || string(one) != string(two) || !strings.HasPrefix(string(one), "%PDF-") {
		t.Errorf("%d and %d bytes were printed: %v", len(one), len(two), err)
	}
	if first.Copy != "ORIGINAL" || again.Copy != "REPRINT 1" || first.Number != number {
		t.Errorf("printed %+v, then %+v", first, again)
	}
	if after := p.books("dhl").Operations["orders.create"]; after.Effects != bills.Effects {
		t.Errorf("printing bought %+v", after)
	}
	p.parcelOrder("1", schemas.StatusCancelled)
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/1' AND state = 'voided'", 1)
	refused, err := program(t, "label", "direct/1", "--out", filepath.Join(folder, "c.pdf"), "--data", p.data).CombinedOutput()
	if err == nil || !strings.Contains(string(refused), "it was taken back: its order is cancelled") {
		t.Errorf("printed what was taken back: %v %s", err, refused)
	}
	if timeline := p.ask("order", "direct/1"); !strings.Contains(timeline, "shipment_labelled") || !strings.Contains(timeline, "REPRINT 1 at pack-3") {
		t.Errorf("the timeline lacks it:\n%s", timeline)
	}
	landed(p.T, "--data", p.data)
	p.ask("prove", "labels")
}
