package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
)

// A carrier that has changed the form of its labels is noticed with the first of them, which is bought, kept and told as ever (item 96).
func TestACarrierThatHasChangedItsFormIsNoticed(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	form := filepath.Join(data, "labels", "layout", "dhl", schemas.LabelPDF, "0123456789abcdef") // as its labels looked for days
	if err := os.MkdirAll(filepath.Dir(form), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(form, []byte("0034"), 0o600); err != nil {
		t.Fatal(err)
	}
	last := time.Now().Add(-7 * 24 * time.Hour)
	if err := os.Chtimes(form, last, last); err != nil {
		t.Fatal(err)
	}
	p := startPlacedOn(t, data)
	erp := p.warehouse()
	for _, ref := range []string{"1", "2"} {
		p.parcelOrder(ref, schemas.StatusReady)
		erp.pack(erp.awaitOrder("direct/" + ref).ID)
		p.awaitNumber("SELECT count() AS n FROM shipments WHERE state = 'labelled' AND order_id = 'direct/"+ref+"'", 1)
	}
	warned := p.ask("sql", "-o", "json", "SELECT order_id FROM shipments WHERE state = 'labelled' AND arrayExists(w -> w LIKE 'its label looks like none of dhl before%', warnings)")
	if warned != `{"order_id":"direct/1"}`+"\n" {
		t.Errorf("warned of %s", warned)
	}
	if log := p.up.stderr.text(); strings.Count(log, "its label looks like none of dhl before") != 1 {
		t.Errorf("the log says\n%s", log)
	}
}
