package runner

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// Deed is what an operator wants to be done with an entry of the trash. It goes to step.<name>, and is carried out by the step that
// failed, in the transaction of what comes of it: nobody else sees the message.
type Deed struct {
	Entry *schemas.TrashEntry
	Does  string // DidRetry, DidEdit, DidDismiss or DidReopen
	Value []byte // of the message, as it lies on a topic; none of one that is dismissed
	Key   string // of the message
	By    string
	Why   string // no personal data
	Job   string // that it is part of
	Loose bool   // no step knows of the entry: it was imported, or dismissed
}

// Headers of a deed, beside headerTrash.
const (
	headerDoes     = topics.HeaderDeed // edited, dismissed or reopened; none: it is tried again
	headerAttempts = "trash-attempts"  // how often it had been tried when the operator looked
	headerBy       = "trash-by"
	headerWhy      = "trash-why"
	headerJob      = "trash-job"
	headerLoose    = "trash-loose" // of an entry that was imported: what a row would know of it, as JSON

	deedPrefix = "trash-"
)

// HeaderImported is of a record on the trash that no step wrote: who did.
const HeaderImported = "imported-by"

// record is a deed on its way, with the headers that the message had.
func (d *Deed) record(back string) *kgo.Record {
	e := d.Entry
	r := &kgo.Record{Topic: back, Key: []byte(d.Key), Value: d.Value}
	add := func(name, value string) {
		if value != "" {
			r.Headers = append(r.Headers, kgo.RecordHeader{Key: name, Value: []byte(value)})
		}
	}
	for _, h := range e.Headers {
		if !strings.HasPrefix(h.Name, deedPrefix) && h.Name != topics.HeaderCause && h.Name != topics.HeaderEventID {
			add(h.Name, h.Value)
		}
	}
	if topics.Find(headersSeen(r.Headers), topics.HeaderOrderID) == "" {
		add(topics.HeaderOrderID, e.OrderID)
	}
	add(headerTrash, e.TrashID)
	add(headerAttempts, strconv.FormatInt(e.Attempts, 10))
	add(headerBy, d.By)
	add(headerWhy, d.Why)
	add(headerJob, d.Job)
	if d.Does != schemas.DidRetry {
		add(headerDoes, d.Does)
	}
	if !d.Loose {
		add(topics.HeaderCause, schemas.Position(e.Topic, e.Partition, e.Offset))
		return r
	}
	open := openOf(e)
	text, _ := json.Marshal(&open) // texts and numbers
	add(headerLoose, string(text))
	return r
}

func headersSeen(all []kgo.RecordHeader) []topics.Header {
	seen := make([]topics.Header, len(all))
	for i, h := range all {
		seen[i] = topics.Header{Key: h.Key, Value: h.Value}
	}
	return seen
}

// Send writes deeds to step.<name>, in order. An error means that some may not be there: whoever sends them again does nothing twice.
func (s *Store) Send(ctx context.Context, back *topics.Topic, deeds []Deed) error {
	records := make([]*kgo.Record, len(deeds))
	for i := range deeds {
		records[i] = deeds[i].record(back.Name)
	}
	return s.send(ctx, records)
}

// deed is a Deed as the step reads it.
type deed struct {
	does, by, why, job string
	attempts           int64              // -1 if nobody looked
	loose              *schemas.OpenTrash // of an entry that was imported
	open               *schemas.OpenTrash
	failed             bool // tried, and its entry says so
}

func deedOf(r *kgo.Record) *deed {
	d := &deed{does: schemas.DidRetry, attempts: -1}
	for _, h := range r.Headers {
		value := string(h.Value)
		switch h.Key {
		case headerDoes:
			d.does = value
		case headerAttempts:
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				d.attempts = n
			}
		case headerBy:
			d.by = clip(value, textMax)
		case headerWhy:
			d.why = clip(value, textMax)
		case headerJob:
			d.job = clip(value, textMax)
		case headerLoose:
			d.loose = new(schemas.OpenTrash)
			if json.Unmarshal(h.Value, d.loose) != nil {
				d.loose = nil
			}
		}
	}
	return d
}

// sign puts on an entry who did what with it.
func (d *deed) sign(entry *schemas.TrashEntry) {
	entry.Did, entry.By, entry.Why, entry.Job = d.does, d.by, d.why, d.job
}

// claim makes an entry that of the message that was tried again: it is one message, however often it fails.
func (d *deed) claim(entry *schemas.TrashEntry) {
	entry.TrashID, entry.FirstAt = d.open.TrashID, d.open.FirstAt
	entry.Attempts += d.open.Attempts
	d.sign(entry)
}

// withoutDeed are the headers of a message, without what an operator said about it.
func withoutDeed(headers []schemas.Header) []schemas.Header {
	return slices.DeleteFunc(headers, func(h schemas.Header) bool { return strings.HasPrefix(h.Name, deedPrefix) })
}

// openOf is what a row knows of an entry.
func openOf(e *schemas.TrashEntry) schemas.OpenTrash {
	return schemas.OpenTrash{
		TrashID: e.TrashID, Class: e.Class, Reason: e.Reason, Fingerprint: e.Fingerprint, Topic: e.Topic,
		Partition: e.Partition, Offset: e.Offset, FirstAt: e.FirstAt, Attempts: e.Attempts,
	}
}
