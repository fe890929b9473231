package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waybill/internal/config"
	"waybill/processors"
)

// What UPS has to prove a delivery is asked for once, kept by its hash, and given to whoever says why; that stands in the timeline.
func TestWhatProvesADeliveryIsKeptAndWhoTakesItOutIsOnRecord(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_TRACKING_EVERY_SECONDS", "1")
	given(t, config.SettingVariable("direct", processors.SettingShipWith), "DE=ups:11")
	p := startPlaced(t)
	erp := p.warehouse()
	const orders = 3 // one in twenty comes back, or is lost
	for i := range orders {
		p.parcelOrder(fmt.Sprint(i), "ready")
		erp.pack(erp.awaitOrder(fmt.Sprintf("direct/%d", i)).ID)
	}
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", orders)
	out := filepath.Join(t.TempDir(), "proofs")
	if said, err := program(t, "proof", "direct/0", "--out", out, "--by", "anna", "--why", "w", "--data", p.data).CombinedOutput(); err == nil || !strings.Contains(string(said), "it is not delivered") {
		t.Errorf("before it has left: %v, %s", err, said)
	}
	p.followSoon()
	eventually(t, func() int {
		return p.number("SELECT uniqExact(order_id) AS n FROM tracking_events WHERE notEmpty(proofs_kind)")
	}, func(n int) bool { return n > 0 })
	order := fmt.Sprint(rows[map[string]any](t, p.ask("sql", "-o", "json", "SELECT any(order_id) AS id FROM tracking_events WHERE notEmpty(proofs_kind)"))[0]["id"])
	taken := rows[takenProof](t, p.ask("proof", order, "--out", out, "--by", "anna", "--why", "the buyer asks", "-o", "json"))
	var kinds []string
	for _, one := range taken {
		kinds = append(kinds, one.Kind)
		if content, err := os.ReadFile(one.File); err != nil || int64(len(content)) != one.Bytes {
			t.Errorf("%+v: %d bytes, %v", one, len(content), err)
		}
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"document", "signature"}) || !strings.HasSuffix(taken[len(taken)-1].File, ".gif") {
		t.Errorf("%+v", taken)
	}
	eventually(t, func() string { return p.ask("order", order) }, func(timeline string) bool { return strings.Contains(timeline, "code viewed") })
	p.awaitNumber(fmt.Sprintf("SELECT uniqExactIf(task_task_id, task_kind = 'proof') AS n FROM ledger_ups WHERE task_order_id = '%s'", order), 1)
	landed(t, "--data", p.data)
}
