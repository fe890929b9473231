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
	HeaderParty    = "gateway-does"    // of a word to the gateway: Pause, Resume, Ask, Boost or Permit
	HeaderUntil    = "gateway-until"   // of a Boost, in milliseconds since 1970; 0 takes it back
	HeaderPlan     = "gateway-plan"    // of a Permit: the hash of the plan that was approved
	Prefix         = "trash-"          // of all that say what an operator wants
)

// Words to a gateway: two about the whole party, two about the task that is the record's key.
const (
	Pause  = "pause"
	Resume = "resume"
	Ask    = "ask"    // what is new there, at once
	Boost  = "boost"  // it goes before others for a while
	Permit = "permit" // a repair may ask for it, once
)

// TextMax is the longest text that is kept of what an operator says, in bytes.
const TextMax = 1000

// Deed is what the headers say.
type Deed struct {
	TrashID            string // "" of a word to the gateway
	Does, By, Why, Job string
	TheirRef           string
	Attempts           int64  // -1 if nobody looked
	Party              string // a word to the gateway
	Until              schemas.Millis
	Plan               string
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
		case HeaderUntil:
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				d.Until = schemas.Millis(n)
			}
		case HeaderPlan:
			d.Plan = value
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
	if d.Until != 0 {
		add(HeaderUntil, strconv.FormatInt(int64(d.Until), 10))
	}
	add(HeaderPlan, d.Plan)
	return headers
}

// Sign puts on an entry who did what with it.
func (d Deed) Sign(entry *schemas.TrashEntry) {
	entry.Did, entry.By, entry.Why, entry.Job = d.Does, d.By, d.Why, d.Job
}
