package main

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// results are those of a job, by entry.
func results(t testing.TB, told string) map[string][]itemResult {
	t.Helper()
	by := map[string][]itemResult{}
	for _, r := range rows[itemResult](t, told) {
		by[r.TrashID] = append(by[r.TrashID], r)
	}
	return by
}

func TestManyAreMendedFromTheirOldValuesThoughTheJobIsKilledAndEachOnce(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	const n = 60
	entries := i.breakOrders(n, 8)
	edit := func(args ...string) []string {
		return append([]string{"trash", "edit", "--code", "missing_postal_code", "--why", "the shop cut it", "--rate", "20/s", "-o", "json"}, args...)
	}
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{edit("--set", `ship_to.postal_code=Dresden`), "the value is no JSON", exitUsage},
		{edit("--change", `ship_to.postal_code=shout`), `"shout" is none of`, exitUsage},
		{edit(), "give --set or --change", exitUsage},
		{edit("--change", `ship_to.postal_code=upper`), "none of 60 entries can be mended like that", exitFailed},
		{edit("--set", `$.id="another"`, "--change", `ship_to.postal_code=prefix "01067"`), "60× ", exitFailed},
		{edit("--change", `ship_to.postal_code=prefix "01067"`), "60 entries will be edited (code missing_postal_code, state open), at most 20 a second, which takes 3s; such as\n  " + entries[0].ID, exitUsage},
	} {
		_, said, code := i.try(c.args...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit %d, want %d with %q:\n%s", c.args, code, c.code, c.says, said)
		}
		if shown := strings.Count(said, "a text of 0 characters → a text of 5 characters"); c.code == exitUsage && strings.Contains(said, "will be") && shown != samplesMax {
			t.Errorf("%d samples are shown:\n%s", shown, said)
		}
		if strings.Contains(said, "01067\n") {
			t.Errorf("the preview shows texts:\n%s", said)
		}
	}
	if again := i.trash(); !slices.Equal(again, entries) {
		t.Fatal("a preview changed something")
	}
	i.killedAfter(n/4, edit("--change", `ship_to.postal_code=prefix "01067"`, "--yes")...)
	jobs := rows[jobView](t, ask(t, i.at("trash", "jobs", "-o", "json")...))
	if len(jobs) != 1 || jobs[0].Does != "edited" || jobs[0].Answered < n/4 || jobs[0].Answered >= n {
		t.Fatalf("jobs are %+v", jobs)
	}
	told := results(t, ask(t, i.at("trash", "resume", jobs[0].JobID, "-o", "json")...))
	for id, all := range told {
		if len(all) != 1 || all[0].Result != "edited" {
			t.Errorf("%s: %+v", id, all)
		}
	}
	if len(told) != n {
		t.Errorf("%d results", len(told))
	}
	for _, e := range rows[exported](t, ask(t, i.at("trash", "export")...)) {
		if strings.Count(string(e.Value), "01067") != 1 || e.Attempts != 1 || e.Job != jobs[0].JobID || e.State != "open" {
			t.Errorf("%s was edited otherwise: %+v", e.TrashID, e.trashed)
		}
	}
	ask(t, i.at("trash", "retry", "--class", "invalid", "--why", "mended", "--yes")...)
	if left := i.trash(); len(left) != 0 {
		t.Errorf("%d are left: %+v", len(left), left[0])
	}
	landed(t, i.at()...)
	noOrphans(t, i.at()...)
}

// killedAfter kills a command when it has told so many results.
func (i instance) killedAfter(results int, args ...string) {
	i.t.Helper()
	cmd := program(i.t, i.at(args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for seen := 0; seen < results && lines.Scan(); seen++ {
	}
	if err := cmd.Process.Kill(); err != nil {
		i.t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

func TestWhatCanNotBeMendedIsLeftAsItIsAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	entries := i.breakOrders(4, 9)
	ask(t, i.at("trash", "edit", entries[0].ID, "--set", `ship_to.city=""`, "--force", "--why", "worse")...)
	told, said, code := i.try("trash", "edit", "--party", "allegro", "--set", `ship_to.postal_code="01067"`, "--retry", "--why", "w", "--by", "anna", "--yes", "-o", "json")
	if code != exitPartial || !strings.Contains(said, "1 entries are left as they are:") || !strings.Contains(said, "missing_city") || !strings.Contains(said, "4 entries: 3 done, 1 not") {
		t.Errorf("exit %d\n%s", code, said)
	}
	got := map[string]string{}
	for id, all := range results(t, told) {
		got[id] = all[0].Result
	}
	want := map[string]string{entries[0].ID: "refused", entries[1].ID: "repaired", entries[2].ID: "repaired", entries[3].ID: "repaired"}
	if !maps.Equal(got, want) {
		t.Errorf("results are %v, want %v", got, want)
	}
	if left := i.trash(); len(left) != 1 || left[0].ID != entries[0].ID || left[0].Attempts != 1 {
		t.Errorf("left is %+v", left)
	}
}

func TestAJobIsPausedFromOutsideOrByCtrlCAndGoesOn(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	const n = 40
	i.breakOrders(n, 10)
	begin := func() *up {
		return startProcess(t, "Ctrl-C pauses it", i.at("trash", "retry", "--class", "invalid", "--why", "w", "--rate", "2/s", "--yes")...)
	}
	job := func(at int) jobView {
		t.Helper()
		jobs := rows[jobView](t, ask(t, i.at("trash", "jobs", "-o", "json")...))
		if len(jobs) <= at {
			t.Fatalf("jobs are %+v", jobs)
		}
		return jobs[at]
	}
	ended := func(p *up) int {
		err := <-p.ended
		p.ended <- err
		return p.cmd.ProcessState.ExitCode()
	}
	paused := begin()
	ask(t, i.at("trash", "pause", job(0).JobID, "--by", "bob", "--why", "stocktaking")...)
	if code := ended(paused); code != exitPartial {
		t.Errorf("a job that is paused ends with %d", code)
	}
	if j := job(0); j.State != "paused" || j.Answered >= n || j.ToldBy != "bob" || j.ToldWhy != "stocktaking" {
		t.Errorf("job is %+v", j)
	}
	interrupted := startProcess(t, "goes on", i.at("trash", "resume", job(0).JobID)...)
	eventually(t, func() string { return job(0).State }, func(state string) bool { return state == "running" })
	if err := interrupted.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := ended(interrupted); code != exitInterrupted {
		t.Errorf("a job that is interrupted ends with %d", code)
	}
	if j := job(0); j.State != "paused" || j.Answered >= n {
		t.Errorf("job is %+v", j)
	}
	cancelled := job(0)
	ask(t, i.at("trash", "cancel", cancelled.JobID)...)
	for _, verb := range []string{"resume", "pause", "cancel"} {
		if _, said, code := i.try("trash", verb, cancelled.JobID); code != exitFailed || !strings.Contains(said, "is cancelled") {
			t.Errorf("%s: exit %d, %s", verb, code, said)
		}
	}
	if out, said, code := i.try("trash", "list", "--step", "nosuch"); code != exitDone || strings.Contains(out, "normalize") || !strings.Contains(said, "no entry is of step nosuch") {
		t.Errorf("a filter that takes nothing: exit %d, %s%s", code, out, said)
	}
	tried := 0
	for _, e := range i.trash() {
		if e.Attempts > 2 {
			t.Errorf("tried more than once: %+v", e)
		}
		if e.Attempts == 2 {
			tried++
		}
	}
	if tried == 0 || tried >= n {
		t.Errorf("%s were tried", fmt.Sprint(tried))
	}
}
