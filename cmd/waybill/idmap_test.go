package main

import (
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// tells runs a command line that ends with a code.
func (p *placed) tells(code int, args ...string) (out, said string) {
	p.Helper()
	out, said, ended := instance{p.T, p.data}.try(args...)
	if ended != code {
		p.Errorf("waybill %s: exit %d, want %d\n%s%s", strings.Join(args, " "), ended, code, out, said)
	}
	return out, said
}

// A pair that is changed or taken away says first which orders in flight were read with it, and what it was at any time stays known.
func TestAPairIsChangedAndTakenAwayAndItsHistoryStays(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.ask("idmap", "put", "direct/MUG", "--sku", "MUG-RED", "--reason", "the first")
	p.order("1", "MUG")
	p.awaitNumber("SELECT count() AS n FROM v_fulfilment WHERE order_id = 'direct/1' AND open = 3", 1)

	put := []string{"idmap", "put", "direct/MUG", "--sku", "MUG-BLUE", "--reason", "it is blue"}
	if orders, said := p.tells(exitDone, append(put, "--preview", "-o", "json")...); orders != `{"order_id":"direct/1"}`+"\n" || !strings.Contains(said, "nothing was changed") {
		t.Errorf("the preview lists %s, and says %s", orders, said)
	}
	if is := p.ask("idmap", "get", "direct/MUG"); !strings.Contains(is, "MUG-RED") {
		t.Errorf("after a preview it is %s", is)
	}
	if is, said := p.tells(exitDone, put...); !strings.Contains(is, "MUG-BLUE") || !strings.Contains(said, "1 order in flight: direct/1\n") {
		t.Errorf("it is %s, and %s is said", is, said)
	}
	if _, said := p.tells(exitDone, put...); strings.Contains(said, "in flight") {
		t.Errorf("of what is no change: %s", said)
	}

	p.tells(exitUsage, "idmap", "remove", "direct/MUG")
	if _, said := p.tells(exitDone, "idmap", "remove", "direct/MUG", "--reason", "not sold any more", "--by", "dana"); !strings.Contains(said, "1 order in flight: direct/1\n") {
		t.Errorf("before it is taken away: %s", said)
	}
	if _, said := p.tells(exitFailed, "idmap", "get", "direct/MUG"); !strings.Contains(said, "there is no offer direct/MUG") {
		t.Errorf("of what is gone: %s", said)
	}
	p.tells(exitFailed, "idmap", "remove", "direct/MUG", "--reason", "again")
	landed(t, "--data", p.data)
	p.wantHistory()
	if said := p.ask("sql", "-o", "json", "SELECT summary FROM audit WHERE topic = 'id.catalogue' AND kind = 'unlinked'"); said != `{"summary":"dana has taken away direct/MUG: not sold any more"}`+"\n" {
		t.Errorf("the audit says %s", said)
	}
}

// wantHistory checks what the pair was, and what it was at each time that something was said.
func (p *placed) wantHistory() {
	p.Helper()
	history := []string{"idmap", "history", "direct/MUG", "-o", "json"}
	all := rows[clickhouse.PairChange](p.T, p.ask(history...))
	want := []string{"1 piece of MUG-RED|the first", "1 piece of MUG-BLUE|it is blue", "1 piece of MUG-BLUE|it is blue", "|not sold any more"}
	if len(all) != len(want) {
		p.Fatalf("the history: %+v", all)
	}
	for i, c := range all {
		if said := c.Was + "|" + c.Reason; said != want[i] || c.Removed != (i == 3) {
			p.Errorf("%d is %+v, want %s", i, c, want[i])
		}
		then := rows[clickhouse.PairChange](p.T, p.ask(append(history, "--at", c.At.String())...))
		if len(then) != 1 || then[0] != c {
			p.Errorf("at %s it was %+v, want %+v", c.At, then, c)
		}
	}
	before := all[0].At - 1
	p.tells(exitFailed, append(history, "--at", before.String())...)
}

// What the ERP has merged is one customer here too: the orders in flight are of the one, and whoever has one of the references, or our id of
// either, finds it.
func TestTwoCustomersThatAreMergedAreOne(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	sell := func(ref, email string, quantity int) {
		p.ask("feed", "--party", "direct", writeFile(t, fmt.Sprintf(`{"ref":%q,"source":"pos","placed_at":"2026-11-22T10:00:00+01:00","currency":"EUR","status":"ready",
			"ship_to":{"name":"Ana","street":"S 1","postal_code":"1067","city":"Dresden","country":"DE","email":%q},
			"lines":[{"sku":"MUG","quantity":%d,"unit_price":"9.99"}]}`, ref, email, quantity)))
	}
	sell("1", "ana@home.example", 3)
	sell("2", "ana@work.example", 3)
	customer := func(order string) string {
		return rows[map[string]string](t, p.ask("sql", "-o", "json", fmt.Sprintf("SELECT argMax(placement_customer_ref, _offset) AS customer FROM orders_placed WHERE order_id = '%s'", order)))[0]["customer"]
	}
	p.awaitNumber("SELECT count() AS n FROM v_orders_placed", 2)
	home, work := customer("direct/1"), customer("direct/2")
	ours := func(ref string) string {
		return rows[foundLink](t, p.ask("idmap", "get", "erp/"+ref, "--kind", "customer", "-o", "json"))[0].OurID
	}
	wasHome, wasWork := ours(home), ours(work)
	if home == work || wasHome == wasWork {
		t.Fatalf("they are one already: %s and %s", home, work)
	}

	merge := []string{"idmap", "merge", "erp/" + home, "erp/" + work}
	p.tells(exitUsage, merge...)
	p.tells(exitFailed, "idmap", "merge", "erp/"+home, "erp/none", "--reason", "a slip")
	if orders, _ := p.tells(exitDone, append(merge, "--preview", "-o", "json")...); orders != `{"order_id":"direct/1"}`+"\n" {
		t.Errorf("the preview lists %s", orders)
	}
	if _, said := p.tells(exitDone, append(merge, "--reason", "the same Ana")...); !strings.Contains(said, "1 order of "+home+" is said to be of "+work) {
		t.Errorf("it says %s", said)
	}
	if ours(home) != wasWork || ours(work) != wasWork {
		t.Errorf("%s is %s and %s is %s, want %s", home, ours(home), work, ours(work), wasWork)
	}
	for _, id := range []string{wasHome, wasWork} {
		if leads := p.ask("idmap", "get", "--our-id", id); !strings.Contains(leads, "erp/"+home) || !strings.Contains(leads, "erp/"+work) {
			t.Errorf("%s leads to %s", id, leads)
		}
	}
	sell("1", "ana@home.example", 2) // what the ERP is told later, it is told of the one
	p.awaitNumber("SELECT toInt64(count()) AS n FROM orders_placed WHERE order_id = 'direct/1' AND lines_quantity[1] = 2", 1)
	if now := customer("direct/1"); now != work {
		t.Errorf("after an amendment it is of %s, want %s", now, work)
	}
	p.tells(exitDone, append(merge, "--reason", "once more")...) // finds nothing left to move
	p.awaitNumber("SELECT toInt64(countIf(placement_customer_ref = '"+home+"')) AS n FROM v_orders_placed", 0)
}

// A tracking number that is taken away is followed no more; the step that follows parcels hears nothing bad of it.
func TestATrackingNumberThatIsTakenAwayIsFollowedNoMore(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	p.parcelOrder("1", schemas.StatusReady)
	erp.pack(erp.awaitOrder("direct/1").ID)
	p.awaitNumber("SELECT count() AS n FROM id_map WHERE kind = 'tracking' AND NOT _deleted", 1)
	number := rows[map[string]string](t, p.ask("sql", "-o", "json", "SELECT ref FROM v_links WHERE kind = 'tracking'"))[0]["ref"]
	if _, said := p.tells(exitDone, "idmap", "remove", "dhl/"+number, "--kind", "tracking", "--reason", "it is of another parcel"); !strings.Contains(said, "1 order in flight: direct/1\n") {
		t.Errorf("before it is taken away: %s", said)
	}
	p.awaitNumber("SELECT count() AS n FROM tracking_events WHERE number = '"+number+"' AND code = 'abandoned' AND ended", 1)
	p.tells(exitFailed, "idmap", "get", "dhl/"+number, "--kind", "tracking")
	if left := p.ask("trash", "list"); left != "" {
		t.Errorf("the trash has %s", left)
	}
}
