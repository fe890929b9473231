package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/runner"
	"waybill/schemas"
)

// reopenTime is how long a dismissal can be taken back: as long as what came back to a step lies on its topic.
const reopenTime = 30 * 24 * time.Hour

func (a *app) trashReopen() *cobra.Command {
	var act act
	cmd := &cobra.Command{Use: "reopen [TRASH-ID…] --why REASON", Short: "Take a dismissal back, for 30 days: the entries are open again, with their messages"}
	cmd.Long = `Brings back what an operator dismissed: those entries that are named, or all that the filter takes. Each is open again, with its message as
it lay when it was dismissed, and can be mended, tried again or dismissed as before. What had waited behind it has gone on meanwhile; a
later good message about the same order closes it, as it does with any entry.`
	cmd.Example = `  waybill trash reopen normalize/orders.raw/2/17 --why "it was no test order"
  waybill trash reopen --fingerprint 3f2a9c0011223344 --since 24h --why "the wrong cause was given up" --yes`
	cmd.RunE = func(cmd *cobra.Command, ids []string) error { return a.act(cmd, &act, schemas.DidReopen, ids) }
	act.flags(cmd, true)
	return cmd
}

// whyClosed is why an entry can not be brought back; "" if it can.
func whyClosed(t *trashItem) string {
	switch ago := time.Since(t.at); {
	case t.State != schemas.TrashDismissed:
		return fmt.Sprintf("it is %s, and not dismissed", t.State)
	case t.Did != schemas.DidDismiss:
		return "nobody dismissed it: " + t.Resolution
	case ago >= reopenTime:
		return fmt.Sprintf("it was dismissed %.0f days ago, and can be brought back for 30: 'waybill feed' what was sent", ago.Hours()/24)
	case t.imported != "":
		return "it had been imported, and its message lay in its entry alone: import it again"
	}
	return ""
}

// bringBack is the deed that opens an entry again, with the message and the headers that lie on the topic: a closed entry has neither.
func (r *errand) bringBack(ctx context.Context, t *trashItem, d *runner.Deed) error {
	if why := whyClosed(t); why != "" {
		return unmendable(why)
	}
	record, err := r.stack.recordAt(ctx, t.Topic, t.Partition, t.Offset)
	if err != nil {
		return err
	}
	if len(record.Value) > schemas.TrashValueBytesMax {
		return unmendable("its message is too long for its entry: 'waybill feed' what was sent")
	}
	entry := *t.TrashEntry
	entry.Headers = nil
	for _, h := range record.Headers {
		if !strings.HasPrefix(h.Key, "trash-") {
			entry.Headers = append(entry.Headers, schemas.Header{Name: h.Key, Value: string(h.Value)})
		}
	}
	d.Entry, d.Key, d.Value, d.Loose = &entry, string(record.Key), record.Value, true
	return nil
}

// reopened is what became of an entry that is to be opened again, "" while nothing has.
func reopened(now *trashItem) string {
	switch {
	case now.isOpen():
		return schemas.DidReopen
	case now.State == schemas.TrashDismissed:
		return ""
	}
	return now.State
}
