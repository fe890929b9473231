package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// measured is one line of the benchmark table.
type measured struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Ratio is to the baseline taken in the same run; 0 if there is none.
	Ratio float64 `json:"ratio,omitempty"`
	Note  string  `json:"note,omitempty"`
}

// bench measures the pipeline on a stack of its own. Every figure is the median of its rounds.
type bench struct {
	*pipeline
	app     *app
	records int
	rounds  int
	fed     int // orders fed so far
	lines   []measured
}

func (a *app) bench() *cobra.Command {
	b := &bench{app: a}
	cmd := verb("keep", "bench", "Measure this machine: normalize, the feed door, the landing, and the way from door to row", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		if c.Data, err = os.MkdirTemp("", "waybill-bench-"); err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(c.Data)
		c.Listen = "127.0.0.1:0"
		c.Limits.RequestsPerSecondMax, c.Limits.RequestBurstMax = 1_000_000, 1_000_000
		s, err := a.embed(cmd.Context(), c, "waybill bench")
		if err != nil {
			return err
		}
		defer a.close(s)
		if err := b.run(cmd.Context(), s); err != nil {
			return err
		}
		return b.print()
	})
	cmd.Flags().IntVar(&b.records, "records", 50_000, "orders in each round")
	cmd.Flags().IntVar(&b.rounds, "rounds", 3, "rounds of each measurement")
	return cmd
}

func (b *bench) run(ctx context.Context, s *stack) error {
	if err := s.provisionAll(ctx, b.app.log); err != nil {
		return err
	}
	// The parts are wired, and started one by one.
	p, err := b.app.newPipeline(ctx, s, parts())
	if err != nil {
		return err
	}
	defer p.close()
	b.pipeline = p
	for _, measure := range []func(context.Context) error{b.steps, b.door, b.landingRows, b.doorToRow} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) add(what string, values []float64, unit string, ratio float64, note string) {
	b.lines = append(b.lines, measured{What: what, Value: median(values), Unit: unit, Ratio: ratio, Note: note})
	b.app.say("%s: %.1f %s", what, median(values), unit)
}

func (b *bench) print() error {
	p := b.app.printer("what", "value", "unit", "ratio", "note")
	for _, l := range b.lines {
		ratio := ""
		if l.Ratio != 0 {
			ratio = fmt.Sprintf("%.2f", l.Ratio)
		}
		if err := p.row(l, l.What, fmt.Sprintf("%.1f", l.Value), l.Unit, ratio, l.Note); err != nil {
			return err
		}
	}
	return p.end()
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func quantile(durations []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}
