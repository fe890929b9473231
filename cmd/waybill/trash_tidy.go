package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"waybill/schemas"
	"waybill/topics"
)

// tidied is what trash tidy did.
type tidied struct {
	Notes   int `json:"notes"`
	Entries int `json:"entries"` // that they were on
	Left    int `json:"left"`    // notes that stay
}

func (a *app) trashTidy() *cobra.Command {
	var days int
	var yes bool
	cmd := &cobra.Command{Use: "tidy", Short: "Take away what was said of entries that are long closed: owners and comments", Args: cobra.NoArgs}
	cmd.Long = `Takes the notes away that are as old as their entries are closed, so that what every look at the trash reads does not grow for ever. The
entries stay, and so does what was said in ClickHouse (trash_notes) and on the timeline of the order. Let cron do it once a month.`
	cmd.Example = `  waybill trash tidy --closed-days 400 --yes`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if days < tidyDaysMin {
			return usage("--closed-days: give %d or more, as a dismissal can be taken back for as long", tidyDaysMin)
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		before := time.Now().AddDate(0, 0, -days)
		gone, result, err := stack.outdatedNotes(cmd.Context(), before)
		if err != nil {
			return err
		}
		if len(gone) > 0 && !yes {
			a.say("%d notes will be taken away, on %d entries that are closed since before %s", result.Notes, result.Entries, before.UTC().Format(time.DateOnly))
			if !a.confirmed() {
				return usage("nothing was done: give --yes to go on")
			}
		}
		if err := stack.forgetNotes(cmd.Context(), gone); err != nil {
			return err
		}
		return a.result(result, "%d notes taken away, on %d entries; %d stay\n", result.Notes, result.Entries, result.Left)
	}
	cmd.Flags().IntVar(&days, "closed-days", 400, "how long an entry has to be closed, and nothing said of it, in days")
	cmd.Flags().BoolVar(&yes, "yes", false, "do it without asking")
	stackFlags(cmd)
	return cmd
}

// tidyDaysMin is longer than a dismissal can be taken back.
const tidyDaysMin = int(reopenTime/(24*time.Hour)) + 1

// outdatedNotes are the keys of notes that were written before a time, on entries that have been closed since before it. Nobody can write to
// those keys meanwhile: only what is open is given to somebody, and each comment has a key of its own.
func (s *stack) outdatedNotes(ctx context.Context, before time.Time) (keys []string, r tidied, err error) {
	stays := map[string]bool{} // by trash id
	_, err = s.trashOf(ctx, func(t *trashItem) bool {
		stays[t.TrashID] = t.isOpen() || t.at.After(before)
		return false
	})
	if err != nil {
		return nil, r, err
	}
	on := map[string]bool{}
	err = s.notes(ctx, anyKey, func(n *schemas.TrashNote) {
		if stays[n.TrashID] || n.At.Time().After(before) {
			r.Left++
			return
		}
		keys, on[n.TrashID] = append(keys, n.NoteID), true
	})
	r.Notes, r.Entries = len(keys), len(on)
	return keys, r, err
}

// forgetNotes deletes notes. If it is killed midway, the same again does the rest.
func (s *stack) forgetNotes(ctx context.Context, keys []string) error {
	for len(keys) > 0 {
		some := keys[:min(batchMax, len(keys))]
		keys = keys[len(some):]
		messages := make([]topics.Message, len(some))
		for i, key := range some {
			messages[i] = topics.Message{Topic: topics.TrashNotes, Key: key}
		}
		if err := s.store(ctx, messages); err != nil {
			return err
		}
	}
	return nil
}
