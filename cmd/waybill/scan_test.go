package main

import (
	"path/filepath"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// What is packed gets no label until it was scanned and is what is to be in it, where that is required (item 98).
func TestNothingGetsALabelUntilItsScanFits(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_PARTIES_DIRECT_SETTINGS_SCANS", "required")
	p := startPlaced(t)
	erp := p.warehouse()
	p.ask("idmap", "put", "direct/MUG", "--sku", "MUG", "--ean", "4006381333931")
	p.parcelOrder("1", schemas.StatusReady)
	erp.pack(erp.awaitOrder("direct/1").ID)
	held := func(reason string) {
		t.Helper()
		p.awaitNumber("SELECT count() AS n FROM (SELECT argMax((state, reason), _offset) AS stands FROM shipments WHERE order_id = 'direct/1' AND state != 'scanned') WHERE stands.1 = 'held' AND stands.2 = '"+reason+"'", 1)
	}
	held("not_scanned")
	for _, wrong := range [][]string{{"scan", "direct/1"}, {"scan", "direct/1", "MUG=none"}, {"scan", "direct/1", "=2"}} {
		p.tells(exitUsage, wrong...)
	}
	p.tells(exitFailed, "scan", "direct/none", "MUG")
	p.tells(exitFailed, "scan", "direct/1", "--from", "nowhere.txt")

	for range 2 { // whoever scans is answered
		if out, said := p.tells(exitFailed, "scan", "direct/1", "MUG=2", "TEA", "--by", "ben", "-o", "json"); strings.Count(out, "\n") != 2 ||
			!strings.Contains(out, `"code":"TEA","pieces":1,"state":"held","reason":"scan_mismatch"`) || !strings.Contains(said, "gets no label: what was scanned is not what is to be in it: not scanned: 1 × MUG; not in it: 1 × TEA") {
			t.Errorf("it prints %s, and says %s", out, said)
		}
	}
	held("scan_mismatch")
	listed := rows[clickhouse.Shipment](t, p.ask("shipments", "-o", "json"))
	if len(listed) != 1 || !strings.Contains(listed[0].Text, "not scanned: 1 × MUG; not in it: 1 × TEA") {
		t.Errorf("the list says %+v", listed)
	}
	if _, said := p.tells(exitDone, "scan", "direct/1", "--from", writeFile(t, "4006381333931\r\nMUG\n\n04006381333931\n"), "--by", "ben"); !strings.Contains(said, "its label is asked for") {
		t.Errorf("what fits: %s", said)
	}
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/1' AND state = 'labelled'", 1)
	if _, said := p.tells(exitFailed, "scan", "direct/1", "MUG"); !strings.Contains(said, "the label that was bought stays") {
		t.Errorf("what does not fit after its label: %s", said)
	}
	p.awaitNumber("SELECT uniqExact(generation) AS n FROM shipments WHERE order_id = 'direct/1' AND state IN ('booked', 'labelled')", 1)
	if story := p.ask("order", "direct/1"); !strings.Contains(story, "was scanned by ben: 3 pieces of 2 codes") {
		t.Errorf("its story does not tell: %s", story)
	}
}

// What was scanned before the ERP says that it is packed waits for that, and is on no packing slip.
func TestAScanMayComeBeforeItsShipment(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	p.parcelOrder("1", schemas.StatusReady)
	ref := erp.awaitOrder("direct/1").ID
	if out, said := p.tells(exitDone, "scan", "direct/1#"+ref, "TEA", "-o", "json"); strings.Contains(out, "state") || !strings.Contains(said, "does not say yet that shipment direct/1#"+ref+" is packed") {
		t.Errorf("it prints %s, and says %s", out, said)
	}
	file := filepath.Join(t.TempDir(), "slip.pdf")
	if slip := rows[printedSlip](t, p.ask("label", "direct/1", "--slip", "--out", file, "-o", "json"))[0]; len(slip.Shipments) != 0 {
		t.Errorf("the slip of the order is of %v", slip.Shipments)
	}
	if _, said := p.tells(exitFailed, "label", "direct/1#"+ref, "--slip", "--out", file); !strings.Contains(said, "the ERP does not say that it is packed") {
		t.Errorf("the slip of the shipment: %s", said)
	}
	erp.pack(ref)
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/1' AND state = 'held' AND reason = 'scan_mismatch'", 1)
	p.tells(exitDone, "scan", "direct/1", "MUG=3")
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/1' AND state = 'labelled'", 1)
	p.up.kill()
	if _, said := p.tells(exitPartial, "scan", "direct/1", "MUG=3"); !strings.Contains(said, "is the pipeline running?") {
		t.Errorf("where nobody runs: %s", said)
	}
}
