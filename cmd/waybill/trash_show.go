package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

func (a *app) trashShow() *cobra.Command {
	var payload bool
	cmd := &cobra.Command{Use: "show TRASH-ID", Short: "Show one entry: its faults, and with --payload what was sent", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		items, err := stack.trashNamed(cmd.Context(), args)
		if err != nil {
			return err
		}
		if payload {
			return a.printPayload(cmd.Context(), stack, items[0])
		}
		return a.printEntry(cmd.Context(), stack, items[0])
	}
	cmd.Flags().BoolVar(&payload, "payload", false, "print the payload, byte for byte: it may hold personal data")
	stackFlags(cmd)
	return cmd
}

// shown is one entry with all that people said of it.
type shown struct {
	listedEntry
	Assigned *comment  `json:"assigned,omitempty"` // who gave it to its owner, and why
	Comments []comment `json:"comments"`           // the oldest first
}

// comment is what somebody said about an entry.
type comment struct {
	At   schemas.Millis `json:"at"`
	By   string         `json:"by"`
	Text string         `json:"text"`
}

// shown is an entry with the notes on it.
func (s *stack) shown(ctx context.Context, t *trashItem) (*shown, error) {
	st := &standing{deadlines: deadlinesOf(&s.config.Trash), now: time.Now(), owners: map[string]*schemas.TrashNote{}}
	v := &shown{Comments: []comment{}}
	about := func(key string) bool { return strings.HasPrefix(key, t.TrashID+"/") }
	err := s.notes(ctx, about, func(n *schemas.TrashNote) {
		said := comment{n.At, n.By, n.Text}
		if n.Kind == schemas.NoteAssigned {
			st.owners[n.TrashID], v.Assigned = n, &said
		} else {
			v.Comments = append(v.Comments, said)
		}
	})
	v.listedEntry = listedEntry{listed(t.TrashEntry), st.view(t)}
	return v, err
}

func (a *app) printEntry(ctx context.Context, s *stack, t *trashItem) error {
	v, err := s.shown(ctx, t)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.json(v)
	}
	e := t.TrashEntry
	for _, line := range [][2]string{
		{"trash id", e.TrashID},
		{"order", e.OrderID},
		{"party", e.Party},
		{"step", e.Step},
		{"state", e.State},
		{"class", e.Class},
		{"since", e.FirstAt.String()},
		{"due", v.by()},
		{"owner", v.responsible()},
		{"assigned", v.Assigned.signed()},
		{"attempts", fmt.Sprint(e.Attempts)},
		{"message", schemas.Position(e.Topic, e.Partition, e.Offset)},
		{"sha256", e.ValueSHA256},
		{"fingerprint", e.Fingerprint},
		{"resolution", e.Resolution},
		{e.Did, signedBy(e)},
		{"reason", e.Reason},
	} {
		if line[1] != "" {
			fmt.Fprintf(a.stdout, "%-11s %s\n", line[0], line[1])
		}
	}
	for _, f := range e.Faults {
		fmt.Fprintf(a.stdout, "  %-24s %-40s %s\n", f.Code, f.Path, f.Text)
	}
	for i := range v.Comments {
		fmt.Fprintf(a.stdout, "%-11s %s\n", "comment", v.Comments[i].signed())
	}
	return nil
}

// signed is what was said, by whom and when; "" if nothing was.
func (c *comment) signed() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%s by %s: %s", c.At.Time().Format(time.DateTime), c.By, c.Text)
}

// signedBy is who did the last thing about an entry, and why.
func signedBy(e *schemas.TrashEntry) string {
	if e.Did == "" {
		return ""
	}
	return fmt.Sprintf("by %s: %s", e.By, e.Why)
}

func (a *app) printPayload(ctx context.Context, stack *stack, t *trashItem) error {
	registry, err := stack.schemas()
	if err != nil {
		return err
	}
	_, body, err := stack.message(ctx, t)
	if err != nil {
		return err
	}
	var raw schemas.RawOrder
	var task schemas.Task
	switch topic := topics.Named(t.Topic); {
	case topic == nil:
	case topic.Schema == schemas.Any(schemas.RawOrderSchema) && registry.Decode(ctx, schemas.RawOrderSchema, body, &raw) == nil:
		body = raw.Body.Bytes
	case topic.Schema == schemas.Any(schemas.TaskSchema) && registry.Decode(ctx, schemas.TaskSchema, body, &task) == nil:
		body = task.Payload.Bytes
	}
	_, err = a.stdout.Write(append(body, '\n'))
	return err
}
