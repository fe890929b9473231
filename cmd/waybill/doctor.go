package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/config"
	"waybill/internal/embedded/engine"
	"waybill/internal/reach"
)

// finding is the answer to one of doctor's questions. One that is well and says what to do next is a warning.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do about it
}

func (a *app) doctor() *cobra.Command {
	cmd := verb("keep", "doctor", "Check everything that a run needs, and say what to do about what is missing", func(cmd *cobra.Command, _ []string) error {
		ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
		defer cancel()
		failed := 0
		for f := range a.examine(ctx, cmd) {
			if !f.OK {
				failed++
			}
			if err := a.printFinding(f); err != nil {
				return err
			}
		}
		if failed > 0 {
			return fmt.Errorf("%d of the checks failed", failed)
		}
		return nil
	})
	cmd.Long = "Check everything that a run needs, and say what to do about what is missing. It only looks: nothing is touched.\n" +
		"What depends on a part that does not answer is left out; all else is checked."
	stackFlags(cmd)
	return cmd
}

func (a *app) printFinding(f finding) error {
	if a.output == "json" {
		return a.json(f)
	}
	mark := "ok  "
	switch {
	case !f.OK:
		mark = "FAIL"
	case f.Next != "":
		mark = "warn"
	}
	if _, err := fmt.Fprintf(a.stdout, "%s  %-14s %s\n", mark, f.Check, f.Detail); err != nil || f.Next == "" {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "%20s → %s\n", "", f.Next)
	return err
}

// examine asks one question after the other. What an answer needs is asked before it.
func (a *app) examine(ctx context.Context, cmd *cobra.Command) func(func(finding) bool) {
	return func(yield func(finding) bool) {
		c, err := a.settings(cmd)
		if !yield(judge("configuration", err, "every key is known and in bounds", "mend it; 'waybill config explain' lists all settings")) || err != nil {
			return
		}
		if !yield(parties(c, a.has)) || !yield(doorsOf(c)) {
			return
		}
		if c.ERP.System != "" && !yield(erpAnswers(ctx, c)) {
			return
		}
		for _, name := range calledParties(c) {
			if !yield(accountAnswers(ctx, c, name)) {
				return
			}
		}
		for _, name := range printerParties(c) {
			if !yield(printerReady(ctx, c, name)) {
				return
			}
		}
		if len(c.Kafka.Brokers) == 0 {
			if there := onDisk(c, yield); !there {
				return
			}
		}
		s, err := a.open(cmd)
		if !yield(judge("stack", err, describe(c, s), "look at the reason above; is another instance running on the folder?")) || err != nil {
			return
		}
		defer a.close(s)
		for f := range s.examine(ctx) {
			if !yield(f) {
				return
			}
		}
	}
}

// onDisk looks for what an embedded stack needs; false if there is nothing further to look at.
func onDisk(c *config.Config, yield func(finding) bool) bool {
	library, err := engine.LibraryPath()
	if c.Embedded.Libchdb != "" {
		library, err = c.Embedded.Libchdb, nil
	}
	if !yield(judge("libchdb", err, library, "run 'make fetch'")) || err != nil {
		return false
	}
	if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
		yield(judge("data", nil, fmt.Sprintf("%s is not there yet; 'waybill up' makes it", c.Data), ""))
		return false
	}
	return true
}

// judge is a finding of an error, or of what was found instead. An error that knows what to do says it itself.
func judge(check string, err error, detail, next string) finding {
	var fault *reach.Fault
	switch {
	case err == nil:
		return finding{Check: check, OK: true, Detail: detail}
	case errors.As(err, &fault):
		return finding{Check: check, Detail: fault.Reason(), Next: fault.Next}
	}
	text := err.Error()
	if i := strings.LastIndex(text, "; "); i >= 0 && next == "" {
		return finding{Check: check, Detail: text[:i], Next: text[i+2:]}
	}
	return finding{Check: check, Detail: text, Next: next}
}

func describe(c *config.Config, s *stack) string {
	switch {
	case s == nil:
		return ""
	case s.running != nil:
		return fmt.Sprintf("an instance runs on %s (pid %d)", c.Data, s.running.PID)
	case s.own != nil:
		return fmt.Sprintf("no instance runs on %s; opened it for this check", c.Data)
	}
	return "a cluster"
}
