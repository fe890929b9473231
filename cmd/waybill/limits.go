package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/internal/gateway/breaker"
	"waybill/internal/rights"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) limits() *cobra.Command {
	cmd := &cobra.Command{GroupID: "ask", Use: "limits", Short: "Show how far the calls at each party are: limits, what is held, breakers, when all will be done", Args: cobra.NoArgs}
	cmd.Example = `  waybill limits
  waybill limits pause erp --why "stocktaking until noon"
  waybill limits resume erp
  waybill limits waiting erp --kind order
  waybill limits boost erp --order allegro/17 --for 2h --why "the buyer called"`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		all, err := stack.gatewayStatus(cmd.Context())
		if err != nil {
			return err
		}
		p := a.printer("party", "call", "limit", "held", "peak", "oldest", "done in", "late", "breaker", "as of")
		for _, s := range all {
			if err := printParty(p, s, time.Now()); err != nil {
				return err
			}
		}
		return p.end()
	}
	stackFlags(cmd)
	cmd.AddCommand(a.limitsWord(deed.Pause, "Send nothing to a party until it is resumed; what is to be done there waits"), a.limitsWord(deed.Resume, "Go on with a party that is paused"),
		a.limitsWord(deed.Ask, "Ask a party now what is new there, and not when it is time"), a.limitsWaiting(), a.limitsBoost())
	return cmd
}

// gatewayStatus is the last word of each party, by name.
func (s *stack) gatewayStatus(ctx context.Context) ([]*schemas.GatewayStatus, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	last := map[string]*schemas.GatewayStatus{}
	err = s.readTopic(ctx, topics.Gateways, func(r *kgo.Record) error {
		status := new(schemas.GatewayStatus)
		if err := registry.Decode(ctx, schemas.GatewayStatusSchema, r.Value, status); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		last[string(r.Key)] = status
		return nil
	})
	all := make([]*schemas.GatewayStatus, 0, len(last))
	for _, party := range slices.Sorted(maps.Keys(last)) {
		all = append(all, last[party])
	}
	return all, err
}

// unheardMax is how long a party may say nothing until somebody should wonder who has it.
const unheardMax = 15 * time.Second

// printParty prints a line a kind of call, and one for the party where something is to be said of all.
func printParty(p *printer, s *schemas.GatewayStatus, now time.Time) error {
	asOf := s.At.Time().Format(time.TimeOnly)
	if now.Sub(s.At.Time()) > unheardMax {
		asOf += " (nobody has it?)"
	}
	if p.table == nil {
		return p.row(s)
	}
	state := s.Breaker
	if s.Paused {
		state = fmt.Sprintf("paused by %s: %s", s.PausedBy, clip(s.PausedWhy))
	} else if s.Breaker != breaker.Closed {
		state += ": " + clip(s.BreakerReason)
	}
	held := fmt.Sprint(s.Held)
	var waits []string
	for _, n := range []struct {
		of   int64
		what string
	}{{s.Stuck, "stuck"}, {s.InDoubt, "in doubt"}, {s.Trashed, "trashed"}} {
		if n.of > 0 {
			waits = append(waits, fmt.Sprintf("%d %s", n.of, n.what))
		}
	}
	if s.Lifted > 0 && s.LiftedUntil != nil {
		waits = append(waits, fmt.Sprintf("%d lifted until %s by %s: %s", s.Lifted, s.LiftedUntil.Time().Format(time.TimeOnly), s.LiftedBy, clip(s.LiftedWhy)))
	}
	if len(waits) > 0 {
		held += " (" + strings.Join(waits, ", ") + ")"
	}
	if err := p.row(s, s.Party, "all", perHour(s.PerHour), held, "", "", drainTime(s.DrainSeconds), s.WillMiss, state, asOf); err != nil {
		return err
	}
	for _, o := range s.Operations {
		limit, oldest, state := perHour(o.PerHour), "", o.Breaker
		if o.SeenPerHour > 0 {
			limit += ", they say " + perHour(o.SeenPerHour)
		}
		if o.ShutUntil != nil {
			limit += ", from " + o.ShutUntil.Time().Format(time.TimeOnly)
		}
		if o.Oldest != nil {
			oldest = now.Sub(o.Oldest.Time()).Round(time.Second).String()
		}
		if o.Breaker != breaker.Closed {
			state += ": " + clip(o.BreakerReason)
		}
		if err := p.row(s, "", o.Kind, limit, o.Held, o.Peak, oldest, drainTime(o.DrainSeconds), o.WillMiss, state, ""); err != nil {
			return err
		}
	}
	for _, part := range s.Slices {
		if err := p.row(s, "", part.Kind+", "+part.Slice, "", part.Held, "", "", "", "", part.State+": "+clip(part.Reason), ""); err != nil {
			return err
		}
	}
	return nil
}

// perHour is a limit in the unit in which it is easiest to read.
func perHour(n int64) string {
	switch {
	case n == 0:
		return "none"
	case n >= 3600:
		return fmt.Sprintf("%.4g/s", float64(n)/3600)
	case n >= 60:
		return fmt.Sprintf("%.4g/min", float64(n)/60)
	}
	return fmt.Sprintf("%d/h", n)
}

func drainTime(seconds int64) string {
	if seconds == schemas.DrainNever {
		return "never, as it is"
	}
	return (time.Duration(seconds) * time.Second).String()
}

// limitsWord is what an operator says about a whole party.
func (a *app) limitsWord(word, short string) *cobra.Command {
	var by, why string
	cmd := &cobra.Command{Use: word + " PARTY", Short: short, Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if word == deed.Pause && why == "" {
			return usage("limits pause: say why, by --why")
		}
		by, err := whoDoes(by)
		if err != nil {
			return err
		}
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		d := deed.Deed{Does: schemas.DidRetry, Party: word, By: by, Why: why, Attempts: -1}
		if err := stack.sendDeed(cmd.Context(), args[0], &kgo.Record{Key: []byte(args[0]), Headers: d.Headers()}); err != nil {
			return err
		}
		if word == deed.Ask {
			a.say("%s: whoever makes the calls there is told to ask at once what is new", args[0])
			return nil
		}
		a.say("%s: told to %s; 'waybill limits' shows whether it has heard", args[0], word)
		return nil
	}
	signFlags(cmd, &by, &why)
	stackFlags(cmd)
	return cmd
}

// sendDeed puts what an operator says on the outbox of a party; an error means that some of it may not be there.
func (s *stack) sendDeed(ctx context.Context, party string, records ...*kgo.Record) error {
	outbox := topics.Outbox(party)
	if err := s.mustLet(ctx, rights.Keeper, rights.ToWrite(outbox)...); err != nil {
		return err
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.UnknownTopicRetries(0)}, s.kafka...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, r := range records {
		r.Topic = outbox.Name
	}
	err = client.ProduceSync(ctx, records...).FirstErr()
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return usage("party %s: nobody makes calls there, it has no %s", party, outbox.Name)
	}
	if err != nil {
		return fmt.Errorf("tell %s: %w ('waybill doctor' looks at what is wrong)", party, err)
	}
	return nil
}
