package main

import (
	"strings"
	"testing"

	"waybill/internal/embedded"
)

// An order that nobody placed goes through everything, and neither a party nor a figure knows of it.
func TestASyntheticOrderGoesThroughEverythingAndNobodyHearsOfIt(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_SYNTHETIC_EVERY_SECONDS", "3")
	p := startPlaced(t)
	p.order("1", "MUG")
	p.awaitReceipt("direct/1", "order", "confirmed")
	instance, err := embedded.Find(p.data)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() string { return get(t, instance.Ops+"/metrics") }, func(metrics string) bool {
		return strings.Contains(metrics, "waybill_synthetic_order_seconds ") && !strings.Contains(metrics, "waybill_synthetic_order_seconds 0\n")
	})
	p.awaitNumber("SELECT count() > 0 AND countIf(placement_order_ref != 'rehearsed' OR length(warnings_code) > 0) = 0 ? 1 : 0 AS n FROM v_orders_placed WHERE party = 'synthetic'", 1)
	p.awaitNumber("SELECT sum(orders) AS n FROM v_orders_per_minute", 1)
	p.awaitNumber("SELECT uniqExact(party) AS n FROM v_orders_per_minute", 1)
	if books := get(t, p.admin+"books"); strings.Contains(strings.ToLower(books), "synthetic") || strings.Count(books, `"effects":1`) != 2 {
		t.Errorf("the ERP's books: %s", books)
	}
	if trash := p.ask("trash", "list", "-o", "json"); trash != "" {
		t.Errorf("the trash: %s", trash)
	}
	landed(p.T, "--data", p.data)
}
