package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestADismissalIsTakenBackAndTheMessageGoesOn(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entries := i.breakOrders(3, 11)
	// One was edited before: it comes back as it was edited.
	ask(t, i.at("trash", "edit", entries[0].ID, "--set", `ship_to.postal_code="01067"`, "--why", "w")...)
	payload := ask(t, i.at("trash", "show", entries[1].ID, "--payload")...)
	if _, said, code := i.try("trash", "reopen", entries[0].ID, "--why", "w"); code != exitFailed || !strings.Contains(said, "it is open, and not dismissed") {
		t.Errorf("exit %d\n%s", code, said)
	}
	ask(t, i.at("trash", "dismiss", "--party", "allegro", "--why", "all are tests", "--yes")...)
	if _, said, code := i.try("trash", "reopen", "--party", "allegro", "--why", "w"); code != exitUsage || !strings.Contains(said, "3 entries will be reopened") {
		t.Errorf("exit %d\n%s", code, said)
	}
	if _, said, code := i.try("trash", "reopen", "--code", "missing_city", "--why", "w"); code != exitFailed || !strings.Contains(said, "has no entry like that") {
		t.Errorf("exit %d\n%s", code, said)
	}
	told := results(t, ask(t, i.at("trash", "reopen", "--party", "allegro", "--why", "no tests", "--by", "anna", "--yes", "-o", "json")...))
	for _, e := range entries {
		if all := told[e.ID]; len(all) != 1 || all[0].Result != "reopened" || all[0].OrderID != e.OrderID {
			t.Errorf("%s: %+v", e.ID, all)
		}
	}
	open := i.trash()
	if len(open) != 3 || open[1].Did != "reopened" || open[1].By != "anna" || open[1].Why != "no tests" || open[1].Code != "missing_postal_code" ||
		open[1].Attempts != 1 || open[1].Fingerprint != entries[1].Fingerprint || open[1].At != entries[1].At {
		t.Fatalf("open are %+v", open)
	}
	if again := ask(t, i.at("trash", "show", entries[1].ID, "--payload")...); again != payload {
		t.Errorf("the message came back as\n%s, was\n%s", again, payload)
	}
	ask(t, i.at("trash", "retry", entries[0].ID)...)
	ask(t, i.at("trash", "edit", entries[1].ID, "--set", `ship_to.postal_code="01067"`, "--retry", "--why", "w")...)
	ask(t, i.at("trash", "dismiss", entries[2].ID, "--why", "this one is a test")...)
	states := []string{}
	for _, e := range i.trash("--all") {
		states = append(states, e.State)
	}
	if want := []string{"repaired", "repaired", "dismissed"}; !slices.Equal(states, want) {
		t.Errorf("states are %v, want %v", states, want)
	}
	eventually(t, func() string {
		return ask(t, i.at("sql", "-o", "json", "SELECT toUInt32(count()) AS n FROM orders_normalized WHERE ship_to_postal_code = '01067'")...)
	}, func(got string) bool { return got == `{"n":2}`+"\n" })
	timeline := eventually(t, func() string { return ask(t, i.at("order", entries[1].OrderID)...) }, func(timeline string) bool {
		return strings.Contains(timeline, "repaired")
	})
	for _, said := range []string{"dismissed by ", "all are tests", "reopened by anna: no tests"} {
		if !strings.Contains(timeline, said) {
			t.Errorf("the timeline does not say %q:\n%s", said, timeline)
		}
	}
	landed(t, i.at()...)
	noOrphans(t, i.at()...)
}

// What is mended in the shop comes as a later version of the order. Its entry is closed by that, and says by which message.
func TestAnOrderMendedInTheShopClosesItsEntryAlsoOneThatWasDismissed(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entries := i.breakOrders(2, 12)
	ask(t, i.at("trash", "dismiss", entries[1].ID, "--why", "w")...)
	ask(t, i.at("trash", "reopen", entries[1].ID, "--why", "w")...)
	var mended strings.Builder
	for _, e := range entries {
		payload := ask(t, i.at("trash", "show", e.ID, "--payload")...)
		payload = strings.ReplaceAll(payload, `"zipCode":""`, `"zipCode":"01067"`)
		payload = regexp.MustCompile(`"updatedAt":"\d{4}`).ReplaceAllString(payload, `"updatedAt":"2027`)
		mended.WriteString(regexp.MustCompile(`"revision":"`).ReplaceAllString(payload, `"revision":"mended-`))
	}
	ask(t, i.at("feed", "--party", "allegro", writeFile(t, mended.String()))...)
	eventually(t, func() int { return len(i.trash()) }, func(left int) bool { return left == 0 })
	for _, e := range i.trash("--all") {
		if e.State != "dismissed" || !strings.HasPrefix(e.Resolution, "overtaken by orders.raw/") {
			t.Errorf("entry is %+v", e)
		}
		by := strings.TrimPrefix(e.Resolution, "overtaken by ")
		eventually(t, func() string { return ask(t, i.at("order", e.OrderID)...) }, func(timeline string) bool {
			return strings.Contains(timeline, by) && strings.Contains(timeline, "overtaken by")
		})
	}
	landed(t, i.at()...)
	noOrphans(t, i.at()...)
}
