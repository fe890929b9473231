package main

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
)

// standingRow is what a test reads of how an entry stands.
type standingRow struct {
	trashRow
	Owner       string    `json:"owner"`
	Due         string    `json:"due"`
	Overdue     bool      `json:"overdue"`
	EscalatedTo string    `json:"escalated_to"`
	ShipBy      string    `json:"ship_by"`
	Assigned    *comment  `json:"assigned"`
	Comments    []comment `json:"comments"`
}

func (i instance) standings(filter ...string) map[string]standingRow {
	i.t.Helper()
	by := map[string]standingRow{}
	for _, r := range rows[standingRow](i.t, ask(i.t, i.at(append([]string{"trash", "list", "-o", "json"}, filter...)...)...)) {
		by[r.ID] = r
	}
	return by
}

func (i instance) show(id string) (v standingRow) {
	i.t.Helper()
	if err := json.Unmarshal([]byte(ask(i.t, i.at("trash", "show", id, "-o", "json")...)), &v); err != nil {
		i.t.Fatal(err)
	}
	return v
}

func TestWhatCanNotBeAssignedIsSaidAndChangesNothing(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entries := i.breakOrders(3, 11)
	id := entries[0].ID
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"assign", id, "--why", "w"}, `"to" not set`, exitUsage},
		{[]string{"assign", id, "--to", "anna"}, `"why" not set`, exitUsage},
		{[]string{"assign", id, "--to", "a\nb", "--why", "w"}, "on one line", exitUsage},
		{[]string{"assign", id, "--to", "anna", "--why", strings.Repeat("w", 1001)}, "give up to 1000 bytes", exitUsage},
		{[]string{"assign", "--to", "anna", "--why", "w"}, "name entries, or give a filter", exitUsage},
		{[]string{"assign", id, "--class", "invalid", "--to", "anna", "--why", "w"}, "name entries, or give a filter", exitUsage},
		{[]string{"assign", "--class", "invalid", "--to", "anna", "--why", "w"}, "3 entries will be given to anna (class invalid, state open or waiting); such as\n  " + id, exitUsage},
		{[]string{"assign", "--class", "panic", "--to", "anna", "--why", "w"}, "no entry like that (class panic", exitFailed},
		{[]string{"assign", "normalize/orders.raw/9/9", "--to", "anna", "--why", "w"}, "trash normalize/orders.raw/9/9: there is no such entry; 'waybill trash list --all'", exitFailed},
		{[]string{"comment", "normalize/orders.raw/9/9", "--text", "t"}, "there is no such entry", exitFailed},
		{[]string{"comment", id, "--text", " "}, "say something", exitUsage},
	} {
		if _, said, code := i.try(append([]string{"trash"}, c.args...)...); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%q: exit %d, want %d with %q:\n%s", c.args, code, c.code, c.says, said)
		}
	}
	if left := i.standings("--owner", "nobody"); len(left) != len(entries) {
		t.Errorf("%d are nobody's", len(left))
	}
}

