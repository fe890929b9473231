package clickhouse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// bought is a label: what it is called by us and by its carrier, what was quoted for it, and its parcels.
func bought(order, carrier, reference string, quoted int64, numbers ...string) *schemas.Shipment {
	s := said(order, schemas.ShipmentLabelled, 1, 1, 1, numbers...)
	s.Carrier, s.Reference, s.BookingRef = carrier, reference, "B-"+reference
	if quoted > 0 {
		s.Quotes = []schemas.ShipmentQuote{{Carrier: carrier, Price: schemas.Money{Minor: quoted, Currency: "EUR"}, By: new(noon)}, {Carrier: "gls", Price: schemas.Money{Minor: 9_00, Currency: "EUR"}}}
	}
	return s
}

func bill(row int, number, reference, charge string, minor int64) clickhouse.Bill {
	return clickhouse.Bill{Row: row, Number: number, Reference: reference, Charge: charge, Amount: schemas.Money{Minor: minor, Currency: "EUR"}}
}

// proven are the rows of all proofs of bills.
func (h *house) proven() (found []string) {
	h.t.Helper()
	for _, query := range clickhouse.ProofsOfBills {
		err := h.Query(h.t.Context(), query, func(columns []string, values []any) error {
			found = append(found, fmt.Sprint(columns[0], ": ", values[0], ": ", values[1]))
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return found
}

func TestAnInvoiceIsHeldAgainstLabelsAndQuotes(t *testing.T) {
	h := migrated(t)
	h.write(block(topics.Shipments, 0, 0,
		bought("allegro/fine", "dhl", "WB-FINE", 5_00, "D1"), bought("allegro/dear", "dhl", "WB-DEAR", 5_00, "D2"), bought("allegro/twice", "dhl", "WB-TWICE", 0, "D3"),
		bought("allegro/later", "dhl", "WB-LATER", 0, "D4"), bought("allegro/two", "dhl", "WB-TWO", 0, "D5", "D6"), bought("allegro/elsewhere", "ups", "WB-UPS", 0, "1Z1"),
		bought("allegro/back", "dhl", "WB-BACK", 0, "D7"), said("allegro/back", schemas.ShipmentVoided, 1, 1, 1), bought("allegro/credited", "dhl", "WB-CREDIT", 0, "D8"),
		said("allegro/pending", schemas.ShipmentBooked, 1, 1, 1),
	))
	if found := h.proven(); len(found) != 0 {
		t.Fatalf("nobody has billed anything: %v", found)
	}
	november := []clickhouse.Bill{
		bill(2, "D1", "", "freight", 4_00), bill(3, "D1", "", "toll", 1_00), // as quoted, in two rows
		bill(4, "", "WB-DEAR", "freight", 5_00), bill(5, "D2", "", "surcharge", 1_90),
		bill(6, "D3", "", "", 6_00), bill(7, "", "B-WB-TWICE", "", 6_00), // by its number, and by the carrier's name of it
		bill(8, "D9", "WB-NOBODY", "", 6_00), bill(9, "D5", "", "", 6_00), bill(10, "D6", "", "", 6_00), bill(11, "D7", "", "", 6_00),
		bill(12, "D8", "", "", 6_00), bill(13, "D8", "", "", -6_00), bill(14, "D8", "", "", 6_00),
	}
	for range 2 { // who reads a file again has it once
		if err := h.AddBills(t.Context(), strings.Repeat("a", 64), "november.csv", november, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"wrong: billed, and no label is known: D9: row 8 of november.csv",
		"wrong: billed twice: D3 of allegro/twice#17: 6 EUR in row 6 of november.csv, 6 EUR in row 7 of november.csv",
		"noted: taken back, and billed: D7 of allegro/back#17: 6 EUR",
		"noted: no invoice has it yet: D4 of allegro/later#17, dhl",
		"noted: billed above its quote: allegro/dear#17@1: quoted 5 EUR, billed 6.9 EUR (freight 5, surcharge 1.9)",
	}
	if diff := cmp.Diff(want, h.proven()); diff != "" {
		t.Errorf("november (-want +got):\n%s", diff)
	}
	// The next month bills what was late, and one more time what was paid.
	if err := h.AddBills(t.Context(), strings.Repeat("b", 64), "december.csv", []clickhouse.Bill{bill(2, "D4", "", "", 6_00), bill(3, "D1", "", "freight", 4_00)}, time.Now()); err != nil {
		t.Fatal(err)
	}
	again := h.proven()
	if got := strings.Join(again, "\n"); strings.Contains(got, "D4") || !strings.Contains(got, "billed twice: D1 of allegro/fine#17, freight: 4 EUR in row 2 of november.csv, 4 EUR in row 3 of december.csv") {
		t.Errorf("december: got\n%s", got)
	}
}

// What was taken back is listed until it is settled, with what its invoices say; a label that was never bought, or stands, is not.
func TestALabelThatWasTakenBackIsListedUntilItIsSettled(t *testing.T) {
	h := migrated(t)
	settled := said("allegro/kept", schemas.ShipmentCharged, 1, 1, 1)
	settled.By, settled.Why = "dana", "too late"
	h.write(block(topics.Shipments, 0, 0,
		bought("allegro/back", "dhl", "WB-BACK", 0, "D7"), said("allegro/back", schemas.ShipmentVoided, 1, 1, 1),
		bought("allegro/kept", "dhl", "WB-KEPT", 0, "D8"), said("allegro/kept", schemas.ShipmentVoided, 1, 1, 1), settled,
		bought("allegro/stands", "dhl", "WB-STANDS", 0, "D9"), said("allegro/never", schemas.ShipmentVoided, 1, 1, 1),
	))
	bills := []clickhouse.Bill{bill(2, "D7", "", "", 6_00), bill(3, "D7", "", "", -6_00), bill(4, "D8", "", "", 6_00)}
	if err := h.AddBills(t.Context(), strings.Repeat("a", 64), "november.csv", bills, time.Now()); err != nil {
		t.Fatal(err)
	}
	credits := func(id string, settledToo bool) (found []string) {
		all, err := h.Credits(t.Context(), id, settledToo)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			found = append(found, fmt.Sprint(c.ShipmentID, " ", c.Numbers, " ", c.State, " ", c.By, " ", c.Why, " ", c.Billed, " ", c.GivenBack))
		}
		return found
	}
	back, kept := "allegro/back#17 [D7] open   0 true", "allegro/kept#17 [D8] charged dana too late 6 false"
	if diff := cmp.Diff([]string{back}, credits("", false)); diff != "" {
		t.Error("what is open (-want +got):\n", diff)
	}
	if diff := cmp.Diff([]string{back, kept}, credits("", true)); diff != "" {
		t.Error("all (-want +got):\n", diff)
	}
	for id, want := range map[string][]string{"D7": {back}, "allegro/back": {back}, "allegro/back#17": {back}, "B-WB-BACK": {back}, "D8": nil, "D9": nil} {
		if diff := cmp.Diff(want, credits(id, false)); diff != "" {
			t.Errorf("of %s (-want +got):\n%s", id, diff)
		}
	}
}
