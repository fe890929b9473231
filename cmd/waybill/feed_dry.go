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
	limit   int // bytes of a document
	tally   tally

	assembled map[string]*assembly // the orders that come in parts, by order id
	first     []*assembly          // in the order in which they first came
}

// assembly is an order that comes in parts: what is said of it is said at the end, when all have come.
type assembly struct {
	file, ref string
	line      int
	state     any
	order     *schemas.Order
	err       error // why the last part made no order
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
	return &dryRun{app: a, party: party, config: settings, channel: channel, step: step, assembled: map[string]*assembly{}, limit: c.Limits.FeedBytesMax}, nil
}

// file prints the orders of one file on stdout, a line each, and its rejects on stderr.
func (d *dryRun) file(name string, r io.Reader) error {
	for document, err := range documentsOf(name, r, d.limit) {
		if err != nil {
			if !isFaulty(err) {
				return fmt.Errorf("read %s: %w", name, err)
			}
			d.tally.reject(d.app, reject{File: name, Line: document.Line, Reason: err.Error(), Code: codeOf(err)})
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
		raw := &orders[i]
		if raw.Form == schemas.FormPart {
			d.assemble(name, document.Line, raw)
			continue
		}
		order, err := d.normalize(raw, d.step.State.New())
		if err := d.say(name, document.Line, raw.Ref, order, err); err != nil {
			return err
		}
	}
	return nil
}

// assemble joins a part to those of its order that came before.
func (d *dryRun) assemble(name string, line int, raw *schemas.RawOrder) {
	id := schemas.OrderID(d.party, raw.Ref)
	a := d.assembled[id]
	if a == nil {
		a = &assembly{file: name, line: line, ref: raw.Ref, state: d.step.State.New()}
		d.assembled[id] = a
		d.first = append(d.first, a)
	}
	order, err := d.normalize(raw, a.state)
	switch {
	case err != nil:
		a.err = err
	case order != nil:
		a.order, a.err = order, nil
	}
}

// end says what became of the orders that came in parts.
func (d *dryRun) end() error {
	for _, a := range d.first {
		if err := d.say(a.file, a.line, a.ref, a.order, a.err); err != nil {
			return err
		}
	}
	return d.tally.result()
}

// say prints an order, or why there is none.
func (d *dryRun) say(name string, line int, ref string, order *schemas.Order, err error) error {
	if err == nil && order == nil {
		err = schemas.Faults{{Code: "no_order", Path: "$", Text: "it only says that something happened: the order is to be asked for"}}
	}
	if err != nil {
		d.refuse(name, line, ref, err)
		return nil
	}
	d.tally.accepted++
	return d.app.printOrder(order)
}

// normalize is what the step of that name would say of a raw order, knowing that much; nil if it says nothing new.
func (d *dryRun) normalize(raw *schemas.RawOrder, state any) (*schemas.Order, error) {
	raw.Party, raw.Seller, raw.Channel, raw.Origin = d.party, d.config.Seller, d.config.Channel, schemas.OriginFeed
	raw.OrderID = schemas.OrderID(d.party, raw.Ref)
	event := &topics.Event{Topic: topics.OrdersRaw, Key: raw.OrderID, Value: raw}
	result, err := d.step.Handle(event, state)
	if err != nil {
		return nil, err
	}
	for _, m := range result.Messages {
		if order, is := m.Value.(*schemas.Order); is {
			return order, nil
		}
	}
	return nil, nil
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
