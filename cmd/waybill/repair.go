package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// repairing is what repair was told.
type repairing struct {
	run, approve, by, why string
}

func (a *app) repair() *cobra.Command {
	var g repairing
	cmd := &cobra.Command{GroupID: "ask", Use: "repair PARTY", Short: "Show which calls runs that are not live asked for and were not made, and let a repair make them, each once", Args: cobra.ExactArgs(1)}
	cmd.Long = `What a repair or a dry run asks for at a party is not sent. Prints those calls that were never made, and the hash of them all: the plan. With
--approve and that hash each of them gets a token, which the next task of a repair spends that asks for just that call. If anything has changed
since, the hash has too, and nothing is approved.

'repair begin' reads again what a step has read, and asks for the calls that were never made.`
	cmd.Example = `  waybill repair begin place --since 24h --why "the outbox was lost"
  waybill repair erp --run normalize-1-1798000000000
  waybill repair erp --run normalize-1-1798000000000 --approve 3f2a9c00… --why "the mapping lost these amendments"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.planRepair(cmd, &g, args[0]) }
	flags := cmd.Flags()
	flags.StringVar(&g.run, "run", "", "only what this run asked for (default: all)")
	flags.StringVar(&g.approve, "approve", "", "hash of the plan, as it was printed: let a repair make its calls")
	signFlags(cmd, &g.by, &g.why)
	stackFlags(cmd)
	cmd.AddCommand(a.repairBegin(), a.repairRuns(), a.repairResume(), a.repairPause(), a.repairCancel())
	return cmd
}

// effect is a call that a plan predicts.
type effect struct {
	TaskID  string `json:"task_id"`
	Kind    string `json:"kind"`
	OrderID string `json:"order_id"`
	Mode    string `json:"mode"`
	Run     string `json:"run_id"`
	SHA256  string `json:"payload_sha256"`
	Plan    string `json:"plan"` // the hash of all of them

	value []byte // the task as it lies on the outbox
	sum   string // of all that its token stands for
}

func (a *app) planRepair(cmd *cobra.Command, g *repairing, party string) (err error) {
	if g.approve != "" && g.why == "" {
		return usage("repair: say why, by --why")
	}
	if g.by, err = whoDoes(g.by); err != nil {
		return err
	}
	stack, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	effects, err := stack.predicted(cmd.Context(), party, g.run)
	if err != nil {
		return err
	}
	plan := planOf(party, effects)
	if g.approve == "" {
		p := a.printer("task", "call", "order", "mode", "run")
		for _, e := range effects {
			e.Plan = plan
			if err := p.row(e, e.TaskID, e.Kind, e.OrderID, e.Mode, e.Run); err != nil {
				return err
			}
		}
		if len(effects) == 0 {
			a.say("nothing that %s asked for waits at %s", cmp.Or(g.run, "a repair"), party)
			return p.end()
		}
		a.say("%d calls; the plan is %s", len(effects), plan)
		return p.end()
	}
	switch {
	case len(effects) == 0:
		return fmt.Errorf("there is nothing to approve at %s", party)
	case g.approve != plan:
		return fmt.Errorf("the plan is %s by now: look at it again before you approve it", plan)
	}
	d := deed.Deed{Does: schemas.DidRetry, Party: deed.Permit, By: g.by, Why: g.why, Plan: plan, Attempts: -1}
	records := make([]*kgo.Record, len(effects))
	for i, e := range effects {
		records[i] = &kgo.Record{Key: []byte(e.TaskID), Value: e.value, Headers: d.Headers()}
	}
	if err := stack.sendDeed(cmd.Context(), party, records...); err != nil {
		return err
	}
	return a.result(map[string]any{"plan": plan, "tokens": len(effects)}, "%d tokens issued; a repair that asks for just these calls makes each once\n", len(effects))
}

// predicted are the calls that runs which are not live asked a party for, as they did last, and that its ledger does not know.
func (s *stack) predicted(ctx context.Context, party, run string) ([]*effect, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	asked := map[string]*effect{}
	err = s.readTopic(ctx, topics.Outbox(party), func(r *kgo.Record) error {
		e := &effect{TaskID: string(r.Key), value: slices.Clone(r.Value)}
		for _, h := range r.Headers {
			switch h.Key {
			case topics.HeaderMode:
				e.Mode = string(h.Value)
			case topics.HeaderRunID:
				e.Run = string(h.Value)
			}
		}
		if _, isDeed := deed.Of(r); isDeed || e.Mode == "" || e.Mode == topics.ModeLive || run != "" && e.Run != run {
			return nil
		}
		var task schemas.Task
		if err := registry.Decode(ctx, schemas.TaskSchema, r.Value, &task); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		e.Kind, e.OrderID, e.SHA256 = task.Kind, task.OrderID, sha256Of(task.Payload.Bytes)
		e.sum = strings.Join([]string{e.TaskID, e.Kind, e.OrderID, task.Lane, fmt.Sprint(task.Sequence), e.SHA256}, "\x00")
		asked[e.TaskID] = e
		return nil
	})
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, usage("party %s: nobody makes calls there, it has no %s", party, topics.OutboxName(party))
	}
	if err != nil {
		return nil, err
	}
	err = s.pairs(ctx, topics.Ledger(party), func(key string) bool { return asked[key] != nil }, func(key string, _ any) error {
		delete(asked, key)
		return nil
	})
	effects := make([]*effect, 0, len(asked))
	for _, e := range asked {
		effects = append(effects, e)
	}
	slices.SortFunc(effects, func(x, y *effect) int { return strings.Compare(x.TaskID, y.TaskID) })
	return effects, err
}

// planOf is the hash of a plan: of all that its tokens will stand for.
func planOf(party string, effects []*effect) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", party)
	for _, e := range effects {
		fmt.Fprintf(h, "%d %s\n", len(e.sum), e.sum)
	}
	return hex.EncodeToString(h.Sum(nil))
}
