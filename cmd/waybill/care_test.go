package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	sandboxserver "waybill/internal/sandbox/server"
)

// dhlSays pushes what happened to a parcel, as DHL does.
func (p *placed) dhlSays(number, at, code, words string) {
	p.Helper()
	all := rows[[]sandboxserver.Access](p.T, get(p.T, p.admin+"parties"))[0]
	made := all[slices.IndexFunc(all, func(a sandboxserver.Access) bool { return a.Party == "dhl" })].Made
	body := fmt.Sprintf(`{"id":%q,"service":"parcel-de","status":{"timestamp":%q,"statusCode":"transit","status":%q,"description":%q}}`, number, at, code, words)
	request, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.doors()+"/tracking/dhl", strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	request.Header.Set(made["push_header"], made["push_secret"])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		p.Fatalf("the push was answered %s", answer.Status)
	}
}

// What is wrong with a parcel is an entry of the trash, once however often it is said, until the parcel has arrived all the same.
func TestADamagedParcelIsLookedAfterOnceUntilItHasArrived(t *testing.T) {
	t.Parallel()
	given(t, "WAYBILL_TRACKING_EVERY_SECONDS", "0") // its carrier's books know nothing of the damage
	p := startPlaced(t)
	erp := p.warehouse()
	p.parcelOrder("1", "ready")
	erp.pack(erp.awaitOrder("direct/1").ID)
	p.awaitNumber("SELECT uniqExactIf(order_id, state = 'labelled') AS n FROM shipments", 1)
	number := fmt.Sprint(rows[map[string]any](t, p.ask("sql", "-o", "json", "SELECT arrayJoin(parcels_number) AS number FROM shipments WHERE state = 'labelled'"))[0]["number"])
	p.dhlSays(number, "2099-01-01T10:00:00", "AA", "picked up") // after everything that the sandbox says
	troubles := func() []map[string]any {
		return rows[map[string]any](t, p.ask("trash", "list", "--class", "trouble", "-o", "json"))
	}
	p.dhlSays(number, "2099-01-01T11:00:00", "BV", "Die Sendung wurde beschädigt.")
	p.dhlSays(number, "2099-01-01T12:00:00", "BV", "Die Sendung wurde beschädigt, wir verpacken sie neu.")
	entries := eventually(t, troubles, func(all []map[string]any) bool { return len(all) == 1 })
	if text := fmt.Sprint(entries[0]); !strings.Contains(text, "damaged") || !strings.Contains(text, number) || !strings.Contains(text, "direct/1") {
		t.Errorf("it says %s", text)
	}
	p.dhlSays(number, "2099-01-02T10:00:00", "ZU", "Delivered")
	eventually(t, troubles, func(all []map[string]any) bool { return len(all) == 0 })
	p.awaitNumber("SELECT uniqExact(trash_id) AS n FROM trash WHERE class = 'trouble'", 1)
	p.awaitNumber("SELECT uniqExact(_partition, _offset) AS n FROM tracking_events WHERE trouble = 'damaged'", 2)
	landed(p.T, "--data", p.data)
}
