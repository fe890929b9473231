package main

import (
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
)

// A label that was taken back is followed until its invoice gives the money back, or a person says what became of it (item 102).
func TestTheMoneyOfALabelThatWasTakenBackIsSettled(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	erp := p.warehouse()
	for _, ref := range []string{"1", "2"} {
		p.parcelOrder(ref, schemas.StatusReady)
		erp.pack(erp.awaitOrder("direct/" + ref).ID)
	}
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 2)
	for _, ref := range []string{"1", "2"} {
		p.parcelOrder(ref, schemas.StatusCancelled)
	}
	p.awaitNumber("SELECT count() AS n FROM v_credits WHERE state = 'open'", 2)
	open := rows[clickhouse.Credit](t, p.ask("credits", "list", "-o", "json"))
	number := map[string]string{}
	for _, c := range open {
		number[c.OrderID] = c.Numbers[0]
	}
	if len(open) != 2 || open[0].Carrier != "dhl" || open[0].State != clickhouse.CreditOpen {
		t.Fatalf("it is owed %+v", open)
	}

	invoice := func(amounts ...string) string {
		var file strings.Builder
		file.WriteString("number,amount,currency\n")
		for _, amount := range amounts {
			fmt.Fprintf(&file, "%s,%s,EUR\n", number["direct/1"], amount)
		}
		return writeFile(t, file.String())
	}
	if out, _ := p.tells(exitDone, "prove", "labels", "--bills", invoice("5.00")); !strings.Contains(out, "taken back, and billed") {
		t.Errorf("of what is billed it says %s", out)
	}
	if _, said := p.tells(exitDone, "prove", "labels", "--bills", invoice("-5.00"), "-o", "json"); !strings.Contains(said, "direct/1#") || !strings.Contains(said, "is credited") {
		t.Errorf("of what is given back it says %s", said)
	}
	p.awaitNumber("SELECT count() AS n FROM v_credits WHERE state = 'credited' AND settled_by = 'prove labels'", 1)

	p.tells(exitUsage, "credits", "settle", "direct/2", "--charged")
	p.tells(exitFailed, "credits", "settle", "direct/1", "--charged", "--why", "too late, says DHL") // it is settled
	p.tells(exitDone, "credits", "settle", number["direct/2"], "--charged", "--why", "too late, says DHL", "--by", "dana")
	p.awaitNumber("SELECT count() AS n FROM v_credits WHERE state = 'charged' AND settled_by = 'dana' AND why = 'too late, says DHL'", 1)
	if left := p.ask("credits", "list"); left != "" {
		t.Errorf("still owed: %s", left)
	}
	if all := p.ask("credits", "list", "--all"); !strings.Contains(all, "credited") || !strings.Contains(all, "charged") {
		t.Errorf("all that was: %s", all)
	}
	if _, said := p.tells(exitFailed, "label", "direct/1", "--out", t.TempDir()); !strings.Contains(said, "taken back") {
		t.Errorf("a label that was credited: %s", said)
	}
	if story := p.ask("order", "direct/2"); !strings.Contains(story, "keeps the money") {
		t.Errorf("its story does not tell: %s", story)
	}
}
