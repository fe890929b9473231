package main

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waybill/schemas"
)

// trashRow is what a test reads of a trash entry.
type trashRow struct {
	ID          string `json:"id"`
	At          string `json:"at"`
	OrderID     string `json:"order_id"`
	Party       string `json:"party"`
	State       string `json:"state"`
	Class       string `json:"class"`
	Code        string `json:"code"`
	Fingerprint string `json:"fingerprint"`
	Attempts    int64  `json:"attempts"`
	Reason      string `json:"reason"`
	Resolution  string `json:"resolution"`
	Did         string `json:"did"`
	By          string `json:"by"`
	Why         string `json:"why"`
	Job         string `json:"job"`
}

// instance is one that runs, for a test of the trash.
type instance struct {
	t    testing.TB
	data string
}

func newInstance(t testing.TB) instance {
	t.Helper()
	i := instance{t, filepath.Join(t.TempDir(), "data")}
	startUp(t, i.data)
	return i
}

func (i instance) at(args ...string) []string { return append(args, "--data", i.data) }

func (i instance) trash(filter ...string) []trashRow {
	i.t.Helper()
	return rows[trashRow](i.t, ask(i.t, i.at(append([]string{"trash", "list", "-o", "json"}, filter...)...)...))
}

// try runs a command line that may fail.
func (i instance) try(args ...string) (out, said string, code int) {
	i.t.Helper()
	cmd := program(i.t, i.at(args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	b, _ := cmd.Output() // its exit code tells
	return string(b), stderr.String(), cmd.ProcessState.ExitCode()
}

var postCodes = regexp.MustCompile(`"zipCode":"[^"]*"`)

// breakOrders feeds so many orders whose address lacks its postal code, and waits until they are in the trash.
func (i instance) breakOrders(n, seed int) []trashRow {
	i.t.Helper()
	payloads := ask(i.t, "simulate", "--channel", "allegro", "--orders", fmt.Sprint(2*n+10), "--seed", fmt.Sprint(seed))
	var broken []string
	for line := range strings.Lines(payloads) {
		if len(broken) < n && strings.Contains(line, "READY_FOR_PROCESSING") && postCodes.MatchString(line) {
			broken = append(broken, postCodes.ReplaceAllString(line, `"zipCode":""`))
		}
	}
	if len(broken) < n {
		i.t.Fatalf("only %d orders of the simulation are ready to ship", len(broken))
	}
	cmd := program(i.t, i.at("feed", "--party", "allegro", writeFile(i.t, strings.Join(broken, "")))...)
	if out, err := cmd.CombinedOutput(); err != nil {
		i.t.Fatalf("feed: %v\n%s", err, out)
	}
	return eventually(i.t, func() []trashRow { return i.trash("--party", "allegro") }, func(all []trashRow) bool { return len(all) == n })
}

func TestABrokenOrderIsMendedByTheNameOfAFieldAndGoesOnOnce(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entry := i.breakOrders(1, 3)[0]
	if entry.Code != "missing_postal_code" || entry.At == "" || entry.Fingerprint == "" || entry.Attempts != 1 || entry.State != "open" {
		t.Fatalf("entry is %+v", entry)
	}
	edit := func(args ...string) (out, said string, code int) {
		return i.try(append([]string{"trash", "edit", entry.ID, "-o", "json"}, args...)...)
	}
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"--set", `ship_to.postcode="01067"`, "--why", "w"}, "nearest are ship_to.postal_code", exitUsage},
		{[]string{"--set", `ship_to.postal_code=Dresden`, "--why", "w"}, "the value is no JSON", exitUsage},
		{[]string{"--set", `ship_to.city=""`, "--why", "w"}, "missing_city at $.delivery.address.city", exitFailed},
		{[]string{"--set", `$.id="another"`, "--why", "w"}, "about another order", exitFailed},
		{[]string{"--set", `ship_to.postal_code="01067"`}, "why", exitUsage},
	} {
		if _, said, code := edit(c.args...); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit %d, want %d with %q:\n%s", c.args, code, c.code, c.says, said)
		}
	}
	if again := i.trash(); len(again) != 1 || again[0] != entry {
		t.Fatalf("what was refused changed something: %+v", again)
	}
	out, said, code := edit("--set", `ship_to.postal_code="01067"`, "--why", "customer called", "--by", "anna", "--retry")
	if code != exitDone || !strings.Contains(out, `"result":"repaired"`) || !strings.Contains(said, "$.delivery.address.zipCode: a text of 0 characters → a text of 5 characters") ||
		strings.Contains(said, "01067") {
		t.Fatalf("exit %d\n%s%s", code, out, said)
	}
	closed := i.trash("--all")
	if len(closed) != 1 || closed[0].State != "repaired" || closed[0].By != "anna" || closed[0].Why != "customer called" || closed[0].Did != "retried" {
		t.Errorf("closed entry is %+v", closed)
	}
	if _, said, code := i.try("trash", "retry", entry.ID); code != exitFailed || !strings.Contains(said, "is repaired") {
		t.Errorf("a second time: exit %d, %s", code, said)
	}
	eventually(t, func() string {
		return ask(t, i.at("sql", "-o", "json", "SELECT toUInt32(count()) AS n, any(ship_to_postal_code) AS code FROM orders_normalized")...)
	}, func(got string) bool { return got == `{"n":1,"code":"01067"}`+"\n" })
	eventually(t, func() string { return ask(t, i.at("order", entry.OrderID)...) }, func(timeline string) bool {
		return strings.Contains(timeline, "repaired") && strings.Contains(timeline, "anna: customer called")
	})
	landed(t, i.at()...)
	noOrphans(t, i.at()...)
}

