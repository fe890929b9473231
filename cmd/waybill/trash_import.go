package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waybill/internal/deed"
	"waybill/internal/rights"
	"waybill/internal/runner"
	"waybill/schemas"
	"waybill/topics"
)

// trashImported is what an import says at its end.
type trashImported struct {
	Entries  int `json:"entries"`
	Imported int `json:"imported"`
	Refused  int `json:"refused"`
}

func (a *app) trashImport() *cobra.Command {
	var act act
	var replace bool
	cmd := &cobra.Command{Use: "import FILE --why REASON", Short: "Put exported entries back, here or elsewhere; - is stdin", Args: cobra.ExactArgs(1)}
	cmd.Example = `  waybill trash import trash.ndjson --why "moved from the old cluster"`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := whoDoes(act.by)
		if err != nil {
			return err
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		i := &trashImporting{app: a, stack: stack, by: by, why: act.why, replace: replace, there: map[string]bool{}}
		return a.reading(args[0], func(in io.Reader, _ int64) error { return i.run(cmd.Context(), in) })
	}
	flags := cmd.Flags()
	signFlags(cmd, &act.by, &act.why)
	flags.BoolVar(&replace, "replace", false, "put them in place of entries of the same id that are there")
	_ = cmd.MarkFlagRequired("why") // the flag is ours
	stackFlags(cmd)
	return cmd
}

// trashImporting is one file on its way.
type trashImporting struct {
	app      *app
	stack    *stack
	registry *schemas.Registry
	store    *runner.Store
	by, why  string
	replace  bool
	there    map[string]bool // ids
	total    trashImported
}

// importLineMax bounds a line, in bytes: a message of the longest topic as base64, and what stands around it.
const importLineMax = 12 << 20

func (i *trashImporting) run(ctx context.Context, in io.Reader) (err error) {
	if i.registry, err = i.stack.schemas(); err != nil {
		return err
	}
	items, err := i.stack.trashOf(ctx, func(t *trashItem) bool { t.Value = nil; return true })
	if err != nil {
		return err
	}
	for _, t := range items {
		i.there[t.TrashID] = true
	}
	if err := i.stack.mustLet(ctx, rights.Keeper, rights.ToWrite(topics.Trash, topics.TrashNotes)...); err != nil {
		return err
	}
	if i.store, err = runner.NewStore(i.stack.kafka, i.registry); err != nil {
		return err
	}
	defer i.store.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, importLineMax)
	for lines.Scan() {
		i.total.Entries++
		if err := i.line(ctx, lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", i.total.Entries, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	if err := i.app.result(i.total, "%d entries: %d imported, %d refused\n", i.total.Entries, i.total.Imported, i.total.Refused); err != nil {
		return err
	}
	switch {
	case i.total.Refused == 0:
		return nil
	case i.total.Imported == 0:
		return &exitError{code: exitFailed}
	}
	return &exitError{code: exitPartial}
}

func (i *trashImporting) line(ctx context.Context, text []byte) error {
	var line exported
	if err := json.Unmarshal(text, &line); err != nil {
		return fmt.Errorf("it is no exported entry: %w", err)
	}
	refuse := func(format string, args ...any) error {
		i.total.Refused++
		i.app.say("line %d: trash %s: %s", i.total.Entries, line.TrashID, fmt.Sprintf(format, args...))
		return nil
	}
	step, _, _, _, ok := schemas.SplitTrashID(line.TrashID)
	topic := stepTopic(step)
	switch {
	case !ok || step != line.Step || topic == nil:
		return refuse("no id of an entry of a step that there is")
	case i.there[line.TrashID] && !i.replace:
		return refuse("it is there already (--replace puts this in its place)")
	}
	entry := line.entry()
	entry.Did, entry.By, entry.Why = schemas.DidImport, i.by, i.why
	if line.Value != nil {
		value, err := i.registry.Reframe(ctx, topic.Subject(), topic.Schema, line.ValueSchema, line.Value)
		if err != nil {
			return err
		}
		entry.Value, entry.ValueSHA256 = &schemas.Body{Bytes: value}, sha256Of(value)
	}
	notes, refusal := line.notes()
	if refusal != "" {
		return refuse("%s", refusal)
	}
	said, _ := json.Marshal(line.Notes) // it came as JSON
	if size := len(line.Value) + len(text) - len(line.Value)*4/3 - len(said); size > topics.Trash.MessageBytes-importRoom {
		return refuse("its message is too long for the trash: %d bytes", len(line.Value))
	}
	// What was said of it comes first: once the entry is there, the line is not read again.
	if err := i.store.Store(ctx, append(notes, importedMessage(entry, i.by))); err != nil {
		return err
	}
	i.there[line.TrashID] = true
	i.total.Imported++
	return nil
}

// notes are those of the entry, as they were said; a refusal says why they can not be taken.
func (x *exported) notes() (messages []topics.Message, refusal string) {
	for _, n := range x.Notes {
		isOwner := n.NoteID == schemas.OwnerNoteID(x.TrashID)
		switch {
		case !strings.HasPrefix(n.NoteID, x.TrashID+"/"), isOwner != (n.Kind == schemas.NoteAssigned), !isOwner && n.Kind != schemas.NoteCommented:
			return nil, fmt.Sprintf("note %s is none of it", n.NoteID)
		case len(n.Owner) > ownerBytesMax, len(n.Text) > deed.TextMax:
			return nil, fmt.Sprintf("note %s is too long", n.NoteID)
		}
		messages = append(messages, noteMessage(&schemas.TrashNote{
			NoteID: n.NoteID, TrashID: x.TrashID, Kind: n.Kind, Owner: n.Owner, By: n.By, Text: n.Text, At: n.At, OrderID: x.OrderID, Party: x.Party, Seller: x.Seller,
		}))
	}
	return messages, ""
}

// importRoom is what framing and headers add to an entry at most, in bytes.
const importRoom = 8 << 10

// importedMessage is an entry that no step knows of.
func importedMessage(e *schemas.TrashEntry, by string) topics.Message {
	return topics.Message{Topic: topics.Trash, Key: e.TrashID, Value: e, Headers: []topics.Header{
		{Key: topics.HeaderOrderID, Value: []byte(e.OrderID)}, {Key: runner.HeaderImported, Value: []byte(by)},
	}}
}

// entry is what was exported, but for its value.
func (x *exported) entry() *schemas.TrashEntry {
	e := &schemas.TrashEntry{
		TrashID: x.TrashID, Step: x.Step, State: x.State, Class: x.Class, Reason: x.Reason, Fingerprint: x.Fingerprint, Attempts: x.Attempts,
		FirstAt: x.FirstAt, OrderID: x.OrderID, Party: x.Party, Seller: x.Seller, Topic: x.Topic, Partition: x.Partition, Offset: x.Offset,
		Key: string(x.Key), ValueSHA256: x.SHA256, Resolution: x.Resolution, ShipBy: x.ShipBy,
	}
	for _, f := range x.Faults {
		e.Faults = append(e.Faults, schemas.Fault(f))
	}
	for _, h := range x.Headers {
		e.Headers = append(e.Headers, schemas.Header{Name: h.Name, Value: string(h.Value)})
	}
	return e
}
