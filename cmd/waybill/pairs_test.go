package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/clickhouse"
)

// An instance whose Allegro orders must have pairs, from the order that is parked to the one that goes on.
func TestAnOrderWaitsForItsPairAndGoesOnByItself(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	config := writeFile(t, "parties:\n  allegro:\n    settings: {pairs: required}\n  direct: {}\n")
	startUp(t, data, "--config", config)
	at := func(args ...string) []string { return append(args, "--data", data, "--config", config) }

	payloads := ask(t, "simulate", "--channel", "allegro", "--orders", "3", "--seed", "5")
	ask(t, at("feed", "--party", "allegro", writeFile(t, payloads))...)
	list := at("idmap", "waiting", "-o", "json")
	waiting := eventually(t, func() []waitingPair { return rows[waitingPair](t, ask(t, list...)) },
		func(all []waitingPair) bool { return orders(all) == 3 })

	// What is like it is suggested: the same title at another offer.
	ask(t, at("idmap", "put", "allegro/elsewhere", "--sku", "LIKE-IT", "--title", waiting[0].Title)...)
	suggested := eventually(t, func() []waitingPair { return rows[waitingPair](t, ask(t, list...)) },
		func(all []waitingPair) bool { return len(all[0].Suggestions) > 0 })
	if s := suggested[0].Suggestions[0]; s.SKU != "LIKE-IT" || s.Why != "title" || s.Score < 0.8 {
		t.Errorf("suggested %+v", s)
	}

	began := time.Now()
	for _, m := range waiting {
		ask(t, at("idmap", "put", "allegro/"+m.OfferRef, "--sku", "OURS-"+m.OfferRef, "--reason", "a test")...)
	}
	eventually(t, func() string { return ask(t, at("trash", "list")...) }, func(list string) bool { return list == "" })
	t.Logf("all went on %s after the first pair came", time.Since(began))
	landed(t, at()...)
	noOrphans(t, at()...)
	lines := ask(t, at("sql", "-o", "json", "SELECT toUInt32(countIf(empty(c))) AS without FROM (SELECT arrayJoin(lines_components_sku) AS c FROM orders_normalized FINAL)")...)
	if lines != `{"without":0}`+"\n" {
		t.Errorf("lines without an article: %s", lines)
	}
	history := rows[map[string]any](t, ask(t, at("idmap", "history", "allegro/"+waiting[0].OfferRef, "-o", "json")...))
	if len(history) != 1 || history[0]["reason"] != "a test" || history[0]["was"] != "1 piece of OURS-"+waiting[0].OfferRef {
		t.Errorf("history: %v", history)
	}
}

// noOrphans checks that every record that is named as a cause lands. A row of a table is none: it has no place on a timeline. What is
// under way still, such as a call at the ERP, may land before its cause.
func noOrphans(t testing.TB, at ...string) {
	t.Helper()
	eventually(t, func() string {
		return ask(t, append([]string{"sql", "-o", "json", `SELECT topic, order_id, cause FROM audit WHERE cause != '' AND cause NOT LIKE 'table.%'
		AND cause NOT IN (SELECT concat(topic, '/', toString(partition), '/', toString(offset)) FROM audit)`}, at...)...)
	}, func(orphans string) bool { return orphans == "" })
}

// waitingPair is what a test reads of a missingPair.
type waitingPair struct {
	OrderID     string                  `json:"order_id"`
	OfferRef    string                  `json:"offer_ref"`
	Title       string                  `json:"title"`
	Suggestions []clickhouse.Suggestion `json:"suggestions"`
}

// foundLink is what a test reads of a linkView.
type foundLink struct {
	OurID string `json:"our_id"`
}

func orders(all []waitingPair) int {
	different := map[string]bool{}
	for _, m := range all {
		different[m.OrderID] = true
	}
	return len(different)
}