func TestAnEditIsKeptUntilItIsTried(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entry := i.breakOrders(1, 4)[0]
	if out, said, code := i.try("trash", "edit", entry.ID, "--set", `ship_to.postal_code="99-999"`, "--why", "w", "--show-personal"); code != exitDone ||
		!strings.HasPrefix(out, "edited ") || !strings.Contains(said, `"" → "99-999"`) {
		t.Fatalf("exit %d\n%s%s", code, out, said)
	}
	edited := i.trash()
	if len(edited) != 1 || edited[0].State != "open" || edited[0].Did != "edited" || edited[0].Attempts != 1 {
		t.Errorf("edited entry is %+v", edited)
	}
	if payload := ask(t, i.at("trash", "show", entry.ID, "--payload")...); !strings.Contains(payload, `"zipCode":"99-999"`) {
		t.Errorf("its payload is %s", payload)
	}
	ask(t, i.at("trash", "retry", entry.ID)...)
	if left := i.trash(); len(left) != 0 {
		t.Errorf("left is %+v", left)
	}
}

func TestAMessageTooLongForItsEntryIsMendedFromWhereItLies(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entry := i.breakOrders(1, 7)[0]
	payload := ask(t, i.at("trash", "show", entry.ID, "--payload")...)
	long := strings.Replace(payload, `{`, `{"filler":"`+strings.Repeat("x", schemas.TrashValueBytesMax)+`",`, 1)
	long = strings.Replace(long, `"id":"`, `"id":"long-`, 1)
	ask(t, i.at("trash", "dismiss", entry.ID, "--why", "w")...)
	if out, said, _ := i.try("feed", "--party", "allegro", writeFile(t, long)); strings.Contains(said, "rejected") && !strings.Contains(said, "0 rejected") {
		t.Fatalf("%s%s", out, said)
	}
	entry = eventually(t, func() []trashRow { return i.trash() }, func(all []trashRow) bool { return len(all) == 1 })[0]
	exported := rows[exported](t, ask(t, i.at("trash", "export")...))
	if len(exported[0].Value) <= schemas.TrashValueBytesMax {
		t.Errorf("exported %d bytes", len(exported[0].Value))
	}
	ask(t, i.at("trash", "edit", entry.ID, "--set", `ship_to.postal_code="00-001"`, "--retry", "--why", "w")...)
}

func TestAJobThatIsKilledGoesOnAndDoesEachOnce(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	const n = 120
	entries := i.breakOrders(n, 5)
	groups := ask(t, i.at("trash", "list", "--group", "-o", "json")...)
	if all := rows[trashGroup](t, groups); len(all) != 1 || all[0].Count != n || all[0].Orders != n || all[0].Fingerprint != entries[0].Fingerprint {
		t.Errorf("groups are %s", groups)
	}
	retry := []string{"trash", "retry", "--fingerprint", entries[0].Fingerprint, "--why", "a test", "--rate", "30/s", "-o", "json"}
	if _, said, code := i.try(retry...); code != exitUsage || !strings.Contains(said, "120 entries will be retried (fingerprint "+entries[0].Fingerprint+", state open), at most 30 a second, which takes 4s; such as\n  "+entries[0].ID) {
		t.Fatalf("exit %d\n%s", code, said)
	}
	i.killedAfter(n/4, append(retry, "--yes")...)

	jobs := rows[jobView](t, ask(t, i.at("trash", "jobs", "-o", "json")...))
	if len(jobs) != 1 || jobs[0].State != "running" || jobs[0].Answered < n/4 || jobs[0].Answered >= n || jobs[0].Entries != n {
		t.Fatalf("jobs are %+v", jobs)
	}
	told, said, code := i.try("trash", "resume", jobs[0].JobID, "-o", "json")
	results := map[string]int{}
	for _, r := range rows[itemResult](t, told) {
		results[r.TrashID]++
		if r.Result != resultFailed || !strings.Contains(r.Reason, "missing_postal_code") || r.Job != jobs[0].JobID {
			t.Errorf("result %+v", r)
		}
	}
	if len(results) != n || slices.Max(slices.Collect(maps.Values(results))) != 1 || code != exitFailed {
		t.Errorf("exit %d, %d results\n%s", code, len(results), said)
	}
	after := i.trash()
	for _, e := range after {
		if e.Attempts != 2 || e.Job != jobs[0].JobID || e.Fingerprint != entries[0].Fingerprint {
			t.Errorf("entry is %+v", e)
		}
	}
	if len(after) != n {
		t.Errorf("%d entries, want %d", len(after), n)
	}
	i.stopAJob(entries)
}

