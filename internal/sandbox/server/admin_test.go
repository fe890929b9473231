package server

import (
	"encoding/json"
	"strings"
	"testing"

	"waybill/internal/sandbox/fault"
)

func TestFaultsAreShownAsTheyWerePut(t *testing.T) {
	w := build(t, Options{Faults: "light"})
	a, err := w.ask("GET", "/admin/faults", "")
	var shown faultsShown
	if err == nil {
		err = json.Unmarshal([]byte(a.body), &shown)
	}
	light, _ := fault.Mix("light")
	if err != nil || len(shown.Rules) != len(light) || len(shown.Operations["erp"]) != 10 || len(shown.Operations["kaufland"]) != 18 {
		t.Fatalf("%v: %s", err, a.body)
	}
	w.use(always(fault.Down, 0))
	if _, err := w.order("R"); err != nil {
		t.Fatal(err)
	}
	a, _ = w.ask("GET", "/admin/faults", "")
	if !strings.Contains(a.body, `"erp orders.create down":1`) {
		t.Error(a.body)
	}
}

func TestWrongRequestsToTheAdminAreRefusedAndChangeNothing(t *testing.T) {
	w := build(t, Options{Faults: "light"})
	before := w.server.faults()
	for _, body := range []string{
		"", "{}", "null", "[]", `{"mix":"light","rules":[]}`, `{"mix":"storm"}`, `{"more":1}`, `{"mix":"heavy"}{}`, `{"mix":"heavy"}}`,
		`{"rules":[{"party":"crm","operation":"*","fault":"down","probability":1}]}`, `{"rules":[{"party":"*","operation":"*","fault":"down","probability":2}]}`,
		`{"rules":[` + strings.Repeat(`{"party":"*","operation":"*","fault":"down","probability":1},`, fault.RulesMax) + `{"party":"*","operation":"*","fault":"down","probability":1}]}`,
		strings.Repeat(" ", adminBytesMax+1),
	} {
		if a, err := w.ask("PUT", "/admin/faults", body); err != nil || a.status != 400 || !strings.Contains(a.body, `"error"`) {
			t.Errorf("%.80q: %+v, %v", body, a, err)
		}
	}
	if after := w.server.faults(); len(after.Rules) != len(before.Rules) {
		t.Errorf("%+v", after.Rules)
	}
	for path, want := range map[string]int{
		"/admin/books/crm/effects": 404, "/admin/books/erp/effects?after=x": 404, "/admin/nosuch": 404, "/nosuch": 404,
	} {
		if a, err := w.ask("GET", path, ""); err != nil || a.status != want {
			t.Errorf("%s: %+v, %v", path, a, err)
		}
	}
	for _, count := range []string{"", "0", "-1", "x", "10001"} {
		if a, err := w.ask("POST", "/admin/kaufland/orders?count="+count, ""); err != nil || a.status != 400 {
			t.Errorf("count %q: %+v, %v", count, a, err)
		}
	}
}

func TestTheERPsSettingsAndSalesAreChangedFromOutside(t *testing.T) {
	w := build(t, Options{}).opened()
	if a, err := w.ask("PUT", "/admin/erp", `{"finds_repeats":true,"closed_until":"2026-10-31","blocked_customers":["C-7"],"unknown_articles":[]}`); err != nil || a.status != 200 {
		t.Fatal(a, err)
	}
	if a, _ := w.ask("PUT", "/admin/erp", `{"closed_until":"never"}`); a.status != 400 {
		t.Error(a)
	}
	if a, _ := w.ask("GET", "/admin/erp", ""); !strings.Contains(a.body, `"finds_repeats":true`) {
		t.Error(a)
	}
	_, _ = w.order("R")
	if a, err := w.order("R"); err != nil || a.status != 409 {
		t.Error(a, err)
	}
	if a, err := w.ask("POST", "/admin/kaufland/orders?count=3", ""); err != nil || a.status != 200 {
		t.Error(a, err)
	}
	a, err := w.ask("GET", "/admin/books/kaufland/effects?after=1", "")
	if lines := strings.Count(a.body, "\n"); err != nil || lines != 2 || !strings.Contains(a.body, `"operation":"market.sell"`) {
		t.Error(a, err)
	}
}

func TestThePageShowsFaultsAndBooks(t *testing.T) {
	w := build(t, Options{Faults: "heavy"})
	w.use(always(fault.Drop, 0.25))
	_, _ = w.customer("<script>@example.com")
	_, _ = w.order("R<script>")
	a, err := w.ask("GET", "/admin/", "")
	if err != nil || a.status != 200 || !strings.Contains(a.body, "orders.create") || !strings.Contains(a.body, "0.25") || strings.Contains(a.body, "<script>") {
		t.Error(a, err)
	}
	if a.header.Get("Content-Security-Policy") == "" {
		t.Error("the page may load anything")
	}
}
