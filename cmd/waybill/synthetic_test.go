package main

import (
	"fmt"
	"strings"
	"testing"

	"waybill/internal/embedded"
)

// An order that nobody placed goes through everything, and neither a party nor a figure knows of it.
func TestASyntheticOrderGoesThroughEverythingAndNobodyHearsOfIt(t *testing.T) {
	t.Setenv("WAYBILL_SYNTHETIC_EVERY_SECONDS", "3")
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
	placed := rows[map[string]any](t, p.ask("sql", "-o", "json", "SELECT order_id, placement_order_ref AS ref, length(warnings_code) AS warnings FROM v_orders_placed WHERE party = 'synthetic'"))
	if len(placed) == 0 || placed[0]["ref"] != "rehearsed" || fmt.Sprint(placed[0]["warnings"]) != "0" {
		t.Errorf("placed: %v", placed)
	}
	for _, c := range []struct{ what, query string }{
		{"the chart of orders", "SELECT sum(orders) AS n FROM v_orders_per_minute"},
		{"its accounts", "SELECT uniq(party) AS n FROM v_orders_per_minute"},
	} {
		if got := fmt.Sprint(rows[map[string]any](t, p.ask("sql", "-o", "json", c.query))[0]["n"]); got != "1" {
			t.Errorf("%s: %s", c.what, got)
		}
	}
	if books := get(t, p.admin+"books"); strings.Contains(strings.ToLower(books), "synthetic") || strings.Count(books, `"effects":1`) != 2 {
		t.Errorf("the ERP's books: %s", books)
	}
	if trash := p.ask("trash", "list", "-o", "json"); trash != "" {
		t.Errorf("the trash: %s", trash)
	}
	p.ask("verify")
}
