package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// What has its label is late until a driver has it; he gets one list, and on that everything stands once.
func TestWhatIsLabelledIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	for _, ref := range []string{"1", "2", "3"} {
		p.parcelOrder(ref, schemas.StatusReady)
		erp.pack(erp.awaitOrder("direct/" + ref).ID)
	}
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 3)
	p.parcelOrder("3", schemas.StatusCancelled)
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/3' AND state = 'voided'", 1)
	list := func(args ...string) []clickhouse.Shipment {
		return rows[clickhouse.Shipment](t, p.ask(append([]string{"shipments", "-o", "json"}, args...)...))
	}
	if waiting := list("--carrier", "dhl"); len(waiting) != 2 || waiting[0].State != schemas.ShipmentLabelled || len(waiting[0].Numbers) != 1 {
		t.Errorf("waiting are %+v", waiting)
	}
	looked := rows[handedOver](t, p.ask("manifest", "--carrier", "dhl", "--dry-run", "-o", "json"))
	file := filepath.Join(t.TempDir(), "dhl.pdf")
	given := rows[handedOver](t, p.ask("manifest", "--carrier", "dhl", "--by", "ben", "--out", file, "-o", "json"))
	if len(looked) != 2 || len(given) != 2 || given[0].OrderID != "direct/1" || given[1].OrderID != "direct/2" || given[0].By != "ben" || given[0].Grams == 0 {
		t.Errorf("seen were %+v, handed over %+v", looked, given)
	}
	if pdf, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("the list: %v", err)
	}
	if again := p.ask("manifest", "--carrier", "dhl", "--by", "ben", "-o", "json"); again != "" {
		t.Errorf("handed over again: %s", again)
	}
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'handed_over' AND by = 'ben'", 2)
	if waiting := list(); len(waiting) != 0 {
		t.Errorf("still waiting are %+v", waiting)
	}
	if left := list("--all", "--state", schemas.ShipmentHandedOver); len(left) != 2 {
		t.Errorf("left have %+v", left)
	}
	refused, err := program(t, "label", "direct/1", "--out", file, "--data", p.data).CombinedOutput()
	if err == nil || !strings.Contains(string(refused), "the shipment has left") {
		t.Errorf("printed what has left: %v %s", err, refused)
	}
	landed(p.T, "--data", p.data)
	p.ask("prove", "labels")
}
