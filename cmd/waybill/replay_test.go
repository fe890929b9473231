package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// Invariant 4: whoever lets everybody read all of their input once more, from its beginning, gets no call at any party, and no other
// state (item 176). A deployment of another name has groups that have read nothing.
func TestReadingEverythingOnceMoreCallsNobodyAndChangesNoState(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	for n := range 20 {
		p.order(fmt.Sprint(n), "MUG")
	}
	const states = "SELECT order_id, revision, placement_order_ref, _offset FROM v_orders_placed ORDER BY order_id"
	before := eventually(t, func() string { return p.ask("sql", "-o", "json", states) }, func(s string) bool { return len(rows[any](t, s)) == 20 })
	landed(p.T, "--data", p.data) // all of it has landed
	calls := p.ask("sql", "-o", "json", "SELECT uniqExact(_partition, _offset) AS rows FROM ledger_erp WHERE task_order_id != ''")
	p.up.stop(t)

	given(t, "WAYBILL_DEPLOYMENT", "again")
	again := startPlacedOn(t, p.data)
	again.order("new", "MUG")
	again.awaitReceipt("direct/new", "order", "confirmed") // it is behind all that was read once more
	time.Sleep(2 * time.Second)
	if effects := again.effects(); effects != "map[customers.create:{1 0} orders.create:{1 0}]" { // it has forgotten its customers
		t.Errorf("the ERP's books say %s, want the new order alone", effects)
	}
	after := again.ask("sql", "-o", "json", "SELECT order_id, revision, placement_order_ref, _offset FROM v_orders_placed WHERE order_id != 'direct/new' ORDER BY order_id")
	if after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if rows := again.ask("sql", "-o", "json", "SELECT uniqExact(_partition, _offset) AS rows FROM ledger_erp WHERE task_order_id NOT IN ('', 'direct/new')"); rows != calls {
		t.Errorf("the ledger has %s rows, had %s", rows, calls)
	}
	again.awaitNumber("SELECT sum(orders) AS n FROM v_orders_per_minute", 21)
}

// effects are what the ERP was told to do, and did.
func (p *placed) effects() string {
	p.Helper()
	var books map[string]struct {
		Operations map[string]struct{ Effects, Repeated int } `json:"operations"`
	}
	if err := json.Unmarshal([]byte(get(p.T, p.admin+"books")), &books); err != nil {
		p.Fatal(err)
	}
	return fmt.Sprint(books["erp"].Operations)
}
