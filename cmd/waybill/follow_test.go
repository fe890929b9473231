package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
)

// followSoon has carriers asked for each parcel once a second, and a day of the parcels pass in one.
func (p *placed) followSoon() {
	p.Helper()
	p.put("parcels", fmt.Sprintf(`{"day":"1s","hooks":%q}`, p.doors()))
}

// doors is where they are.
func (p *placed) doors() string {
	p.Helper()
	doors := regexp.MustCompile(`waybill is up at (http://[0-9.:]+)`).FindStringSubmatch(p.up.stderr.text())
	if doors == nil {
		p.Fatalf("up does not say where its doors are:\n%s", p.up.stderr.text())
	}
	return doors[1]
}

// What becomes of a parcel is heard of by pushes and, where those never come, by asking; the ERP knows of it, and so does whoever looks at the order.
func TestAParcelIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_TRACKING_EVERY_SECONDS", "1")
	p := startPlaced(t)
	erp := p.warehouse()
	p.parcelOrder("1", schemas.StatusReady)
	erp.pack(erp.awaitOrder("direct/1").ID)
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 1)
	if asked := rows[clickhouse.ParcelEvent](t, p.ask("track", "direct/1", "--by", "anna", "-o", "json")); len(asked) != 1 || asked[0].Status != schemas.ParcelCreated {
		t.Errorf("before it has left: %+v", asked)
	}
	p.put("faults", `{"rules":[{"party":"dhl","operation":"push","fault":"omit","probability":0.3}]}`)
	p.followSoon()
	p.awaitNumber("SELECT count() AS n FROM orders_delivery WHERE ended", 1)
	events := rows[clickhouse.ParcelEvent](t, p.ask("track", "direct/1", "--by", "anna", "-o", "json", "--wait", "5s"))
	last := events[len(events)-1]
	if len(events) < 4 || !last.Ended || !slices.Contains([]string{schemas.ParcelDelivered, schemas.ParcelReturned}, last.Standing) {
		t.Errorf("in the end: %+v", events)
	}
	eventually(t, func() string { return erp.awaitOrder("direct/1").Tracking[0]["status"] }, func(status string) bool { return status == last.Standing })
	timeline := p.ask("order", "direct/1")
	for _, wanted := range []string{"parcel_" + schemas.ParcelCreated, "parcel_" + last.Standing, "delivery_" + last.Standing, "not_accepted"} {
		if !strings.Contains(timeline, wanted) {
			t.Errorf("the timeline has no %s:\n%s", wanted, timeline)
		}
	}
	landed(p.T, "--data", p.data)
}

// A shipment of the real ERP is done when its parcel is delivered, and not before.
func TestAShipmentIsDoneInTrytonWhenItsParcelIsDelivered(t *testing.T) {
	given(t, "WAYBILL_TRACKING_EVERY_SECONDS", "1")
	m := startMerchant(t)
	parties, admin := startSandboxAlone(t)
	settings := map[string]string{"url": parties["dhl"].URL, "token_url": parties["dhl"].Login}
	maps.Copy(settings, parties["dhl"].Made)
	maps.Copy(settings, lentSender)
	for setting, value := range settings {
		given(t, config.SettingVariable("dhl", setting), value)
	}
	given(t, config.SettingVariable("direct", processors.SettingShipWith), "DE=dhl:V01PAK")
	data := filepath.Join(t.TempDir(), "data")
	p := &placed{T: t, up: startUp(t, data), data: data, admin: admin}
	const orders = 3 // one in thirty comes back, or is lost
	for i := range orders {
		p.parcelOrderOf("MUG-RED", fmt.Sprint(i), schemas.StatusReady)
	}
	shipments := within(t, 3*time.Minute, func() []map[string]any {
		return m.records("stock.shipment.out", []any{[]any{"state", "=", "waiting"}}, "state")
	}, func(all []map[string]any) bool { return len(all) == orders })
	for _, s := range shipments {
		m.pack(s["id"])
	}
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", orders)
	if done := m.records("stock.shipment.out", []any{[]any{"state", "=", "done"}}, "state"); len(done) > 0 {
		t.Errorf("they are done before they have left: %v", done)
	}
	p.followSoon()
	p.awaitNumber("SELECT count() AS n FROM orders_delivery WHERE status = 'delivered'", orders)
	within(t, 2*time.Minute, func() []map[string]any {
		return m.records("stock.shipment.out", []any{[]any{"state", "=", "done"}}, "reference")
	}, func(done []map[string]any) bool { return len(done) == orders })
	if said := p.ask("sql", "-o", "json", "SELECT count() AS n FROM shipments WHERE state IN ('recalled', 'voided')"); !strings.Contains(said, `"n":"0"`) && !strings.Contains(said, `"n":0`) {
		t.Errorf("what the ERP repeats of our own word has taken something back: %s", said)
	}
}

// pack packs a shipment into one parcel of a weight, as the people in the warehouse do.
func (m *merchant) pack(shipment any) {
	m.Helper()
	of := "stock.shipment.out," + fmt.Sprint(shipment)
	m.do("stock.shipment.out.assign_try", []any{shipment})
	m.do("stock.shipment.out.pick", []any{shipment})
	moves := m.records("stock.move", []any{[]any{"shipment", "=", of}, []any{"to_location.type", "=", "customer"}}, "product")
	units := m.records("product.uom", []any{[]any{"symbol", "=", "kg"}}, "symbol")
	m.do("stock.package.create", []any{map[string]any{
		"type": 1, "shipment": of, "moves": []any{[]any{"add", []any{moves[0]["id"]}}}, "packaging_weight": 0.5, "packaging_weight_uom": units[0]["id"],
	}})
	user := m.records("res.user", []any{[]any{"login", "=", "waybill"}}, "login")[0]["id"]
	m.do("res.user.warning.create", []any{map[string]any{"user": user, "name": "shipment_out_no_carrier_" + of, "always": false}})
	m.do("stock.shipment.out.pack", []any{shipment})
}