// stopAJob cancels one from outside, and dismisses what is left.
func (i instance) stopAJob(entries []trashRow) {
	t := i.t
	cancelled := startProcess(t, "Ctrl-C pauses it", i.at("trash", "dismiss", "--step", "normalize", "--why", "w", "--rate", "5/s", "--yes")...)
	jobs := rows[jobView](t, ask(t, i.at("trash", "jobs", "-o", "json")...))
	ask(t, i.at("trash", "cancel", jobs[1].JobID)...)
	err := <-cancelled.ended
	cancelled.ended <- err
	if code := cancelled.cmd.ProcessState.ExitCode(); code != exitPartial {
		t.Errorf("a job that is cancelled ends with %d", code)
	}
	left := i.trash()
	if len(left) == 0 || len(left) >= len(entries) {
		t.Fatalf("%d are left", len(left))
	}
	if _, said, code := i.try("trash", "dismiss", "--class", "invalid", "--why", "no use", "--by", "anna", "--rate", "0", "--yes"); code != exitDone {
		t.Errorf("exit %d\n%s", code, said)
	}
	if open := i.trash(); len(open) != 0 {
		t.Errorf("%d are left", len(open))
	}
	eventually(t, func() string { return ask(t, i.at("order", left[0].OrderID)...) }, func(timeline string) bool {
		return strings.Contains(timeline, "dismissed by anna: no use") && strings.Contains(timeline, "an operator wants it to be dismissed")
	})
	landed(t, i.at()...)
	noOrphans(t, i.at()...)
	if last := i.trash("--state", "dismissed", "--order", left[0].OrderID); len(last) != 1 || last[0].Resolution != "dismissed by anna: no use" {
		t.Errorf("dismissed is %+v", last)
	}
}

func TestEntriesGoToAnotherDeploymentAndBackByteByByte(t *testing.T) {
	t.Parallel()
	here, there := newInstance(t), newInstance(t)
	entries := here.breakOrders(3, 6)
	ask(t, here.at("trash", "assign", entries[0].ID, "--to", "ben", "--by", "cleo", "--why", "his shop")...)
	ask(t, here.at("trash", "comment", entries[0].ID, "--text", "asked the shop", "--by", "ben")...)
	first := ask(t, here.at("trash", "export")...)
	file := writeFile(t, first)
	if _, said, code := here.try("trash", "import", file, "--why", "w"); code != exitFailed || !strings.Contains(said, "it is there already") {
		t.Fatalf("exit %d\n%s", code, said)
	}
	ask(t, there.at("trash", "import", file, "--why", "moved", "--by", "anna")...)
	second := ask(t, there.at("trash", "export")...)
	was, is := rows[exported](t, first), rows[exported](t, second)
	for k := range was {
		moved := is[k]
		if moved.Did != "imported" || moved.By != "anna" || moved.Why != "moved" {
			t.Errorf("nobody signed %+v", moved.trashed)
		}
		moved.Did, moved.By, moved.Why = "", "", ""
		if fmt.Sprintf("%+v", moved) != fmt.Sprintf("%+v", was[k]) {
			t.Errorf("became\n%+v, was\n%+v", moved, was[k])
		}
	}
	if len(was[0].Notes) != 2 || len(was[1].Notes) != 0 {
		t.Errorf("exported with %+v, %+v", was[0].Notes, was[1].Notes)
	}
	if v := there.show(entries[0].ID); v.Owner != "ben" || v.Assigned.By != "cleo" || v.Assigned.Text != "his shop" || len(v.Comments) != 1 || v.Comments[0].By != "ben" {
		t.Errorf("said of it there: %+v", v)
	}
	strange := strings.Replace(first, entries[0].ID+"/owner", entries[1].ID+"/owner", 1)
	if _, said, code := there.try("trash", "import", writeFile(t, strange), "--replace", "--why", "w"); code != exitPartial || !strings.Contains(said, "is none of it") {
		t.Errorf("a note on another entry: exit %d\n%s", code, said)
	}
	// There they are mended as if they had failed there.
	id := entries[0].ID
	ask(t, there.at("trash", "edit", id, "--set", `ship_to.postal_code="00-001"`, "--why", "w")...)
	ask(t, there.at("trash", "retry", id)...)
	ask(t, there.at("trash", "dismiss", entries[1].ID, "--why", "w")...)
	if out, _, code := there.try("trash", "retry", entries[2].ID); code != exitFailed || !strings.HasPrefix(out, "failed ") {
		t.Errorf("exit %d, %s", code, out)
	}
	states := map[string]string{}
	for _, e := range there.trash("--all") {
		states[e.ID] = fmt.Sprint(e.State, " ", e.Attempts)
	}
	want := map[string]string{id: "repaired 1", entries[1].ID: "dismissed 1", entries[2].ID: "open 2"}
	if !maps.Equal(states, want) {
		t.Errorf("states are %v, want %v", states, want)
	}
}
