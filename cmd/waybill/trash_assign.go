package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/deed"
	"waybill/schemas"
	"waybill/topics"
)

// assigning is what trash assign was told.
type assigning struct {
	trashFilter
	to, by, why string
	yes         bool
}

func (a *app) trashAssign() *cobra.Command {
	var g assigning
	cmd := &cobra.Command{Use: "assign [TRASH-ID…] --to NAME --why REASON", Short: "Say whose entries are: those named, or all that the filter takes; 'nobody' takes them away"}
	cmd.Long = `Says who takes care of entries that are open or wait. It is kept beside the entry, so that it needs no step, holds however often
the message fails again, and is in nobody's way. If it is killed midway, the same command does the rest.`
	cmd.Example = `  waybill trash assign normalize/orders.raw/2/17 --to anna --why "she knows the shop"
  waybill trash assign --party shop --owner nobody --to anna --why "her account" --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.assign(cmd, &g, ids) }
	g.trashFilter.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&g.to, "to", "", "whose they are from now on; nobody: nobody's")
	signFlags(cmd, &g.by, &g.why)
	flags.BoolVar(&g.yes, "yes", false, "do it to many without asking")
	_, _ = cmd.MarkFlagRequired("to"), cmd.MarkFlagRequired("why") // the flags are ours
	stackFlags(cmd)
	return cmd
}

// check reads what was told.
func (g *assigning) check(verb string, ids []string) (err error) {
	if g.to = strings.TrimSpace(g.to); g.to == "" || len(g.to) > ownerBytesMax || strings.ContainsAny(g.to, "\r\n\t") {
		return usage("--to %q: give a name of up to %d bytes on one line, or 'nobody'", g.to, ownerBytesMax)
	}
	if (len(ids) > 0) == g.given() {
		return usage("trash %s: name entries, or give a filter such as --class; 'waybill trash list' shows what it takes", verb)
	}
	if g.by, err = whoDoes(g.by); err != nil {
		return err
	}
	return fitsNote("--why", g.why, g.trashFilter.check(time.Now(), schemas.TrashOpen, schemas.TrashWaiting))
}

// ownerBytesMax bounds a name, so that it stands in a table.
const ownerBytesMax = 64

// fitsNote refuses what is too long to be kept whole.
func fitsNote(flag, text string, before error) error {
	if before == nil && len(text) > deed.TextMax {
		return usage("%s: give up to %d bytes, that are %d", flag, deed.TextMax, len(text))
	}
	return before
}

func (a *app) assign(cmd *cobra.Command, g *assigning, ids []string) error {
	if err := g.check(cmd.Name(), ids); err != nil {
		return err
	}
	stack, err := a.openTopics(cmd)
	if err != nil {
		return err
	}
	defer a.close(stack)
	chosen, err := stack.toAssign(cmd.Context(), g, ids)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		a.say("%d entries will be given to %s (%s); such as", len(chosen), g.to, g.words())
		a.printSome(chosen)
		if !g.yes && !a.confirmed() {
			return usage("nothing was done: give --yes to go on")
		}
	}
	at := schemas.At(time.Now())
	notes := make([]*schemas.TrashNote, len(chosen))
	for i, t := range chosen {
		n := noteOn(t, schemas.NoteAssigned, g.by, g.why, at)
		if n.NoteID = schemas.OwnerNoteID(t.TrashID); g.to != nobody {
			n.Owner = g.to
		}
		notes[i] = n
	}
	return a.writeNotes(cmd.Context(), stack, notes)
}

// toAssign are the entries that are named, or that the filter takes.
func (s *stack) toAssign(ctx context.Context, g *assigning, ids []string) (chosen []*trashItem, err error) {
	if len(ids) > 0 {
		if chosen, err = s.trashNamed(ctx, ids); err != nil {
			return nil, err
		}
	} else if chosen, err = s.trashFor(ctx, &g.trashFilter, func(t *trashItem) bool { t.Value = nil; return t.isOpen() }); err != nil {
		return nil, err
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("the trash has no entry like that (%s) that is open", g.words())
	}
	for _, t := range chosen {
		if !t.isOpen() {
			return nil, fmt.Errorf("trash %s: it is %s, so nobody has to take care of it: %s", t.TrashID, t.State, t.Resolution)
		}
	}
	return chosen, nil
}

func (a *app) trashComment() *cobra.Command {
	var text, by string
	cmd := &cobra.Command{Use: "comment TRASH-ID… --text TEXT", Short: "Say something about entries, for whoever looks at them next", Args: cobra.MinimumNArgs(1)}
	cmd.Example = `  waybill trash comment normalize/orders.raw/2/17 --text "the shop was asked, they answer tomorrow"`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		by, err := whoDoes(by)
		if err != nil {
			return err
		}
		if text = strings.TrimSpace(text); text == "" {
			return usage("--text: say something")
		}
		if err := fitsNote("--text", text, nil); err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		items, err := stack.trashNamed(cmd.Context(), ids)
		if err != nil {
			return err
		}
		now := time.Now()
		notes := make([]*schemas.TrashNote, len(items))
		for i, t := range items {
			notes[i] = noteOn(t, schemas.NoteCommented, by, text, schemas.At(now))
			notes[i].NoteID = t.TrashID + "/" + timeAndLetters(now)
		}
		return a.writeNotes(cmd.Context(), stack, notes)
	}
	cmd.Flags().StringVar(&text, "text", "", "what is to be said; no personal data")
	cmd.Flags().StringVar(&by, "by", "", "who says it (default: the user of this machine)")
	_ = cmd.MarkFlagRequired("text") // the flag is ours
	stackFlags(cmd)
	return cmd
}

// noteOn is a note about an entry, still without its id.
func noteOn(t *trashItem, kind, by, text string, at schemas.Millis) *schemas.TrashNote {
	return &schemas.TrashNote{TrashID: t.TrashID, Kind: kind, By: by, Text: text, At: at, OrderID: t.OrderID, Party: t.Party, Seller: t.Seller}
}

// writeNotes writes notes, and tells of each once it is kept.
func (a *app) writeNotes(ctx context.Context, s *stack, notes []*schemas.TrashNote) error {
	for len(notes) > 0 {
		some := notes[:min(batchMax, len(notes))]
		notes = notes[len(some):]
		messages := make([]topics.Message, len(some))
		for i, n := range some {
			messages[i] = noteMessage(n)
		}
		if err := s.store(ctx, messages); err != nil {
			return err
		}
		for _, n := range some {
			if err := a.printResult(itemResult{TrashID: n.TrashID, OrderID: n.OrderID, Result: n.Kind}); err != nil {
				return err
			}
		}
	}
	return nil
}

func noteMessage(n *schemas.TrashNote) topics.Message {
	return topics.Message{Topic: topics.TrashNotes, Key: n.NoteID, Value: n, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(n.OrderID)}}}
}
