package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

func TestAPauseIsNotTakenWithoutAReasonNorADoubtWithoutAnAnswer(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"limits pause erp", "by --why"},
		{"limits boost erp place:1 --for 1h", `"why" not set`},
		{"limits boost erp place:1 --for 25h --why x", "up to 24h"},
		{"limits boost erp --for 1h --why x", "name tasks, or give a filter"},
		{"limits boost erp place:1 --kind order --why x", "name tasks, or give a filter"},
		{"doubt settle erp place:1 --why x", "at least one of the flags"},
		{"doubt settle erp place:1 --done --not-done --why x", "if any flags in the group"},
		{"doubt settle erp place:1 --done --why x", "give --ref"},
		{"doubt settle erp place:1 --not-done", `"why" not set`},
	} {
		a := &app{stdout: new(bytes.Buffer), stderr: new(bytes.Buffer), log: slog.New(slog.DiscardHandler), output: "text"}
		root := &cobra.Command{Use: "waybill", SilenceErrors: true, SilenceUsage: true}
		root.AddGroup(&cobra.Group{ID: "ask"})
		root.AddCommand(a.limits(), a.doubt())
		root.SetArgs(strings.Fields(c.line))
		if err := root.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.line, err, c.want)
		}
	}
}

func TestLimitsAreShownForPeople(t *testing.T) {
	out := new(bytes.Buffer)
	a := &app{stdout: out, output: "text"}
	p := a.printer("party", "call", "limit", "held", "peak", "oldest", "done in", "late", "breaker", "as of")
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	s := &schemas.GatewayStatus{
		Party: "erp", At: schemas.At(now.Add(-time.Minute)), Paused: true, PausedBy: "anna", PausedWhy: "stocktaking", Breaker: "closed", Held: 7, Stuck: 2, InDoubt: 1,
		DrainSeconds: schemas.DrainNever, WillMiss: 3, Lifted: 4, LiftedUntil: new(schemas.At(now.Add(time.Hour))), LiftedBy: "ben", LiftedWhy: "they called",
		Operations: []schemas.GatewayOperation{{
			Kind: "place", PerHour: 7200, SeenPerHour: 120, Held: 7, Peak: 9, Oldest: new(schemas.At(now.Add(-90 * time.Second))), Breaker: "open", BreakerReason: "closed for repair",
			DrainSeconds: 61,
		}},
		Slices: []schemas.GatewaySlice{{Kind: "place", Slice: "article MUG-RAD", State: "half_open", Reason: "no such article", Held: 3}},
	}
	if err := printParty(p, s, now); err != nil {
		t.Fatal(err)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"7 (2 stuck, 1 in doubt, 4 lifted until 13:00:00 by ben: they called)", "never, as it is", "paused by anna: stocktaking", "nobody has it?", "2/s, they say 2/min", "1m30s", "1m1s", "open: closed for repair", "place, article MUG-RAD", "half_open: no such article",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}
