package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
)

// exported is an entry as it goes out and comes in: all of it, and what may be any bytes as base64.
type exported struct {
	trashed
	Key         []byte           `json:"key"`
	Headers     []exportedHeader `json:"headers"`
	Value       []byte           `json:"value"`        // as it lies on its topic; null if it lies nowhere any more
	ValueSchema string           `json:"value_schema"` // the definition that wrote it, by its fingerprint; "" if nobody knows
	Notes       []exportedNote   `json:"notes"`        // whose it is and what was said of it, by the time at which that was
}

// exportedNote is what somebody said of an entry.
type exportedNote struct {
	NoteID string         `json:"note_id"`
	Kind   string         `json:"kind"`
	Owner  string         `json:"owner"`
	By     string         `json:"by"`
	Text   string         `json:"text"`
	At     schemas.Millis `json:"at"`
}

type exportedHeader struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

func (a *app) trashExport() *cobra.Command {
	var all bool
	var f trashFilter
	cmd := &cobra.Command{Use: "export", Short: "Print entries whole, with their owners and comments, a JSON object a line, to keep or to import elsewhere: they hold personal data", Args: cobra.NoArgs}
	cmd.Example = `  waybill trash export --party allegro > trash.ndjson`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		states := []string{schemas.TrashOpen, schemas.TrashWaiting}
		if all {
			states = nil
		}
		if err := f.check(time.Now(), states...); err != nil {
			return err
		}
		stack, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		items, err := stack.trashFor(cmd.Context(), &f, func(*trashItem) bool { return true })
		if err != nil {
			return err
		}
		notes, err := stack.exportedNotes(cmd.Context())
		if err != nil {
			return err
		}
		lost := 0
		for _, t := range items {
			line, err := stack.export(cmd.Context(), t)
			if err != nil {
				return err
			}
			line.Notes = append(line.Notes, notes[t.TrashID]...)
			if line.Value == nil && t.isOpen() {
				lost++
				a.say("trash %s: its message lies nowhere any more", t.TrashID)
			}
			if err := a.json(line); err != nil {
				return err
			}
		}
		if lost > 0 {
			return &exitError{code: exitPartial}
		}
		return nil
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that are repaired or dismissed")
	f.flags(cmd)
	stackFlags(cmd)
	return cmd
}

// export is an entry with its message.
func (s *stack) export(ctx context.Context, t *trashItem) (*exported, error) {
	line := &exported{trashed: listed(t.TrashEntry), Key: []byte(t.Key), Headers: make([]exportedHeader, len(t.Headers)), Notes: []exportedNote{}}
	for i, h := range t.Headers {
		line.Headers[i] = exportedHeader{Name: h.Name, Value: []byte(h.Value)}
	}
	if t.Value == nil && !t.isOpen() {
		return line, nil
	}
	key, value, err := s.message(ctx, t)
	if errors.Is(err, errGone) {
		return line, nil
	}
	if err != nil {
		return nil, err
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	line.Key, line.Value = []byte(key), value
	line.ValueSchema, err = registry.Writer(ctx, value)
	return line, err
}

// exportedNotes are the notes on each entry, the oldest first.
func (s *stack) exportedNotes(ctx context.Context) (map[string][]exportedNote, error) {
	of := map[string][]exportedNote{}
	err := s.notes(ctx, anyKey, func(n *schemas.TrashNote) {
		of[n.TrashID] = append(of[n.TrashID], exportedNote{NoteID: n.NoteID, Kind: n.Kind, Owner: n.Owner, By: n.By, Text: n.Text, At: n.At})
	})
	for _, notes := range of {
		slices.SortStableFunc(notes, func(x, y exportedNote) int { return cmp.Compare(x.At, y.At) })
	}
	return of, err
}
