package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/runner"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) trash() *cobra.Command {
	cmd := &cobra.Command{GroupID: "ask", Use: "trash", Short: "Look at the messages that failed, mend them, try them again or give them up"}
	cmd.AddCommand(
		a.trashList(), a.trashCauses(), a.trashShow(), a.trashEdit(), a.trashRetry(), a.trashRefetch(), a.trashDismiss(), a.trashReopen(), a.trashAssign(), a.trashComment(),
		a.trashJobs(), a.trashResume(), a.trashPause(), a.trashCancel(), a.trashExport(), a.trashImport(), a.trashTidy(),
	)
	return cmd
}

// trashItem is one entry as it lies on the trash.
type trashItem struct {
	*schemas.TrashEntry
	imported string    // by whom it was brought from elsewhere, so that no step knows of it; "" if it was not
	at       time.Time // of what is said last about it
}

// isOpen tells whether there is anything left to do about it.
func (t *trashItem) isOpen() bool {
	return t.State == schemas.TrashOpen || t.State == schemas.TrashWaiting
}

// trash is the last word on every entry, the oldest first. It is read from the topic, which is never behind.
func (s *stack) trash(ctx context.Context) ([]*trashItem, error) {
	return s.trashOf(ctx, func(*trashItem) bool { return true })
}

// trashOf is what the filter takes of the trash; of the rest nothing stays in memory.
func (s *stack) trashOf(ctx context.Context, takes func(*trashItem) bool) ([]*trashItem, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	last := map[string]*trashItem{}
	err = s.readTopic(ctx, topics.Trash, func(r *kgo.Record) error {
		item, err := readTrash(ctx, registry, r)
		if err != nil {
			return err
		}
		if delete(last, string(r.Key)); item != nil && takes(item) {
			last[string(r.Key)] = item
		}
		return nil
	})
	items := make([]*trashItem, 0, len(last))
	for _, item := range last {
		items = append(items, item)
	}
	slices.SortFunc(items, func(x, y *trashItem) int {
		return cmp.Or(cmp.Compare(x.FirstAt, y.FirstAt), cmp.Compare(x.TrashID, y.TrashID))
	})
	return items, err
}

// trashFor is what a verb's filter takes of the trash, and keep too.
func (s *stack) trashFor(ctx context.Context, f *trashFilter, keep func(*trashItem) bool) (items []*trashItem, err error) {
	if f.standing == nil && f.asksPeople() {
		if f.standing, err = s.standing(ctx); err != nil {
			return nil, err
		}
	}
	return s.trashOf(ctx, func(t *trashItem) bool { return f.takes(t) && keep(t) })
}

// readTrash is what a record of the trash says; nil if it deletes its entry.
func readTrash(ctx context.Context, registry *schemas.Registry, r *kgo.Record) (*trashItem, error) {
	if r.Value == nil {
		return nil, nil
	}
	item := &trashItem{TrashEntry: new(schemas.TrashEntry), at: r.Timestamp}
	if err := registry.Decode(ctx, schemas.TrashEntrySchema, r.Value, item.TrashEntry); err != nil {
		return nil, fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
	}
	for _, h := range r.Headers {
		if h.Key == runner.HeaderImported {
			item.imported = string(h.Value)
		}
	}
	return item, nil
}

// trashNamed are the entries of those ids, in their order.
func (s *stack) trashNamed(ctx context.Context, ids []string) ([]*trashItem, error) {
	found, err := s.trashOf(ctx, func(t *trashItem) bool { return slices.Contains(ids, t.TrashID) })
	if err != nil {
		return nil, err
	}
	items := make([]*trashItem, len(ids))
	for i, id := range ids {
		at := slices.IndexFunc(found, func(t *trashItem) bool { return t.TrashID == id })
		if at < 0 {
			return nil, fmt.Errorf("trash %s: there is no such entry; 'waybill trash list --all' lists them", id)
		}
		items[i] = found[at]
	}
	return items, nil
}

// message is the key and the value of the message that failed: from its entry, or from where it lies if that has not all of it.
func (s *stack) message(ctx context.Context, t *trashItem) (key string, value []byte, err error) {
	const whole = 1000 // a key of so many bytes may have been longer
	switch {
	case t.Value != nil && (len(t.Key) < whole || t.imported != ""):
		return t.Key, t.Value.Bytes, nil
	case t.imported != "":
		return "", nil, fmt.Errorf("trash %s was imported without its message: %w", t.TrashID, errGone)
	}
	r, err := s.recordAt(ctx, t.Topic, t.Partition, t.Offset)
	if err != nil {
		return "", nil, fmt.Errorf("trash %s has not all of its message: it is too long, or the entry is closed; and %w", t.TrashID, err)
	}
	if t.ValueSHA256 != "" && t.ValueSHA256 != sha256Of(r.Value) {
		return "", nil, fmt.Errorf("trash %s: another message lies where its was: %w", t.TrashID, errGone)
	}
	return string(r.Key), r.Value, nil
}

// recordWait bounds how long one record is looked for.
const recordWait = 10 * time.Second

var errGone = errors.New("it lies no longer on its topic")

// recordAt is the record at that position.
func (s *stack) recordAt(ctx context.Context, topic string, partition int32, offset int64) (*kgo.Record, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {partition: kgo.NewOffset().At(offset)}}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.ConsumeResetOffset(kgo.NoResetOffset()),
	}, s.kafka...)...)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, recordWait)
	defer cancel()
	position := schemas.Position(topic, partition, offset)
	fetches := client.PollRecords(ctx, 1)
	for _, e := range fetches.Errors() {
		return nil, fmt.Errorf("%s: %w (%w)", position, errGone, e.Err)
	}
	for r := range fetches.RecordsAll() {
		if r.Offset == offset {
			return r, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", position, errGone)
}
