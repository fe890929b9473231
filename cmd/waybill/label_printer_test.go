package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	sandboxprinter "waybill/internal/sandbox/printer"
	"waybill/schemas"
)

// station is a printer of the sandbox that is plugged in, and its place in a configuration.
func station(t *testing.T) (*sandboxprinter.Printer, string) {
	t.Helper()
	p := sandboxprinter.New(sandboxprinter.Options{})
	address, err := p.IPP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Unplug)
	return p, "ipp://" + address + "/ipp/print"
}

// A label comes out of its printer as soon as it is there, though the ERP and everybody else do not wait for that. While the printer is jammed it
// is printed elsewhere, and then not once more.
func TestALabelIsPrintedAtItsStationOrAtAnotherAndOnRecordOnceItIs(t *testing.T) {
	t.Parallel()
	one, first := station(t)
	two, second := station(t)
	config := filepath.Join(t.TempDir(), "waybill.yaml")
	err := os.WriteFile(config, fmt.Appendf(nil, `parties:
  direct: {}
  dhl: {carrier: dhl, settings: {print_at: pack-1}}
  pack-1: {printer: ipp, settings: {url: %q}}
  pack-2: {printer: ipp, settings: {url: %q}}
  pack-3: {printer: raw, settings: {url: "tcp://127.0.0.1:9"}}
`, first, second), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	u := startUp(t, data, "--config", config)
	p := &placed{T: t, up: u, data: data, admin: regexp.MustCompile(`at (http://\S+/admin/)`).FindStringSubmatch(u.stderr.text())[1]}
	erp := p.warehouse()
	packed := func(ref string) {
		p.parcelOrder(ref, schemas.StatusReady)
		erp.pack(erp.awaitOrder("direct/" + ref).ID)
		eventually(t, func() int { return len(erp.awaitOrder("direct/" + ref).Tracking) }, func(n int) bool { return n == 1 })
	}
	refused := func(want string, args ...string) {
		t.Helper()
		out, err := program(t, append([]string{"label", "direct/1", "--data", data, "--config", config, "--wait", "300ms"}, args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("got %v %s", err, out)
		}
	}
	one.Jam()
	packed("1")
	refused("media-jam-error). It was not printed", "--printer", "pack-1")
	refused("printer takes zpl", "--printer", "pack-3")
	refused("there are: pack-1, pack-2, pack-3", "--printer", "pack-9")
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'labelled'", 1)
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'printed'", 0)
	elsewhere := rows[printedLabel](t, p.ask("label", "direct/1", "--config", config, "--printer", "pack-2", "--by", "ben", "-o", "json"))[0]
	if elsewhere.Copy != "ORIGINAL" || elsewhere.Printer != "pack-2" || strings.Join(two.Printed(), " ") != elsewhere.SHA256 {
		t.Errorf("got %+v, printed %v", elsewhere, two.Printed())
	}
	p.awaitNumber("SELECT count() AS n FROM ledger_pack_1 WHERE task_kind = 'print' AND state = 'dropped'", 1)
	one.Mend()
	packed("2")
	p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'printed'", 2)
	again := rows[printedLabel](t, p.ask("label", "direct/2", "--config", config, "--printer", "pack-1", "-o", "json"))[0]
	if printed := one.Printed(); again.Copy != "REPRINT 1" || len(printed) != 2 || printed[0] != again.SHA256 || printed[1] != again.SHA256 {
		t.Errorf("got %+v, printed %v", again, printed)
	}
	for _, id := range []string{"direct/2", "direct/2#" + strings.SplitN(again.ShipmentID, "#", 2)[1], again.Number} {
		slip := rows[printedSlip](t, p.ask("label", id, "--slip", "--config", config, "--printer", "pack-2", "-o", "json"))[0]
		if slip.OrderID != "direct/2" || len(slip.Shipments) != 1 || slip.Shipments[0] != again.ShipmentID || slip.Bytes == 0 {
			t.Errorf("%s: got %+v", id, slip)
		}
	}
	if printed := two.Printed(); len(printed) != 4 || printed[1] != printed[2] || printed[1] != printed[3] {
		t.Errorf("printed %v", printed)
	}
	p.parcelOrder("3", schemas.StatusReady)
	p.awaitNumber("SELECT count() AS n FROM orders_normalized WHERE order_id = 'direct/3'", 1)
	file := filepath.Join(t.TempDir(), "slip.pdf")
	p.ask("label", "direct/3", "--slip", "--out", file)
	if slip, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(slip), "%PDF-") {
		t.Errorf("the slip of what is not packed yet: %v", err)
	}
	landed(p.T, "--data", p.data)
}
