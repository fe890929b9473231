package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"waybill/connectors"
	"waybill/internal/config"
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
	fed     int    // orders fed so far
	secret  string // of the webhooks
	lines   []measured
}

func (a *app) bench() *cobra.Command {
	b := a.newBench()
	cmd := verb("keep", "bench", "Measure this machine: normalize, the doors, the landing, and the way from door to row", func(cmd *cobra.Command, _ []string) error {
		return b.alone(cmd, b.settle, b.run)
	})
	cmd.Flags().IntVar(&b.records, "records", 50_000, "orders in each round")
	cmd.Flags().IntVar(&b.rounds, "rounds", 3, "rounds of each measurement")
	cmd.AddCommand(a.benchScale(), a.benchProcesses(), a.benchAdmission(), a.benchParcels(), a.benchShipments())
	return cmd
}

func (a *app) newBench() *bench { return &bench{app: a, secret: rand.Text()} }

// alone measures on a stack of its own, with such settings, and prints what was found.
func (b *bench) alone(cmd *cobra.Command, settle func(*config.Config), measure func(context.Context, *stack) error) error {
	c, err := b.app.settings(cmd)
	if err != nil {
		return err
	}
	if c.Data, err = os.MkdirTemp("", "waybill-bench-"); err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(c.Data)
	settle(c)
	s, err := b.app.embed(cmd.Context(), c, "waybill bench")
	if err != nil {
		return err
	}
	defer b.app.close(s)
	if err := measure(cmd.Context(), s); err != nil {
		return err
	}
	return b.print()
}

// settle makes the settings those of a measurement: the limits of the doors are what keeps others off, and not what is measured.
func (b *bench) settle(c *config.Config) {
	c.Listen = "127.0.0.1:0"
	c.Limits.RequestsPerSecondMax, c.Limits.RequestBurstMax = 1_000_000, 1_000_000
	c.Limits.RequestsInFlightMax, c.Limits.ConnectionsMax = 10_000, 10_000
	c.Parties = map[string]config.Party{
		"allegro": {Channel: "allegro", Seller: c.Seller, Settings: config.Settings{connectors.SettingWebhookSecret: b.secret}},
	}
}

func (b *bench) run(ctx context.Context, s *stack) error {
	if err := s.provisionAll(ctx, b.app.log); err != nil {
		return err
	}
	if err := b.parts(ctx, s); err != nil {
		return err
	}
	return b.app.during(ctx, s, func(ctx context.Context, p *pipeline) error {
		b.pipeline = p
		return b.each(ctx, b.doorToRow, b.steadyWebhooks)
	})
}

// parts measures what a pipeline is made of, one after the other. What they all stand on runs meanwhile: views and doors.
func (b *bench) parts(ctx context.Context, s *stack) error {
	p, err := b.app.newPipeline(ctx, s, partsUsed(s.config))
	if err != nil {
		return err
	}
	defer p.close()
	b.pipeline = p
	ctx, stop := context.WithCancel(ctx)
	group, running := errgroup.WithContext(ctx)
	for _, v := range p.views.all() {
		group.Go(func() error { return v.Run(running) })
	}
	group.Go(func() error { return p.doors.Run(running) })
	err = b.each(running, b.steps, b.feedDoor, b.webhooks, b.landingRows)
	stop()
	return errors.Join(err, group.Wait())
}

func (b *bench) each(ctx context.Context, measurements ...func(context.Context) error) error {
	for _, measure := range measurements {
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
