package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kadm"

	"waybill/internal/drain"
	"waybill/processors"
)

// drainLine is one stage, and what the doors make of all of them.
type drainLine struct {
	drain.StageReport
	bound     int
	admitting bool
}

// MarshalJSON puts both into one object.
func (l drainLine) MarshalJSON() ([]byte, error) {
	stage, err := json.Marshal(l.StageReport)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(stage[:len(stage)-1], `,"bound_seconds":%d,"admitting":%t}`, l.bound, l.admitting), nil
}

func (a *app) drain() *cobra.Command {
	var patience time.Duration
	cmd := verb("ask", "drain", "Say how much waits for each stage, how fast it goes, and how long the pipeline takes for it", func(cmd *cobra.Command, _ []string) error {
		s, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(s)
		steps, err := s.stepsThere(cmd.Context())
		if err != nil {
			return err
		}
		asked := drainConfig(s)
		asked.Stages = drain.Stages(s.config.Deployment, steps)
		report, err := drain.Measure(cmd.Context(), asked, patience)
		if err != nil {
			return err
		}
		p := a.printer("stage", "state", "lag", "rate/s", "eta", "oldest", "bound", "admitting")
		for _, stage := range report.Stages {
			line := drainLine{stage, report.BoundSeconds, report.Admitting}
			err := p.row(line, stage.Stage, stage.State, stage.Lag, number(stage.Rate, stage.Rate > 0), etaOf(stage),
				spell(stage.OldestSeconds, stage.OldestSeconds > 0), spell(float64(report.BoundSeconds), report.BoundSeconds > 0), report.Admitting)
			if err != nil {
				return err
			}
		}
		if report.Reason != "" {
			a.say("%s", report.Reason)
		}
		return p.end()
	})
	cmd.Long = "Say how much waits for each stage, how fast it goes, and how long the pipeline takes for it.\n\n" +
		"A stage's eta is how long it takes for all that the doors have taken, what the stages above it have still to do with it included; the\n" +
		"pipeline takes as long as its slowest stage. Beyond limits.drain_seconds_max the feed and the order API answer 429."
	cmd.Flags().DurationVar(&patience, "for", 10*time.Second, "how long to look; the longer, the nearer the rates are to the truth")
	stackFlags(cmd)
	return cmd
}

// drainConfig says what waits where in a stack.
func drainConfig(s *stack) drain.Config {
	return drain.Config{Kafka: s.kafka, Stages: drain.Stages(s.config.Deployment, s.steps()), BoundSeconds: s.config.Limits.DrainSecondsMax}
}

// steps are those that run somewhere in the deployment.
func (s *stack) steps() []processors.Processor {
	used := partsUsed(s.config)
	return slices.DeleteFunc(processors.All(processors.Sources{}), func(step processors.Processor) bool { return !slices.Contains(used, step.Name) })
}

// stepsThere are those that run somewhere in the deployment, also if only another process is configured for it: each has left word of how
// far it is.
func (s *stack) stepsThere(ctx context.Context) (there []processors.Processor, err error) {
	used := s.steps()
	err = s.admin(ctx, func(admin *kadm.Client) error {
		groups, err := admin.ListGroups(ctx)
		if err != nil {
			return fmt.Errorf("ask which steps there are: %w", err)
		}
		for _, step := range processors.All(processors.Sources{}) {
			_, ran := groups[s.config.Deployment+"."+step.Name]
			if ran || slices.ContainsFunc(used, func(u processors.Processor) bool { return u.Name == step.Name }) {
				there = append(there, step)
			}
		}
		return nil
	})
	return there, err
}

// showDrain is GET /drain.
func (p *pipeline) showDrain(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(p.drain.Report()) // who hung up needs no answer
}

func etaOf(stage drain.StageReport) string { return spell(stage.ETASeconds()) }

func number(value float64, known bool) string {
	if !known {
		return "?"
	}
	return strconv.FormatFloat(value, 'f', 1, 64)
}

// spell is a time as a table shows it.
func spell(seconds float64, known bool) string {
	if !known {
		return "-"
	}
	return time.Duration(seconds * float64(time.Second)).Round(100 * time.Millisecond).String()
}
