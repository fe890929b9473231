package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/sandbox"
)

// account is what a demo did, counted from the topics; lost and doubled from what was fed.
type account struct {
	Orders     int     `json:"orders"`
	Raw        int     `json:"raw"`
	Normalized int     `json:"normalized"`
	Duplicates int     `json:"duplicates"`
	Trash      int     `json:"trash"`
	Waiting    int     `json:"waiting"`
	Events     int     `json:"events"`
	AuditRows  int     `json:"audit_rows"`
	Lost       int     `json:"lost"`
	Doubled    int     `json:"doubled"`
	Elapsed    float64 `json:"elapsed_seconds"`
}

func (c account) fault() error {
	var faults []error
	if sum := c.Normalized + c.Duplicates + c.Trash + c.Waiting; c.Raw != sum {
		faults = append(faults, fmt.Errorf("%d raw records, but %d normalized + %d duplicates + %d in the trash + %d waiting = %d",
			c.Raw, c.Normalized, c.Duplicates, c.Trash, c.Waiting, sum))
	}
	if c.Events != c.AuditRows {
		faults = append(faults, fmt.Errorf("%d events on the topics, but %d rows in the audit", c.Events, c.AuditRows))
	}
	if c.Lost+c.Doubled > 0 {
		faults = append(faults, fmt.Errorf("%d lost and %d doubled of what was fed", c.Lost, c.Doubled))
	}
	return errors.Join(faults...)
}

// The share of payloads a demo adds to its orders, in per cent.
const (
	demoDuplicates = 3
	demoBroken     = 1
	demoAmendments = 5 // of a simulation; a demo counts on one version an order
)

func (a *app) demo() *cobra.Command {
	o := sandbox.Options{Duplicates: demoDuplicates, Broken: demoBroken}
	var channels []string
	cmd := verb("run", "demo", "Feed generated orders through a stack of its own and count what came out", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		if len(c.Kafka.Brokers) > 0 {
			return usage("demo runs a stack of its own, but kafka.brokers is set")
		}
		if !cmd.Flags().Changed("data") {
			if c.Data, err = os.MkdirTemp("", "waybill-demo-"); err != nil {
				return fmt.Errorf("make a temporary folder: %w", err)
			}
			defer os.RemoveAll(c.Data)
		}
		c.Listen = "127.0.0.1:0"
		stack, err := a.embed(cmd.Context(), c, "waybill demo")
		if err != nil {
			return err
		}
		defer a.close(stack)
		var result account
		err = a.during(cmd.Context(), stack, func(ctx context.Context, p *pipeline) (err error) {
			result, err = p.demonstrate(ctx, o, channels)
			return err
		})
		if err != nil {
			return err
		}
		if err := a.report(result); err != nil {
			return err
		}
		return result.fault()
	})
	simulationFlags(cmd, &o)
	cmd.Flags().StringSliceVar(&channels, "channels", sandbox.Channels(), "channels to mix, about equally")
	cmd.Flags().String("data", "", "folder to keep the data in (default: a temporary one)")
	return cmd
}

// demonstrate feeds the orders, waits until all has landed, and counts.
func (p *pipeline) demonstrate(ctx context.Context, o sandbox.Options, channels []string) (account, error) {
	fresh, err := p.stack.isEmpty(ctx)
	if err != nil {
		return account{}, err
	}
	shares, err := mix(o, channels)
	if err != nil {
		return account{}, usage("%v", err)
	}
	began := time.Now()
	if err := p.feedMix(ctx, shares); err != nil {
		return account{}, err
	}
	if err := p.stack.awaitLanded(ctx); err != nil {
		return account{}, err
	}
	result := account{Orders: o.Orders, Elapsed: time.Since(began).Seconds()}
	if err := p.count(ctx, &result); err != nil {
		return result, err
	}
	result.Lost, result.Doubled, err = p.compare(ctx, shares, fresh)
	return result, err
}

func (a *app) report(c account) error {
	if a.output == "json" {
		return a.json(c)
	}
	_, err := fmt.Fprintf(a.stdout, `%d orders, %d payloads fed, in %.1f s
  normalized  %8d
  duplicates  %8d
  trash       %8d
  waiting     %8d
  events      %8d   rows in the audit %d
  lost %d, doubled %d
`, c.Orders, c.Raw, c.Elapsed, c.Normalized, c.Duplicates, c.Trash, c.Waiting, c.Events, c.AuditRows, c.Lost, c.Doubled)
	return err
}