func TestPairsComeInAndGoOutAsFiles(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	var file strings.Builder
	file.WriteString("offer_ref,sku,quantity,unit,price,currency,title,eans\n")
	for i := range 1000 {
		fmt.Fprintf(&file, "%d,SKU-%d,1,piece,%d.50,PLN,\"=SUM(A1) \"\"%d\"\"\",590123412345%d\n", i, i, i, i, i%10)
	}
	file.WriteString("1001,,1,piece,,,,\n1002,A,1,stone,,,,\n,B,1,piece,,,,\n1004,C,1,piece,1.999,EUR,,\n1005,D,1,piece\n5,OTHER,1,piece,,,,\n")
	csv := filepath.Join(t.TempDir(), "pairs.csv")
	if err := os.WriteFile(csv, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	importing := []string{"idmap", "import", csv, "--party", "allegro", "-o", "json", "--data", data}
	for _, c := range []struct {
		more []string
		want string
	}{
		{[]string{"--preview"}, `{"rows":1006,"new":1000,"changed":0,"same":0,"rejected":6,"preview":true}`},
		{nil, `{"rows":1006,"new":1000,"changed":0,"same":0,"rejected":6,"preview":false}`},
		{nil, `{"rows":1006,"new":0,"changed":0,"same":1000,"rejected":6,"preview":false}`},
	} {
		cmd := program(t, append(importing, c.more...)...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, _ := cmd.Output() // its exit code tells
		if strings.TrimSpace(string(out)) != c.want || cmd.ProcessState.ExitCode() != exitPartial {
			t.Fatalf("import %v: exit %d, %s, want %s\n%s", c.more, cmd.ProcessState.ExitCode(), out, c.want, stderr.String())
		}
		for _, fault := range []string{
			`"line":1002,"field":"sku","code":"missing_article"`, `"line":1003,"field":"unit","code":"unknown_unit"`,
			`"line":1004,"field":"offer_ref","code":"missing_ref"`, `"line":1005,"field":"price","code":"bad_amount"`,
			`"line":1006,"code":"wrong_columns"`, `"line":1007,"code":"twice"`,
		} {
			if !strings.Contains(stderr.String(), fault) {
				t.Errorf("nobody says %s:\n%s", fault, stderr.String())
			}
		}
	}
	first := ask(t, "idmap", "export", "--party", "allegro", "--data", data)
	if strings.Contains(first, ",\"=SUM") || strings.Contains(first, ",=SUM") {
		t.Error("a formula stands in the file")
	}
	other := filepath.Join(t.TempDir(), "data")
	startUp(t, other)
	for _, format := range []string{"text", "json"} {
		name := filepath.Join(t.TempDir(), map[string]string{"text": "again.csv", "json": "again.ndjson"}[format])
		if err := os.WriteFile(name, []byte(ask(t, "idmap", "export", "--party", "allegro", "--data", data, "-o", format)), 0o600); err != nil {
			t.Fatal(err)
		}
		ask(t, "idmap", "import", name, "--party", "allegro", "--data", other)
		if again := ask(t, "idmap", "export", "--party", "allegro", "--data", other); again != first {
			t.Errorf("%s: what was exported and imported is exported otherwise", format)
		}
	}
}

func TestLinksLeadBothWays(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	mistyped := program(t, "idmap", "put", "alegro/1", "--sku", "A", "--data", data)
	if said, err := mistyped.CombinedOutput(); err == nil || !strings.Contains(string(said), "no party of that name is configured; there are: allegro") {
		t.Errorf("an offer of nobody: %s", said)
	}
	for _, pair := range [][2]string{{"erp/4711", "order"}, {"dhl/00340434", "shipment"}} {
		ask(t, "idmap", "put", pair[0], "--kind", pair[1], "--our-id", "allegro/1", "--data", data)
	}
	forth := rows[foundLink](t, ask(t, "idmap", "get", "erp/4711", "--kind", "order", "-o", "json", "--data", data))
	if len(forth) != 1 || forth[0].OurID != "allegro/1" {
		t.Errorf("erp/4711 is %+v", forth)
	}
	if back := rows[foundLink](t, ask(t, "idmap", "get", "--our-id", "allegro/1", "-o", "json", "--data", data)); len(back) != 2 {
		t.Errorf("allegro/1 is %+v", back)
	}
}

// A version of a mapping is chosen by one command, and an old order can be read again as it was.
func TestAMappingIsSwitchedBackAndAnOldOrderReadAsItWas(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	startUp(t, data)
	payloads := strings.SplitAfter(ask(t, "simulate", "--channel", "allegro", "--orders", "2", "--seed", "9"), "\n")
	feed := func(payload string) { ask(t, "feed", "--party", "allegro", "--data", data, writeFile(t, payload)) }
	mappings := func() string {
		return ask(t, "sql", "--data", data, "-o", "json", "SELECT mapping, prices_include_tax AS tax, change FROM orders_normalized FINAL ORDER BY _at, _offset")
	}
	const second, first = `{"mapping":"allegro/2","tax":true,"change":"received"}`, `{"mapping":"allegro/1","tax":null,"change":"received"}`
	feed(payloads[0])
	eventually(t, mappings, func(got string) bool { return got == second+"\n" })
	began := time.Now()
	ask(t, "mapping", "use", "allegro/1", "--reason", "a test", "--data", data)
	for deadline := began.Add(10 * time.Second); ; {
		feed(strings.Replace(payloads[1], `"id":"`, fmt.Sprintf(`"id":"%d-`, time.Now().UnixNano()), 1))
		if strings.Contains(mappings(), first) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("not switched within ten seconds:\n%s", mappings())
		}
	}
	order := rows[map[string]any](t, ask(t, "sql", "--data", data, "-o", "json", "SELECT order_id FROM orders_normalized FINAL WHERE mapping = 'allegro/2' LIMIT 1"))
	id := fmt.Sprint(order[0]["order_id"])
	again := rows[map[string]any](t, ask(t, "renormalize", id, "--data", data, "-o", "json"))
	if len(again) != 1 || again[0]["mapping"] != "allegro/2" || again[0]["prices_include_tax"] != true {
		t.Errorf("as it was: %v", again)
	}
	if other := rows[map[string]any](t, ask(t, "renormalize", id, "--with", "allegro/1", "--data", data, "-o", "json")); other[0]["prices_include_tax"] != nil {
		t.Errorf("as allegro/1: %v", other)
	}
	ask(t, "renormalize", id, "--send", "--data", data)
	eventually(t, mappings, func(got string) bool {
		return strings.Contains(got, `{"mapping":"allegro/1","tax":null,"change":"amended"}`)
	})
	landed(t, "--data", data)
	noOrphans(t, "--data", data)
	_, ref, _ := strings.Cut(id, "/")
	if timeline := rows[map[string]any](t, ask(t, "order", "--ref", ref, "--data", data, "-o", "json")); !slices.ContainsFunc(timeline, func(e map[string]any) bool { return e["kind"] == "again" }) {
		t.Errorf("timeline by reference: %v", timeline)
	}
	if list := ask(t, "mapping", "list", "--data", data, "-o", "json"); !strings.Contains(list, `"mapping":"allegro/1","in_use":true,"newest":false`) {
		t.Errorf("list:\n%s", list)
	}
}
