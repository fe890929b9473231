package runner

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/deed"
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

// headerLoose is of an entry that was imported, beside those of a deed: what a row would know of it, as JSON.
const headerLoose = deed.Prefix + "loose"

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
		if !strings.HasPrefix(h.Name, deed.Prefix) && h.Name != topics.HeaderCause && h.Name != topics.HeaderEventID {
			add(h.Name, h.Value)
		}
	}
	if topics.Find(headersSeen(r.Headers), topics.HeaderOrderID) == "" {
		add(topics.HeaderOrderID, e.OrderID)
	}
	said := deed.Deed{TrashID: e.TrashID, Attempts: e.Attempts, Does: d.Does, By: d.By, Why: d.Why, Job: d.Job}
	r.Headers = append(r.Headers, said.Headers()...)
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

// errand is a deed as the step reads it.
type errand struct {
	deed.Deed
	loose  *schemas.OpenTrash // of an entry that was imported
	open   *schemas.OpenTrash
	failed bool // tried, and its entry says so
}

func errandOf(r *kgo.Record) *errand {
	e := new(errand)
	e.Deed, _ = deed.Of(r)
	if text, ok := header(r, headerLoose); ok {
		e.loose = new(schemas.OpenTrash)
		if json.Unmarshal([]byte(text), e.loose) != nil {
			e.loose = nil
		}
	}
	return e
}

// claim makes an entry that of the message that was tried again: it is one message, however often it fails.
func (d *errand) claim(entry *schemas.TrashEntry) {
	entry.TrashID, entry.FirstAt = d.open.TrashID, d.open.FirstAt
	entry.Attempts += d.open.Attempts
	d.Sign(entry)
}

// withoutDeed are the headers of a message, without what an operator said about it.
func withoutDeed(headers []schemas.Header) []schemas.Header {
	return slices.DeleteFunc(headers, func(h schemas.Header) bool { return strings.HasPrefix(h.Name, deed.Prefix) })
}

// openOf is what a row knows of an entry.
func openOf(e *schemas.TrashEntry) schemas.OpenTrash {
	return schemas.OpenTrash{
		TrashID: e.TrashID, Class: e.Class, Reason: e.Reason, Fingerprint: e.Fingerprint, Topic: e.Topic,
		Partition: e.Partition, Offset: e.Offset, FirstAt: e.FirstAt, Attempts: e.Attempts,
	}
}
