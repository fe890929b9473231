package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

func (a *app) trash() *cobra.Command {
	cmd := &cobra.Command{GroupID: "ask", Use: "trash", Short: "Look at the messages that failed"}
	cmd.AddCommand(a.trashList(), a.trashShow())
	return cmd
}

func (a *app) trashList() *cobra.Command {
	var all bool
	cmd := &cobra.Command{Use: "list", Short: "List the entries that are open or wait, oldest first", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		entries, err := stack.trash(cmd.Context())
		if err != nil {
			return err
		}
		p := a.printer("trash id", "since", "order", "state", "class", "reason")
		for _, e := range entries {
			if e.State != schemas.TrashOpen && e.State != schemas.TrashWaiting && !all {
				continue
			}
			if err := p.row(listed(e), e.TrashID, e.FirstAt.Time().Format(time.DateTime), e.OrderID, e.State, e.Class, clip(e.Reason)); err != nil {
				return err
			}
		}
		return p.end()
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that are repaired or dismissed")
	stackFlags(cmd)
	return cmd
}

// clip keeps a reason on the line of a table.
func clip(text string) string {
	const most = 90
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

func (a *app) trashShow() *cobra.Command {
	var payload bool
	cmd := &cobra.Command{Use: "show TRASH-ID", Short: "Show one entry: its faults, and with --payload what was sent", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		entries, err := stack.trash(cmd.Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(entries, func(e *schemas.TrashEntry) bool { return e.TrashID == args[0] })
		if i < 0 {
			return fmt.Errorf("trash %s: there is no such entry; 'waybill trash list --all' lists them", args[0])
		}
		if payload {
			return a.printPayload(cmd.Context(), stack, entries[i])
		}
		return a.printEntry(entries[i])
	}
	cmd.Flags().BoolVar(&payload, "payload", false, "print the payload, byte for byte: it may hold personal data")
	stackFlags(cmd)
	return cmd
}

func (a *app) printEntry(e *schemas.TrashEntry) error {
	if a.output == "json" {
		return a.json(listed(e))
	}
	for _, line := range [][2]string{
		{"trash id", e.TrashID},
		{"order", e.OrderID},
		{"party", e.Party},
		{"step", e.Step},
		{"state", e.State},
		{"class", e.Class},
		{"since", e.FirstAt.String()},
		{"message", schemas.Position(e.Topic, e.Partition, e.Offset)},
		{"sha256", e.ValueSHA256},
		{"resolution", e.Resolution},
		{"reason", e.Reason},
	} {
		if line[1] != "" {
			fmt.Fprintf(a.stdout, "%-11s %s\n", line[0], line[1])
		}
	}
	for _, f := range e.Faults {
		fmt.Fprintf(a.stdout, "  %-24s %-40s %s\n", f.Code, f.Path, f.Text)
	}
	return nil
}

func (a *app) printPayload(ctx context.Context, stack *stack, e *schemas.TrashEntry) error {
	registry, err := stack.schemas()
	if err != nil {
		return err
	}
	if e.Value == nil {
		return fmt.Errorf("trash %s keeps no payload: it was longer than %d bytes, or the entry is closed; the message lies at %s",
			e.TrashID, schemas.TrashValueBytesMax, schemas.Position(e.Topic, e.Partition, e.Offset))
	}
	body := e.Value.Bytes
	if topic := topics.Named(e.Topic); topic != nil && topic.Schema == schemas.Any(schemas.RawOrderSchema) {
		var raw schemas.RawOrder
		if err := registry.Decode(ctx, schemas.RawOrderSchema, body, &raw); err == nil {
			body = raw.Body.Bytes
		}
	}
	_, err = a.stdout.Write(append(body, '\n'))
	return err
}

// trashed is a trash entry as it is listed: without the message's value, which may hold personal data.
type trashed struct {
	TrashID    string         `json:"trash_id"`
	OrderID    string         `json:"order_id"`
	Party      string         `json:"party"`
	Step       string         `json:"step"`
	State      string         `json:"state"`
	Class      string         `json:"class"`
	Reason     string         `json:"reason"`
	Faults     []trashedFault `json:"faults"`
	Attempts   int64          `json:"attempts"`
	FirstAt    schemas.Millis `json:"first_at"`
	Topic      string         `json:"topic"`
	Partition  int32          `json:"partition"`
	Offset     int64          `json:"offset"`
	SHA256     string         `json:"value_sha256"`
	Resolution string         `json:"resolution,omitempty"`
}

type trashedFault struct {
	Code string `json:"code"`
	Path string `json:"path"`
	Text string `json:"text"`
}

func listed(e *schemas.TrashEntry) trashed {
	t := trashed{
		TrashID: e.TrashID, OrderID: e.OrderID, Party: e.Party, Step: e.Step, State: e.State, Class: e.Class, Reason: e.Reason,
		Faults: make([]trashedFault, len(e.Faults)), Attempts: e.Attempts, FirstAt: e.FirstAt, Topic: e.Topic, Partition: e.Partition,
		Offset: e.Offset, SHA256: e.ValueSHA256, Resolution: e.Resolution,
	}
	for i, f := range e.Faults {
		t.Faults[i] = trashedFault(f)
	}
	return t
}

// trash is the last word on every entry, the oldest first. It is read from the topic, which is never behind.
func (s *stack) trash(ctx context.Context) ([]*schemas.TrashEntry, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	last := map[string]*schemas.TrashEntry{}
	err = s.readTopic(ctx, topics.Trash, func(r *kgo.Record) error {
		if r.Value == nil {
			delete(last, string(r.Key))
			return nil
		}
		var e schemas.TrashEntry
		if err := registry.Decode(ctx, schemas.TrashEntrySchema, r.Value, &e); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		last[string(r.Key)] = &e
		return nil
	})
	entries := make([]*schemas.TrashEntry, 0, len(last))
	for _, e := range last {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(x, y *schemas.TrashEntry) int {
		return cmp.Or(cmp.Compare(x.FirstAt, y.FirstAt), cmp.Compare(x.TrashID, y.TrashID))
	})
	return entries, err
}
