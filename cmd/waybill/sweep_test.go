package main

import (
	"net/http"
	"strings"
	"testing"
)

// Orders of which no push ever came are found by the sweep, each once, and named (item 10).
func TestOrdersThatNobodyToldOfAreFound(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_SWEEP_EVERY_SECONDS", "8")
	given(t, "WAYBILL_POLL_EVERY_SECONDS", "-1")
	p := startPlaced(t)
	p.subscribe("order_new")
	p.put("faults", `{"rules":[{"party":"kaufland","operation":"push","fault":"omit","probability":0.3}]}`)
	const sold = 40 // at all storefronts: of one, the pushes are wanted
	p.sell(sold)
	p.awaitNumber("SELECT count() AS n FROM v_orders_current WHERE party = 'kaufland'", sold)
	p.awaitNumber("SELECT uniqExactIf(order_id, form != 'notice') AS n FROM orders_raw", sold)
	const silent = "(SELECT order_id FROM orders_raw GROUP BY order_id HAVING countIf(form = 'notice') = 0)" // of whom no push ever came
	if n := p.number("SELECT count() AS n FROM " + silent); n == 0 {
		t.Error("every push came")
	}
	if n := p.number("SELECT countIf(order_id NOT IN (SELECT order_id FROM v_missed)) AS n FROM " + silent); n != 0 {
		t.Errorf("%d of which nobody told are not named as missed", n)
	}
	p.awaitNumber("SELECT countIf(order_id NOT IN (SELECT order_id FROM missing WHERE what = 'notice' AND state = 'missing')) AS n FROM "+silent, 0)
	p.awaitNumber("SELECT countIf(order_id NOT IN (SELECT order_id FROM missing WHERE what = 'notice' AND state = 'came')) AS n FROM "+silent, 0)
	if open := p.ask("missing", "--what", "notice", "-o", "json"); open != "" {
		t.Errorf("though all have come, there are missing: %s", open)
	}
	if n := p.number("SELECT count() AS n FROM (SELECT order_id FROM orders_raw WHERE order_id IN " + silent + " GROUP BY order_id HAVING uniqExact(_partition, _offset) > 1)"); n != 0 {
		t.Errorf("%d were fetched twice", n)
	}
	sweeps := rows[struct{ Receipt, State string }](t, p.ask("sql", "-o", "json", "SELECT receipt, state FROM v_calls_kaufland WHERE task_kind = 'sweep'"))
	for _, s := range sweeps {
		if s.State == "done" && !strings.Contains(s.Receipt, `"listed":`) {
			t.Errorf("a sweep says %+v", s)
		}
	}
	landed(p.T, "--data", p.data)
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
