package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded"
	"waybill/schemas"
)

// Where somebody at the ERP has an order go, it goes, whatever the channel says later: that is not written there, and it is counted (item 43);
// and what somebody takes out of it there is not in its shipment.
func TestAnAddressThatIsChangedAtTheERPIsOnTheLabelAndIsNotOverwritten(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	p.parcelOrder("1", schemas.StatusReady)
	id := erp.awaitOrder("direct/1").ID
	p.awaitNumber("SELECT count() AS n FROM orders_placed WHERE order_id = 'direct/1'", 1)
	began := time.Now().UnixMilli()
	erp.do(http.MethodPut, "/orders/"+id, `{"lines":[{"article":"MUG","quantity":"3","unit_price":"9.99"}],
		"ship_to":{"name":"Cy Blum","street":"Am Alten Markt 3","postal_code":"53111","city":"Bonn","country":"DE"}}`, nil)
	p.awaitNumber(fmt.Sprintf("SELECT countIf(toUnixTimestamp64Milli(received_at) - %d <= 5000) AS n FROM erp_raw WHERE order_id = 'direct/1' AND kind = 'edited'", began), 1)

	p.ask("feed", "--party", "direct", writeFile(t, `{"ref":"1","source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR","status":"ready",
		"ship_to":{"name":"Ana Weiß","street":"Hauptstraße 7","postal_code":"53113","city":"Bonn","country":"DE","email":"ana@example.com"},
		"lines":[{"sku":"MUG","quantity":4,"unit_price":"9.99"}]}`))
	p.awaitReceipt("direct/1", "amend", "confirmed")
	p.awaitNumber("SELECT count() AS n FROM receipts WHERE order_id = 'direct/1' AND kind = 'amend' AND outcome = 'not_accepted' AND code = 'changed_at_the_erp'", 1)
	var stands struct {
		Lines  []schemas.Sold
		ShipTo schemas.Destination `json:"ship_to"`
	}
	if erp.do(http.MethodGet, "/orders/"+id, "", &stands); stands.ShipTo.Street != "Am Alten Markt 3" || stands.Lines[0].Quantity != "4" {
		t.Errorf("it stands at the ERP as %+v", stands)
	}
	instance, err := embedded.Find(p.data)
	if err != nil {
		t.Fatal(err)
	}
	if metrics := get(t, instance.Ops+"/metrics"); !strings.Contains(metrics, `waybill_field_writes_refused_total{field="destination",party="direct"} 1`) {
		t.Error("nobody counted it")
	}
	erp.do(http.MethodPut, "/orders/"+id, `{"lines":[{"article":"MUG","quantity":"1","unit_price":"9.99"}],
		"ship_to":{"name":"Cy Blum","street":"Am Alten Markt 3","postal_code":"53111","city":"Bonn","country":"DE"}}`, nil)
	erp.pack(id) // three have no saucer
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 1)
	p.awaitNumber("SELECT countIf(lines_quantity = [1]) AS n FROM shipments WHERE state = 'requested'", 1)
	counts := rows[clickhouse.LineCount](t, p.ask("order", "direct/1", "--lines", "-o", "json"))
	if want := (clickhouse.LineCount{LineRef: "1", SKU: "MUG", Ordered: 4, Open: 4, InShipment: 1, State: schemas.FulfilmentOpen}); len(counts) != 1 || counts[0] != want {
		t.Errorf("its pieces are %+v, want %+v", counts, want)
	}
	if said := p.ask("order", "direct/1"); !strings.Contains(said, "\npieces: open\n") {
		t.Errorf("for people it says\n%s", said)
	}
	p.ask("feed", "--party", "woocommerce", writeFile(t, string(recorded(t, "woocommerce/testdata/edge.partly-refunded.json", "4717", "4717"))))
	p.awaitNumber("SELECT count() AS n FROM v_refunds WHERE NOT exceeds", 1)
	if said := p.ask("order", "woocommerce/4717", "--lines"); !strings.Contains(said, "\npaid back: 20.00 of 40.00 EUR\n") {
		t.Errorf("of what was paid back it says\n%s", said)
	}
	p.awaitNumber("SELECT countIf(to_street = 'Am Alten Markt 3' AND to_name = 'Cy Blum' AND to_email = 'ana@example.com') AS n FROM shipments WHERE state = 'requested'", 1)
}

// Whoever cancels an order at the ERP has it rejected at its channel, with the reason that was settled for that.
func TestAnOrderThatIsCancelledAtTheERPIsRejectedAtItsChannel(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_PARTIES_KAUFLAND_SETTINGS_ERP_CANCEL_REASON", "NoInventory")
	p := startPlaced(t)
	p.subscribe("order_new")
	p.sell(15)
	const accepted = `SELECT order_id FROM v_orders_current WHERE party = 'kaufland' AND status = 'ready' AND fulfilled_by = 'seller'
		AND order_id IN (SELECT order_id FROM orders_acknowledged WHERE state = 'accepted') ORDER BY order_id LIMIT 1`
	type chosen struct {
		ID string `json:"order_id"`
	}
	id := eventually(t, func() []chosen { return rows[chosen](t, p.ask("sql", "-o", "json", accepted)) }, func(found []chosen) bool { return len(found) == 1 })[0].ID
	erp := p.warehouse()
	erp.do(http.MethodPost, "/orders/"+erp.awaitOrder(id).ID+"/cancel", "", nil)
	p.awaitReceipt(id, "reject", "confirmed")
	if b := p.books("kaufland").Operations["order-units.cancel"]; b.Effects == 0 || b.Repeated != 0 {
		t.Errorf("Kaufland's books say %+v", b)
	}
	p.awaitNumber(fmt.Sprintf("SELECT count() AS n FROM v_orders_current WHERE order_id = '%s' AND status = 'cancelled'", id), 1)
	if entries := p.ask("trash", "list", "-o", "json"); entries != "" {
		t.Errorf("in the trash: %s", entries)
	}
}
