package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// dryRun says what orders would come of files, without storing anything.
type dryRun struct {
	app     *app
	party   string
	config  config.Party
	channel marketplaces.Marketplace
	step    processors.Processor
	parts   map[string]any // what is known of the orders that come in parts
	limit   int            // bytes of a document
	tally   tally
}

func (a *app) newDryRun(c *config.Config, party string) (*dryRun, error) {
	settings, known := c.Parties[party]
	if !known {
		return nil, unknownParty(c, party)
	}
	channel, err := marketplaces.Open(settings.Channel, settings.Settings)
	if err != nil {
		return nil, fmt.Errorf("party %s: %w", party, err)
	}
	terms, err := termsOf(settings)
	if err != nil {
		return nil, fmt.Errorf("party %s: %w", party, err)
	}
	step := processors.Normalize(processors.Sources{
		Channels: processors.Parties{party: channel}, Terms: func(string) processors.Terms { return terms },
	})
	return &dryRun{app: a, party: party, config: settings, channel: channel, step: step, parts: map[string]any{}, limit: c.Limits.FeedBytesMax}, nil
}

// file prints the orders of one file on stdout, a line each, and its rejects on stderr.
func (d *dryRun) file(name string, r io.Reader) error {
	for document, err := range connectors.Documents(r, d.limit) {
		if err != nil {
			if !isFaulty(err) {
				return fmt.Errorf("read %s: %w", name, err)
			}
			d.tally.reject(d.app, reject{File: name, Line: document.Line, Reason: err.Error(), Code: "not_json"})
			continue
		}
		if err := d.document(name, document); err != nil {
			return err
		}
	}
	return nil
}

func (d *dryRun) document(name string, document connectors.Document) error {
	orders, err := d.channel.Receive(http.Header{}, document.Bytes)
	if err != nil {
		d.tally.reject(d.app, reject{File: name, Line: document.Line, Reason: err.Error(), Code: "not_json"})
		return nil
	}
	if len(orders) == 0 {
		d.tally.reject(d.app, reject{File: name, Line: document.Line, Reason: "there is no order in it", Code: "no_order"})
	}
	for i := range orders {
		order, err := d.normalize(&orders[i])
		if err != nil {
			d.refuse(name, document.Line, orders[i].Ref, err)
			continue
		}
		d.tally.accepted++
		if err := d.app.printOrder(order); err != nil {
			return err
		}
	}
	return nil
}

// normalize is what the step of that name would say of a raw order it has never seen; of one that comes in parts, with those before.
func (d *dryRun) normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	raw.Party, raw.Seller, raw.Channel, raw.Origin = d.party, d.config.Seller, d.config.Channel, schemas.OriginFeed
	raw.OrderID = schemas.OrderID(d.party, raw.Ref)
	event := &topics.Event{Topic: topics.OrdersRaw, Key: raw.OrderID, Value: raw}
	result, err := d.step.Handle(event, d.state(raw))
	if err != nil {
		return nil, err
	}
	for _, m := range result.Messages {
		if order, is := m.Value.(*schemas.Order); is {
			return order, nil
		}
	}
	return nil, schemas.Faults{{Code: "no_order", Path: "$", Text: "it only says that something happened: the order is to be asked for"}}
}

func (d *dryRun) state(raw *schemas.RawOrder) any {
	if raw.Form != schemas.FormPart {
		return d.step.State.New()
	}
	if d.parts[raw.OrderID] == nil {
		d.parts[raw.OrderID] = d.step.State.New()
	}
	return d.parts[raw.OrderID]
}

// refuse tells every fault of an order.
func (d *dryRun) refuse(name string, line int, ref string, err error) {
	var faults schemas.Faults
	if !errors.As(err, &faults) {
		faults = schemas.Faults{{Code: "invalid", Path: "$", Text: err.Error()}}
	}
	d.tally.rejected++
	for _, f := range faults {
		d.app.printReject(reject{File: name, Line: line, Order: ref, Field: f.Path, Code: f.Code, Reason: f.Text})
	}
}

// printOrder prints one order: as JSON, or in a line that fits a terminal.
func (a *app) printOrder(order *schemas.Order) error {
	view := marketplaces.View(order)
	if a.output == "json" {
		return a.json(view)
	}
	_, err := fmt.Fprintf(a.stdout, "%s  %-9s  %12s %s  %d lines  %s\n", view.OrderID, view.Status, view.Total, view.Currency, len(view.Lines), view.PlacedAt)
	return err
}
