package main

import (
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// A payment that is refused is told to the shop within a minute of when it was heard of, once; where nobody is to be told it stands with the
// order why not. Nothing else is done about either (item 15).
func TestARefusedPaymentIsToldToTheChannelOrItStandsThereWhyNot(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_POLL_EVERY_SECONDS", "2")
	p := startPlaced(t)
	var refused []string
	for sold := 60; len(refused) < 2; sold += 60 { // how many are not paid yet is chance
		if status, said := post(t, p.admin+"shopify/orders?count=60", ""); status >= 300 {
			t.Fatalf("sell: %d %s", status, said)
		}
		p.awaitNumber(fmt.Sprintf("SELECT count() >= %d AS n FROM v_orders_current WHERE party = 'shopify'", sold), 1)
		_, said := post(t, fmt.Sprint(p.admin, "shopify/refusals?count=", 2-len(refused)), "")
		refused = append(refused, rows[map[string][]string](t, said)[0]["refused"]...)
	}
	p.orderAs("till", "MUG", "unpaid")
	p.awaitNumber("SELECT uniqExact(order_id) AS n FROM orders_acknowledged WHERE party = 'shopify' AND state = 'rejected' AND at <= due", len(refused))
	if b := p.books("shopify").Operations["orders.cancel"]; b.Effects != len(refused) || b.Repeated != 0 {
		t.Errorf("the shop's books say %+v", b)
	}
	for _, ref := range refused {
		receipt := p.awaitReceipt("shopify/"+ref, "reject", "confirmed")
		if receipt.Participant != "shopify" {
			t.Errorf("it is told %+v", receipt)
		}
		p.awaitNumber(fmt.Sprintf("SELECT count() AS n FROM v_orders_current WHERE order_id = 'shopify/%s' AND status = 'cancelled'", ref), 1)
	}
	p.awaitNumber("SELECT count() AS n FROM receipts WHERE order_id = 'direct/till' AND kind = 'reject' AND outcome = 'not_accepted' AND code = 'payment_refused'", 1)
	if line := p.ask("order", "direct/till"); !strings.Contains(line, "who sent the order has said so") {
		t.Errorf("its timeline says\n%s", line)
	}
	ids := "'direct/till', 'shopify/" + strings.Join(refused, "', 'shopify/") + "'"
	if n := p.number("SELECT count() AS n FROM v_receipts WHERE participant = 'erp' AND order_id IN (" + ids + ")"); n != 0 {
		t.Errorf("the ERP was told of %d of them", n)
	}
	p.orderAs("till", "MUG", schemas.StatusReady) // paid at last
	p.awaitNumber("SELECT count() AS n FROM orders_placed WHERE order_id = 'direct/till'", 1)
	if entries := p.ask("trash", "list", "-o", "json"); entries != "" {
		t.Errorf("in the trash: %v", rows[clickhouse.Receipt](t, entries))
	}
}
