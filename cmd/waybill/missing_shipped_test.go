package main

import (
	"regexp"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/internal/embedded"
	"waybill/schemas"
)

// A parcel has its label, and its channel does not hear of it: an alert says so within seconds, and ends when the channel has (item 94).
func TestAParcelThatItsChannelDoesNotConfirmRaisesAnAlertUntilItDoes(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_EXPECT_SHIPPED_SECONDS", "2")
	p := startPlaced(t)
	p.subscribe("order_new")
	const sold = "FROM v_orders_placed WHERE party = 'kaufland' AND status = 'ready' AND fulfilled_by = 'seller' AND ship_to_country = 'DE'"
	for p.number("SELECT count() AS n "+sold) == 0 {
		pushed := p.sell(10)
		p.awaitNumber("SELECT count() AS n FROM v_calls_kaufland WHERE task_kind = 'fetch' AND state = 'done'", pushed)
		p.awaitNumber("SELECT count() AS n FROM v_orders_placed WHERE party = 'kaufland'", p.number("SELECT countIf(status IN ('ready', 'shipped')) AS n FROM v_orders_current"))
	}
	order := rows[struct {
		ID string `json:"order_id"`
	}](t, p.ask("sql", "-o", "json", "SELECT min(order_id) AS order_id "+sold))[0].ID
	p.ask("limits", "pause", "kaufland", "--why", "they are down")
	erp := p.warehouse()
	erp.pack(erp.awaitOrder(order).ID)

	instance, err := embedded.Find(p.data)
	if err != nil {
		t.Fatal(err)
	}
	alert := func(late string) {
		t.Helper()
		shown := regexp.MustCompile(`(?m)^waybill_missing_late\{party="kaufland",what="shipped"\} (\d+)$`)
		eventually(t, func() string {
			if found := shown.FindStringSubmatch(get(t, instance.Ops+"/metrics")); found != nil {
				return found[1]
			}
			return "none"
		}, func(got string) bool { return got == late })
	}
	alert("1")
	late := rows[clickhouse.Missing](t, p.ask("missing", "--what", "shipped", "--late", "-o", "json"))
	if len(late) != 1 || late[0].OrderID != order || late[0].Party != "kaufland" || late[0].Reason != "ship pending" || late[0].Due-late[0].Since != 2000 {
		t.Errorf("missing is %+v", late)
	}
	if line := p.ask("order", order); !strings.Contains(line, "kaufland has not confirmed a parcel's number in time") {
		t.Errorf("its timeline does not say so:\n%s", line)
	}
	p.ask("limits", "resume", "kaufland", "--why", "they are back")
	p.awaitReceipt(order, "ship", "confirmed")
	alert("none")
	p.awaitNumber("SELECT countIf(state = '"+schemas.StateCame+"') AS n FROM missing WHERE what = 'shipped'", 1)
	landed(p.T, "--data", p.data)
}
