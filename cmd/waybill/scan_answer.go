package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// scanAnswer follows what is said of one shipment, from before it was scanned on.
type scanAnswer struct {
	stack  *stack
	client *kgo.Client
	word   *schemas.Shipment // the scan
	at     string            // its position, once it was seen
}

// followScan begins to listen. Nobody answers where nobody runs.
func (s *stack) followScan(ctx context.Context, word *schemas.Shipment) (*scanAnswer, error) {
	if err := s.mustLet(ctx, rights.Reader, rights.ToRead(topics.Shipments)...); err != nil {
		return nil, err
	}
	var ends kadm.ListedOffsets
	err := s.admin(ctx, func(admin *kadm.Client) (err error) {
		ends, err = endsOf(ctx, admin, []*topics.Topic{topics.Shipments})
		return cmp.Or(err, ends.Error())
	})
	if err != nil {
		return nil, fmt.Errorf("listen to what is said of shipment %s: %w ('waybill doctor' looks at what is wrong)", word.ShipmentID, err)
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.ConsumePartitions(ends.KOffsets()), kgo.FetchIsolationLevel(kgo.ReadCommitted())}, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("listen to what is said of shipment %s: %w", word.ShipmentID, err)
	}
	return &scanAnswer{stack: s, client: client, word: word}, nil
}

// await is what follows from the scan. It is nil, and silent, if the step has read the scan and has nothing to say of it; only nil, if it has not read
// it in time.
func (a *scanAnswer) await(ctx context.Context, wait time.Duration) (answer *schemas.Shipment, silent bool, err error) {
	until, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	read := make(chan error, 1)
	go func() {
		read <- a.stack.awaitRead(until, a.stack.config.Deployment+"."+processors.Request(processors.Sources{}).Name, []*topics.Topic{topics.Shipments})
	}()
	for !silent {
		select {
		case err := <-read: // what it said is there, if it said anything
			if err != nil && until.Err() == nil {
				return nil, false, err
			}
			silent = err == nil
		case <-time.After(time.Millisecond):
		}
		if answer, err = a.heard(until, silent); answer != nil || err != nil {
			return answer, false, err
		}
		if until.Err() != nil {
			return nil, false, ctx.Err()
		}
	}
	return nil, true, nil
}

// lastWords is how long records that are there may take to come.
const lastWords = time.Second

// heard is the answer, if it is among what has come.
func (a *scanAnswer) heard(ctx context.Context, last bool) (*schemas.Shipment, error) {
	wait := 50 * time.Millisecond
	if last {
		wait = lastWords
	}
	poll, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	registry, err := a.stack.schemas()
	if err != nil {
		return nil, err
	}
	for poll.Err() == nil {
		for r := range a.client.PollFetches(poll).RecordsAll() {
			one := new(schemas.Shipment)
			if err := registry.Decode(ctx, schemas.ShipmentSchema, r.Value, one); err != nil {
				return nil, fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
			}
			switch {
			case one.ShipmentID != a.word.ShipmentID:
			case one.State == schemas.ShipmentScanned && one.At == a.word.At && one.By == a.word.By:
				a.at = schemas.Position(r.Topic, r.Partition, r.Offset)
			case a.at != "" && causeOf(r) == a.at:
				return one, nil
			}
		}
	}
	return nil, nil
}

// causeOf is the position of what a record follows from.
func causeOf(r *kgo.Record) string {
	for _, h := range r.Headers {
		if h.Key == topics.HeaderCause {
			return string(h.Value)
		}
	}
	return ""
}

// tellScan says what came of a scan. What does not fit is a failure, so that whoever packs stops.
func (a *app) tellScan(word, answer *schemas.Shipment, silent bool) error {
	id := word.ShipmentID
	switch {
	case answer == nil && silent:
		a.say("on record: the ERP does not say yet that shipment %s is packed, or it is out of our hands; 'waybill order %s' shows which", id, word.OrderID)
		return nil
	case answer == nil:
		return &exitError{code: exitPartial, err: fmt.Errorf("what was scanned of shipment %s is on record, and nobody has held it against what is packed yet: is the pipeline running? 'waybill order %s' shows what comes of it", id, word.OrderID)}
	case answer.Reason == schemas.HeldScanMismatch && answer.State == schemas.ShipmentKept:
		return fmt.Errorf("shipment %s: %s", id, answer.Text)
	case answer.Reason == schemas.HeldScanMismatch:
		return fmt.Errorf("shipment %s gets no label: %s; put right what is in it, and scan all of it again", id, answer.Text)
	case answer.State == schemas.ShipmentRequested:
		a.say("shipment %s is what is to be in it: its label is asked for", id)
	case answer.State == schemas.ShipmentKept:
		a.say("shipment %s is what is to be in it: it has its label, or will", id)
	default:
		return errors.New("shipment " + id + " gets no label, whatever was scanned" + because(answer))
	}
	return nil
}
