package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// entriesVariable is how many entries a benchmark of the trash has.
const entriesVariable = "WAYBILL_TRASH_ENTRIES"

// Many of one cause are mended from their old values: how long it takes to be shown what will change, how many a second are mended and
// tried, and the same of a job that is killed halfway and resumed. There are 20,000, if nothing else is said.
//
//	go test ./cmd/waybill -run xxx -bench TrashEdit -benchtime 1x -timeout 30m
func BenchmarkTrashEdit(b *testing.B) {
	entries := 20_000
	if n, err := strconv.Atoi(os.Getenv(entriesVariable)); err == nil {
		entries = n
	}
	i := newInstance(b)
	broken := i.breakOrders(entries, 20)
	edit := func(postCode string, more ...string) []string {
		return append([]string{"trash", "edit", "--code", "missing_postal_code", "--change", "ship_to.postal_code=prefix " + strconv.Quote(postCode), "--why", "a benchmark", "--rate", "0", "-o", "json"}, more...)
	}
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		_, said, code := i.try(edit("01067", "--retry")...)
		if code != exitUsage || !strings.Contains(said, strconv.Itoa(entries)+" entries will be retried") || strings.Count(said, "→") != samplesMax {
			b.Fatalf("exit %d\n%s", code, said)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/preview")

		began = time.Now() // each is mended, kept and still not tried
		if told := strings.Count(ask(b, i.at(edit("01067", "--yes")...)...), `"result":"edited"`); told != entries {
			b.Fatalf("%d were edited", told)
		}
		b.ReportMetric(float64(entries)/time.Since(began).Seconds(), "edited/s")

		retry := []string{"trash", "retry", "--fingerprint", broken[0].Fingerprint, "--why", "a benchmark", "--rate", "0", "-o", "json", "--yes"}
		began = time.Now()
		i.killedAfter(entries/2, retry...)
		killed := time.Since(began)
		jobs := rows[jobView](b, ask(b, i.at("trash", "jobs", "-o", "json")...))
		job := jobs[len(jobs)-1]
		began = time.Now()
		told := strings.Count(ask(b, i.at("trash", "resume", job.JobID, "-o", "json")...), `"result":"repaired"`)
		if told != entries || len(i.trash()) != 0 {
			b.Fatalf("%d of %d were repaired", told, entries)
		}
		b.ReportMetric(float64(entries)/(killed+time.Since(began)).Seconds(), "repaired/s")
	}
}
