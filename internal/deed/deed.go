// Package deed is what an operator wants to be done with something that failed, as it stands in the headers of a record: to a step on
// step.<name>, to a gateway on the outbox of its party. The one who failed carries it out.
package deed

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/failure"
	"waybill/schemas"
	"waybill/topics"
)

// The headers of a deed.
const (
	HeaderTrash    = "trash-id"        // the entry that it is about
	HeaderDoes     = topics.HeaderDeed // what is to be done; none: it is tried again
	HeaderAttempts = "trash-attempts"  // how often it had been tried when the operator looked
	HeaderBy       = "trash-by"        // who wants it
	HeaderWhy      = "trash-why"       // and why; no personal data
	HeaderJob      = "trash-job"       // that it is part of
	HeaderTheirRef = "trash-their-ref" // of a call that was made after all: what the party calls what was made
	HeaderParty    = "gateway-does"    // of a word about a whole party: Pause, Resume or Ask
	Prefix         = "trash-"          // of all that say what an operator wants
)

// Words about a whole party.
const (
	Pause  = "pause"
	Resume = "resume"
	Ask    = "ask" // what is new there, at once
)

// TextMax is the longest text that is kept of what an operator says, in bytes.
const TextMax = 1000

// Deed is what the headers say.
type Deed struct {
	TrashID            string // "" of a word about a party
	Does, By, Why, Job string
	TheirRef           string
	Attempts           int64  // -1 if nobody looked
	Party              string // Pause, Resume or Ask
}

// Of is the deed that a record is; ok is false if it is none.
func Of(r *kgo.Record) (d Deed, ok bool) {
	d = Deed{Does: schemas.DidRetry, Attempts: -1}
	for _, h := range r.Headers {
		value := failure.Clip(string(h.Value), TextMax)
		switch h.Key {
		case HeaderTrash:
			d.TrashID, ok = value, true
		case HeaderDoes:
			d.Does = value
		case HeaderAttempts:
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				d.Attempts = n
			}
		case HeaderBy:
			d.By = value
		case HeaderWhy:
			d.Why = value
		case HeaderJob:
			d.Job = value
		case HeaderTheirRef:
			d.TheirRef = value
		case HeaderParty:
			d.Party, ok = value, true
		}
	}
	return d, ok
}

// Headers are those of a deed on its way.
func (d Deed) Headers() (headers []kgo.RecordHeader) {
	add := func(name, value string) {
		if value != "" {
			headers = append(headers, kgo.RecordHeader{Key: name, Value: []byte(value)})
		}
	}
	add(HeaderTrash, d.TrashID)
	if d.Attempts >= 0 && d.TrashID != "" {
		add(HeaderAttempts, strconv.FormatInt(d.Attempts, 10))
	}
	add(HeaderBy, d.By)
	add(HeaderWhy, d.Why)
	add(HeaderJob, d.Job)
	if d.Does != schemas.DidRetry {
		add(HeaderDoes, d.Does)
	}
	add(HeaderTheirRef, d.TheirRef)
	add(HeaderParty, d.Party)
	return headers
}

// Sign puts on an entry who did what with it.
func (d Deed) Sign(entry *schemas.TrashEntry) {
	entry.Did, entry.By, entry.Why, entry.Job = d.Does, d.By, d.Why, d.Job
}
