package main

import (
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/internal/sandbox/ledger"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
	"waybill/topics"
)

// books are what a party of the sandbox did.
func (p *placed) books(party string) ledger.Books {
	p.Helper()
	return rows[map[string]ledger.Books](p.T, get(p.T, p.admin+"books"))[0][party]
}

// An order is accepted at its channel once the ERP has it: once, by the channel's own books, whatever is delivered again.
func TestEveryOrderIsAcceptedAtItsChannelOnce(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_POLL_EVERY_SECONDS", "2")
	p := startPlaced(t)
	const sold = 60
	p.sellAtAllegro(sold)
	const ready = "(SELECT order_id FROM v_orders_current WHERE party = 'allegro' AND status IN ('ready', 'shipped'))"
	p.payTogether(sold)
	p.awaitNumber("SELECT countIf(state = 'done' AND task_kind = 'fetch') + countIf(state = 'dropped' AND task_kind = 'fetch') >= 60 AS n FROM v_calls_allegro", 1)
	p.awaitNumber("SELECT count() - (SELECT uniqExact(order_id) FROM orders_acknowledged WHERE state = 'accepted') AS n FROM "+ready, 0)
	b := p.books("allegro").Operations["checkout-forms.fulfillment"]
	if b.Effects == 0 || b.Repeated != 0 {
		t.Errorf("the books say %+v", b)
	}
	if entries := p.ask("trash", "list", "-o", "json"); entries != "" {
		t.Errorf("in the trash: %s", entries)
	}
	late := p.number("SELECT countIf(state = 'accepted' AND at > due) AS n FROM orders_acknowledged")
	if left := p.number("SELECT count() AS n FROM v_missing"); late != 0 || left != 0 {
		t.Errorf("%d accepted too late, %d things are missing", late, left)
	}
	landed(p.T, "--data", p.data)
}

func (p *placed) sellAtAllegro(orders int) {
	p.Helper()
	if status, said := post(p.T, fmt.Sprintf("%sallegro/orders?count=%d", p.admin, orders), ""); status >= 300 {
		p.Fatalf("sell: %d %s", status, said)
	}
}

// payTogether pays two orders at Allegro that are not paid yet: both vanish there, and another has their goods.
func (p *placed) payTogether(sold int) {
	p.Helper()
	for last := 2; last <= sold; last++ {
		for n := 1; n < last; n++ {
			if status, _ := post(p.T, fmt.Sprintf("%sallegro/payments?orders=%d,%d", p.admin, n, last), ""); status < 300 {
				return
			}
		}
		if last == sold && sold < 300 { // chance has none among these
			p.sellAtAllegro(10)
			sold += 10
		}
	}
	p.Fatal("no two orders can be paid together")
}

// A person takes one piece out of an order: the channel hears it of that piece, and the ERP what is left.
func TestAPieceThatIsRejectedReachesTheChannelAndTheERP(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.subscribe("order_new")
	p.sell(40)
	const several = `SELECT order_id AS id, lines_line_ref[1] AS line, toInt64(arraySum(lines_quantity)) AS pieces FROM v_orders_current
		WHERE party = 'kaufland' AND status = 'ready' AND fulfilled_by = 'seller' AND arraySum(lines_quantity) > 1 AND arraySum(lines_cancelled) = 0 ORDER BY id LIMIT 1`
	type chosen struct {
		ID, Line string
		Pieces   int64
	}
	order := eventually(t, func() []chosen { return rows[chosen](t, p.ask("sql", "-o", "json", several)) }, func(found []chosen) bool { return len(found) == 1 })[0]
	p.awaitNumber(fmt.Sprintf("SELECT count() AS n FROM orders_placed WHERE order_id = '%s'", order.ID), 1)
	said := rows[clickhouse.Receipt](t, p.ask("reject", order.ID, "--reason", "NoInventory", "--line", order.Line+"=1", "--why", "the last one is broken", "-o", "json"))
	if len(said) != 1 || said[0].Receipt != "confirmed" || said[0].Fact != "reject" {
		t.Fatalf("it says %+v", said)
	}
	if b := p.books("kaufland").Operations["order-units.cancel"]; b.Effects != 1 {
		t.Errorf("Kaufland's books say %+v", b)
	}
	p.awaitNumber(fmt.Sprintf("SELECT toInt64(arraySum(lines_cancelled)) AS n FROM v_orders_current WHERE order_id = '%s'", order.ID), 1)
	p.awaitNumber(fmt.Sprintf("SELECT count() AS n FROM v_receipts WHERE order_id = '%s' AND fact = 'amend' AND receipt = 'confirmed'", order.ID), 1)
	if b := p.books("erp").Operations["orders.amend"]; b.Effects != 1 {
		t.Errorf("the ERP's books say %+v", b)
	}
	if said, code := tell(t, "reject", order.ID, "--reason", "NoInventory", "--line", "nobody's", "--data", p.data); code != exitUsage || !strings.Contains(said, order.Line) {
		t.Errorf("of a line that is not there: exit %d, %s", code, said)
	}
}