func TestAnOwnerAndCommentsOutliveWhatHappensToTheEntry(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entries := i.breakOrders(3, 12)
	id := entries[0].ID
	for _, r := range i.standings("--owner", "nobody") {
		if r.Owner != "" || r.Due != r.ShipBy || r.Due == "" || !r.Overdue || r.EscalatedTo != "" { // the orders of the simulation are old
			t.Errorf("before anybody did anything: %+v", r)
		}
	}
	if out := ask(t, i.at("trash", "assign", id, "--to", "anna", "--by", "ben", "--why", "her shop", "-o", "json")...); !strings.Contains(out, `"result":"assigned"`) {
		t.Errorf("assign says %s", out)
	}
	var writers sync.WaitGroup
	for _, by := range []string{"anna", "cleo"} {
		writers.Go(func() { ask(t, i.at("trash", "comment", id, "--text", by+" was here", "--by", by)...) })
	}
	writers.Wait()
	ask(t, i.at("trash", "edit", id, "--set", `ship_to.city=""`, "--force", "--why", "worse")...)
	i.try("trash", "retry", id, "--why", "again")
	v := i.show(id)
	if v.Attempts != 2 || v.Owner != "anna" || v.Assigned == nil || v.Assigned.By != "ben" || v.Assigned.Text != "her shop" || len(v.Comments) != 2 || v.Due != v.ShipBy || v.Due == "" {
		t.Errorf("after it failed again: %+v", v)
	}
	text := ask(t, i.at("trash", "show", id)...)
	for _, want := range []string{"owner       anna\n", "by ben: her shop\n", "by anna: anna was here\n", "by cleo: cleo was here\n", "due         "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	ask(t, i.at("trash", "edit", entries[1].ID, "--set", `ship_to.postal_code="01067"`, "--why", "kept, and not tried")...)
	if v := i.show(entries[1].ID); v.Did != "edited" || v.ShipBy == "" || v.Due != v.ShipBy {
		t.Errorf("once it is mended: %+v", v)
	}
	if mine, free := i.standings("--owner", "anna"), i.standings("--owner", "nobody"); len(mine) != 1 || mine[id].Attempts != 2 || len(free) != 2 {
		t.Errorf("anna has %v, nobody %v", mine, free)
	}
	ask(t, i.at("trash", "assign", id, "--to", "nobody", "--why", "she is away")...)
	ask(t, i.at("trash", "dismiss", id, "--why", "w")...)
	if v := i.show(id); v.Owner != "" || v.Assigned.Text != "she is away" || len(v.Comments) != 2 || v.Due != "" || v.State != "dismissed" {
		t.Errorf("once it is closed: %+v", v)
	}
	if _, said, code := i.try("trash", "assign", id, "--to", "anna", "--why", "w"); code != exitFailed || !strings.Contains(said, "it is dismissed, so nobody has to take care of it") {
		t.Errorf("exit %d, %s", code, said)
	}
	eventually(t, func() string { return ask(t, i.at("order", entries[0].OrderID)...) }, func(timeline string) bool {
		return strings.Contains(timeline, "to anna by ben: her shop") && strings.Contains(timeline, "cleo says: cleo was here")
	})
	eventually(t, func() string {
		return ask(t, i.at("sql", "-o", "json", "SELECT class, party, toInt32(closed) AS closed, median_seconds > 0 AS took FROM v_trash_mttr")...)
	}, func(got string) bool {
		return got == `{"class":"invalid","party":"allegro","closed":1,"took":1}`+"\n" || strings.Contains(got, `"closed":1,"took":true`)
	})
	landed(t, i.at()...)
}

func TestWhatIsOverdueGoesUpTheChainThatIsConfiguredNow(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entry := i.breakOrders(1, 13)[0]
	ask(t, i.at("trash", "assign", entry.ID, "--to", "anna", "--why", "w")...)
	for _, c := range []struct{ chain, to string }{{"", ""}, {"999999h=head", ""}, {"0s=lead,999999h=head", "lead"}, {"1h=lead,2h=head", "head"}} {
		given(t, "WAYBILL_TRASH_ESCALATION", c.chain)
		if late := i.standings("--overdue", "--owner", "anna")[entry.ID]; !late.Overdue || late.EscalatedTo != c.to {
			t.Errorf("%s: %+v", c.chain, late)
		}
	}
	if table := ask(t, i.at("trash", "list")...); !strings.Contains(table, " overdue  anna → head  ") {
		t.Errorf("the list is\n%s", table)
	}
	given(t, "WAYBILL_TRASH_ESCALATION", "4h")
	if _, said, code := i.try("trash", "list"); code != exitUsage || !strings.Contains(said, `trash.escalation has "4h", must be AFTER=WHO, such as 4h=lead`) {
		t.Errorf("exit %d, %s", code, said)
	}
}

func TestEntriesAreAssignedWhileAJobTriesThem(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	const n = 40
	i.breakOrders(n, 14)
	job := startProcess(t, "Ctrl-C pauses it", i.at("trash", "retry", "--class", "invalid", "--why", "w", "--rate", "20/s", "--yes")...)
	ask(t, i.at("trash", "assign", "--class", "invalid", "--to", "anna", "--why", "w", "--yes")...)
	err := <-job.ended
	job.ended <- err
	for id, r := range i.standings() {
		if r.Owner != "anna" || r.Attempts != 2 {
			t.Errorf("%s: owner %q, %d attempts", id, r.Owner, r.Attempts)
		}
	}
	both := sync.WaitGroup{}
	both.Go(func() { i.try("trash", "retry", "--class", "invalid", "--why", "w", "--yes") })
	both.Go(func() { ask(t, i.at("trash", "assign", "--owner", "anna", "--to", "ben", "--why", "w", "--yes")...) })
	both.Wait()
	all := i.standings("--owner", "ben")
	for id, r := range all {
		if r.Attempts != 3 {
			t.Errorf("%s was tried %d times", id, r.Attempts)
		}
	}
	if len(all) != n {
		t.Errorf("ben has %d", len(all))
	}
}

func TestAnAssignmentThatIsKilledIsFinishedByTheSameCommand(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	const n = batchMax + 50
	i.breakOrders(n, 15)
	assign := []string{"trash", "assign", "--class", "invalid", "--to", "anna", "--why", "w", "--yes"}
	i.killedAfter(1, assign...)
	if some := len(i.standings("--owner", "anna")); some < batchMax {
		t.Errorf("%d have an owner, though it said so of the first %d", some, batchMax)
	}
	ask(t, i.at(assign...)...)
	if all := len(i.standings("--owner", "anna")); all != n {
		t.Errorf("%d of %d have an owner", all, n)
	}
}
