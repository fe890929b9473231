package main

import (
	"net/http"
	"strings"
	"testing"
)

// Orders of which no push ever came are found by the sweep, each once, and named (item 10).
func TestOrdersThatNobodyToldOfAreFound(t *testing.T) {
	t.Setenv("WAYBILL_SWEEP_EVERY_SECONDS", "8")
	p := startPlaced(t)
	p.subscribe("order_new")
	p.put("faults", `{"rules":[{"party":"kaufland","operation":"push","fault":"omit","probability":0.3}]}`)
	sold := p.sell(40)
	p.awaitNumber("SELECT count() AS n FROM v_orders_current WHERE party = 'kaufland'", sold)
	p.awaitNumber("SELECT uniqExactIf(order_id, form != 'notice') AS n FROM orders_raw", sold)
	missed := p.number("SELECT count() AS n FROM v_missed")
	pushed := p.number("SELECT uniqExact(order_id) AS n FROM orders_raw WHERE form = 'notice'")
	if missed == 0 || missed != sold-pushed {
		t.Errorf("%d sold, %d pushed, %d are named as missed", sold, pushed, missed)
	}
	if twice := p.ask("sql", "-o", "json", "SELECT order_id FROM orders_raw WHERE form != 'notice' GROUP BY order_id HAVING uniqExact(_partition, _offset) > 1"); twice != "" {
		t.Errorf("fetched twice:\n%s", twice)
	}
	sweeps := rows[struct{ Receipt, State string }](t, p.ask("sql", "-o", "json", "SELECT receipt, state FROM v_calls_kaufland WHERE task_kind = 'sweep'"))
	for _, s := range sweeps {
		if s.State == "done" && !strings.Contains(s.Receipt, `"listed":`) {
			t.Errorf("a sweep says %+v", s)
		}
	}
	p.ask("verify")
}

// put changes something of the sandbox.
func (p *placed) put(what, body string) {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), http.MethodPut, p.admin+what, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	if said := read(p.T, answer); answer.StatusCode >= 300 {
		p.Fatalf("%s: %d %s", what, answer.StatusCode, said)
	}
}
