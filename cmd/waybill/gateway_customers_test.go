package main

import (
	"fmt"
	"path/filepath"
	"testing"
)

// Who orders again is not asked for again, as long as what was booked for them is taken (item 37).
func TestTheERPIsAskedOnceForABuyerWhoOrdersAgain(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int][]int{600: {1, 0, 0, 1}, 0: {1, 1, 1, 1}} {
		t.Run(fmt.Sprint(seconds, " seconds"), func(t *testing.T) {
			t.Parallel()
			given(t, "WAYBILL_ERP_CUSTOMERS_KNOWN_SECONDS", fmt.Sprint(seconds))
			p := startPlacedOn(t, filepath.Join(t.TempDir(), "data"))
			p.set(`{"unknown_articles":["MUG-RAD"]}`)
			for i, sku := range []string{"MUG", "MUG", "MUG-RAD", "MUG"} {
				id := fmt.Sprint("direct/", i)
				p.order(fmt.Sprint(i), sku)
				outcome := "confirmed"
				if sku == "MUG-RAD" { // whom it was booked for may be why it is refused
					outcome = "rejected"
				}
				p.awaitReceipt(id, "order", outcome)
				p.awaitNumber("SELECT count() AS n FROM receipts WHERE kind = 'customer' AND outcome = 'done' AND order_id = '"+id+"'", 1)
				asked := rows[map[string]int](t, p.ask("sql", "-o", "json", "SELECT notEmpty(exchanges_status) AS asked FROM receipts WHERE kind = 'customer' AND order_id = '"+id+"'"))[0]["asked"]
				if asked != want[i] {
					t.Errorf("the ERP was asked whom %s is for: %d, want %d", id, asked, want[i])
				}
			}
			if got := p.ask("sql", "-o", "json", "SELECT toUInt32(uniqExact(placement_customer_ref)) AS customers FROM v_orders_placed"); got != `{"customers":1}`+"\n" {
				t.Errorf("their orders are of %s", got)
			}
		})
	}
}
