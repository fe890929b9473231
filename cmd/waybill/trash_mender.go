package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"waybill/connectors/marketplaces"
	"waybill/connectors/reading"
	"waybill/internal/config"
	"waybill/schemas"
)

// mender edits messages of the trash, all in the same way.
type mender struct {
	stack    *stack
	registry *schemas.Registry
	chosen   map[string]*schemas.MappingChoice
	channels map[string]marketplaces.Marketplace // by party, as its orders are read now
	edits    []fieldEdit
	force    bool
}

// fieldEdit is what is done to one field.
type fieldEdit struct {
	path   string
	set    []byte         // the new value, as JSON
	change reading.Change // or how it is made of the old one
}

func (e fieldEdit) value(document, old []byte) ([]byte, error) {
	if e.change == nil {
		return e.set, nil
	}
	return e.change.Of(document, old)
}

func (e fieldEdit) flag() string {
	if e.change == nil {
		return "set"
	}
	return "change"
}

// editFlag is --set and --change: what is done to fields, in the order in which it is said.
type editFlag struct {
	all     *[]schemas.TrashEdit
	changes bool
}

func (f *editFlag) String() string { return "" }
func (f *editFlag) Type() string   { return "PATH=…" }

// Set takes one edit, which has to mean something.
func (f *editFlag) Set(text string) error {
	path, how, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("give PATH=…, such as 'ship_to.postal_code=\"01067\"'")
	}
	edit := schemas.TrashEdit{Path: strings.TrimSpace(path), Changes: f.changes, Text: schemas.Body{Bytes: []byte(how)}}
	if _, err := readEdit(edit); err != nil {
		return err
	}
	*f.all = append(*f.all, edit)
	return nil
}

func readEdit(e schemas.TrashEdit) (edit fieldEdit, err error) {
	edit.path = e.Path
	if e.Changes {
		edit.change, err = reading.ParseChange(string(e.Text.Bytes))
		return edit, err
	}
	if edit.set = e.Text.Bytes; !json.Valid(edit.set) {
		return edit, fmt.Errorf("set %s: the value is no JSON; a text stands in quotation marks: \"01067\"", e.Path)
	}
	return edit, nil
}

func (s *stack) mender(ctx context.Context, edits []schemas.TrashEdit, force bool) (*mender, error) {
	m := &mender{stack: s, channels: map[string]marketplaces.Marketplace{}, force: force}
	for _, e := range edits {
		edit, err := readEdit(e)
		if err != nil {
			return nil, err
		}
		m.edits = append(m.edits, edit)
	}
	var err error
	if m.registry, err = s.schemas(); err == nil {
		m.chosen, err = s.mappingsChosen(ctx)
	}
	return m, err
}

// mending is a message that is edited.
type mending struct {
	registry *schemas.Registry
	config   *config.Config
	entry    *schemas.TrashEntry
	raw      schemas.RawOrder
	task     *schemas.Task // instead of a raw order, of a call
	was      []byte        // what was sent, or is to be
	channel  marketplaces.Marketplace
	changes  []fieldChange
}

// fieldChange is one field that was set.
type fieldChange struct {
	path     string
	old, new []byte // as JSON; nil where there was none
}

// mend edits the message of an entry, which has to be a raw order or a call, in JSON.
func (m *mender) mend(ctx context.Context, t *trashItem) (*mending, error) {
	topic := wayBack(t.Step)
	_, value, err := m.stack.message(ctx, t)
	if err != nil {
		return nil, err
	}
	one := &mending{registry: m.registry, config: m.stack.config, entry: t.TrashEntry}
	var into any = &one.raw
	switch {
	case topic != nil && topic.Schema == schemas.Any(schemas.TaskSchema):
		one.task = new(schemas.Task)
		into = one.task
	case topic == nil || topic.Schema != schemas.Any(schemas.RawOrderSchema):
		return nil, fmt.Errorf("trash %s: what step %s reads can not be edited by fields", t.TrashID, t.Step)
	}
	if err := m.registry.Decode(ctx, topic.Schema, value, into); err != nil {
		return nil, fmt.Errorf("trash %s: it can not be read, so it has no fields ('waybill trash export' gives its bytes): %w", t.TrashID, err)
	}
	one.was = *one.body()
	if !json.Valid(one.was) {
		return nil, fmt.Errorf("trash %s: what was sent is no JSON, so it has no fields: 'waybill trash export' it, mend its bytes, 'waybill trash import --replace' it", t.TrashID)
	}
	if one.task == nil {
		if one.channel, err = m.channel(&one.raw); err != nil {
			return nil, err
		}
	}
	for _, edit := range m.edits {
		if err := one.set(edit, m.force); err != nil {
			return nil, err
		}
	}
	return one, nil
}

// body is what is edited.
func (m *mending) body() *[]byte {
	if m.task != nil {
		return &m.task.Payload.Bytes
	}
	return &m.raw.Body.Bytes
}

// channel is the party's, in the mapping that is in use.
func (m *mender) channel(raw *schemas.RawOrder) (channel marketplaces.Marketplace, err error) {
	if known := m.channels[raw.Party]; known != nil {
		return known, nil
	}
	settings := m.stack.config.Parties[raw.Party].Settings
	if choice := m.chosen[raw.Channel]; choice != nil && choice.Mapping != "" {
		channel, err = marketplaces.OpenMapping(choice.Mapping, settings)
	} else {
		channel, err = marketplaces.Open(raw.Channel, settings)
	}
	if err == nil {
		m.channels[raw.Party] = channel
	}
	return channel, err
}