// A cancellation undoes what is there and drops what is not: at the ERP the order is cancelled or never comes; what is packed is for somebody
// to intercept.
func TestACancellationReachesTheERPAtEveryStage(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_ERP_CUSTOMERS_KNOWN_SECONDS", "0") // all is one buyer's, and one order is to wait for whom it is for
	p := startPlaced(t)
	cancel := func(ref string) { p.orderAs(ref, "MUG", schemas.StatusCancelled) }
	p.order("early", "MUG")
	p.awaitNumber("SELECT count() AS n FROM orders_placed WHERE order_id = 'direct/early'", 1)
	cancel("early")
	p.awaitNumber("SELECT count() AS n FROM v_receipts WHERE order_id = 'direct/early' AND fact = 'cancel' AND receipt = 'confirmed'", 1)

	p.put("faults", `{"rules":[{"party":"erp","operation":"customers.find","fault":"down","probability":1}]}`)
	p.order("never", "MUG")
	p.awaitNumber("SELECT count() AS n FROM v_receipts WHERE order_id = 'direct/never' AND receipt IN ('pending', 'sent')", 1)
	cancel("never")
	p.awaitNumber("SELECT count() AS n FROM orders_normalized WHERE order_id = 'direct/never' AND status = 'cancelled'", 1)
	p.put("faults", `{"rules":[]}`)
	p.awaitNumber("SELECT count() AS n FROM v_receipts WHERE order_id = 'direct/never' AND receipt = 'needless'", 2)

	p.order("late", "MUG")
	p.awaitNumber("SELECT count() AS n FROM orders_placed WHERE order_id = 'direct/late'", 1)
	p.pack("direct/late")
	cancel("late")
	entries := eventually(t, func() []map[string]any {
		return rows[map[string]any](t, p.ask("trash", "list", "--class", "intercept", "-o", "json"))
	}, func(entries []map[string]any) bool { return len(entries) == 1 })
	if e := entries[0]; e["order_id"] != "direct/late" || e["code"] != "too_late" {
		t.Errorf("it is to be intercepted: %v", e)
	}
	b := p.books("erp").Operations
	if b["orders.create"].Subjects != 2 || b["orders.cancel"].Effects != 1 {
		t.Errorf("the ERP booked %+v and cancelled %+v", b["orders.create"], b["orders.cancel"])
	}
}

// pack is what the people at the ERP do before a parcel leaves.
func (p *placed) pack(orderID string) {
	p.Helper()
	for _, party := range rows[[]sandboxserver.Access](p.T, get(p.T, p.admin+"parties"))[0] {
		if party.Party == topics.ERP {
			e := &erpAlone{p.T, party.URL, party.Made["token"], p.admin}
			e.pack(e.awaitOrder(orderID).ID)
		}
	}
}
