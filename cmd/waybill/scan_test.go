package main

import (
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

	if out, said := p.tells(exitDone, "scan", "direct/1", "MUG=2", "TEA", "--by", "ben", "-o", "json"); strings.Count(out, "\n") != 2 || !strings.Contains(out, `"code":"TEA","pieces":1`) || !strings.Contains(said, "on record") {
		t.Errorf("it prints %s, and says %s", out, said)
	}
	held("scan_mismatch")
	listed := rows[clickhouse.Shipment](t, p.ask("shipments", "-o", "json"))
	if len(listed) != 1 || !strings.Contains(listed[0].Text, "not scanned: 1 × MUG; not in it: 1 × TEA") {
		t.Errorf("the list says %+v", listed)
	}
	p.ask("scan", "direct/1", "--from", writeFile(t, "4006381333931\r\nMUG\n\n04006381333931\n"))
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE order_id = 'direct/1' AND state = 'labelled'", 1)
	if story := p.ask("order", "direct/1"); !strings.Contains(story, "was scanned by ben: 3 pieces of 2 codes") {
		t.Errorf("its story does not tell: %s", story)
	}
}
