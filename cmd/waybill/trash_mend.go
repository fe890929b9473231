package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"waybill/connectors/marketplaces"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// set carries out one edit. A field that is not there is added where a fault asks for it, or the channel has it.
func (m *mending) set(e fieldEdit, force bool) error {
	name := m.withinPart(e.path)
	body := *m.body()
	places := marketplaces.Places(m.raw.Channel)
	path, known, err := places.Find(body, name)
	if m.task != nil {
		path, known, err = withinCall(name)
	}
	if err != nil {
		return usage("--%s %s: %v", e.flag(), e.path, err)
	}
	asked := slices.ContainsFunc(m.entry.Faults, func(f schemas.Fault) bool { return m.withinPart(f.Path) == path.String() })
	if !known && !asked && !force {
		return usage("--%s %s: the message has no such field; nearest are %s (--force adds it)", e.flag(), name, strings.Join(places.Nearest(body, name), ", "))
	}
	old, _ := path.Get(body)
	value, err := e.value(body, old)
	if err != nil {
		return usage("--%s %s: %v", e.flag(), name, err)
	}
	edited, err := path.Set(body, value)
	if err != nil {
		return usage("%v; nearest are %s", err, strings.Join(places.Nearest(body, name), ", "))
	}
	*m.body() = edited
	m.changes = append(m.changes, fieldChange{path: path.String(), old: bytes.Clone(old), new: bytes.Clone(value)})
	return nil
}

// withinPart is a path within the part that was sent, where a fault names it within the order that the parts make.
func (m *mending) withinPart(path string) string {
	if m.raw.Form != schemas.FormPart {
		return path
	}
	if rest, is := strings.CutPrefix(path, "$.parts."+m.raw.Part+"."); is {
		return "$." + rest
	}
	return path
}

// check reads the edited message as the step would, knowing nothing else of the order. A change to an order is only read together
// with the order, so of that nothing can be said here.
func (m *mending) check() (schemas.Faults, error) {
	if m.task != nil {
		return m.checkCall(), nil
	}
	if err := m.sameOrder(); err != nil {
		return nil, err
	}
	settings, known := m.config.Parties[m.raw.Party]
	if !known {
		return nil, unknownParty(m.config, m.raw.Party)
	}
	if m.raw.Form == schemas.FormPatch {
		return nil, nil
	}
	terms, err := termsOf(settings)
	if err != nil {
		return nil, err
	}
	step := processors.Normalize(processors.Sources{
		Channels: processors.Parties{m.raw.Party: m.channel}, Terms: func(string) processors.Terms { return terms },
	})
	event := &topics.Event{Topic: topics.StepNormalize, Key: m.raw.OrderID, Value: &m.raw}
	_, err = step.Handle(event, step.State.New())
	dead, _ := processors.Outcome(err)
	var faults schemas.Faults
	switch {
	case dead == nil:
		return nil, nil
	case errors.As(dead.Err, &faults):
		return faults, nil
	}
	return schemas.Faults{{Code: dead.Class, Path: "$", Text: dead.Error()}}, nil
}

// sameOrder refuses what would make another order of it: its key, and all that is known of it, hang on the reference.
func (m *mending) sameOrder() error {
	before, err := m.channel.Receive(http.Header{}, m.was)
	if err != nil || len(before) != 1 {
		return nil // it is cut in another way
	}
	after, err := m.channel.Receive(http.Header{}, m.raw.Body.Bytes)
	if err != nil {
		return fmt.Errorf("the edited message: %w", err)
	}
	if len(after) != 1 || after[0].Ref != before[0].Ref {
		return fmt.Errorf("trash %s: with that it is about another order: 'waybill feed' the mended payload, and dismiss this one", m.entry.TrashID)
	}
	return nil
}

// message is the edited message as it lies on a topic.
func (m *mending) message(ctx context.Context) ([]byte, error) {
	topic := wayBack(m.entry.Step)
	if m.task != nil {
		return m.registry.Encode(ctx, nil, topic.Subject(), topic.Schema, m.task)
	}
	return m.registry.Encode(ctx, nil, topic.Subject(), topic.Schema, &m.raw)
}

// masked is a JSON value without its texts.
func masked(value []byte) string {
	var text string
	switch {
	case json.Unmarshal(value, &text) == nil && bytes.HasPrefix(bytes.TrimSpace(value), []byte{'"'}):
		return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(text))
	case bytes.ContainsAny(value, `{["`):
		return fmt.Sprintf("%d bytes", len(value))
	}
	return string(value)
}
