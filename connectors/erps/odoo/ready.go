package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waybill/schemas"
)

const (
	// ReadyEvery is the pause between two readings: a warehouse packs by hand, and each reading is a few calls of some ten milliseconds.
	ReadyEvery = 15 * time.Second
	// ReadyOverlap is how long a transaction of Odoo may take that makes a delivery ready: by so much a new round begins before the newest
	// of the last. Odoo's write_date is when a transaction began, and nobody sees the row before it ends.
	ReadyOverlap = 2 * time.Minute
	// readyHistory is how far back the first round begins: an order is packed soon after it is placed, or before anybody asked here.
	readyHistory = 24 * time.Hour

	readyPageRows = 100
)

// The states of stock.picking in which it is ready, "Ready" and "Done" on the screen (addons/stock/models/stock_picking.py). In a warehouse
// that picks and packs in steps of their own, a delivery is ready when it is packed; in one that does not, when its goods are reserved.
const (
	stateReady = "assigned"
	stateGone  = "done"
)

var readyStates = []string{stateReady, stateGone}

// place is where a reading stands. A round goes by ids: what is written to meanwhile keeps its place, so no page misses it.
type place struct {
	Since  time.Time `json:"since"`           // rows written from then on
	After  int64     `json:"after,omitempty"` // and behind this id; 0 at the start of a round
	Newest time.Time `json:"newest,omitzero"` // of the rows that could be seen when the round began
}

// again is where the next round begins: whatever could not be seen when this one began was written no earlier than the overlap before the
// newest that could.
func (p place) again() time.Time {
	if start := p.Newest.Add(-ReadyOverlap); start.After(p.Since) {
		return start
	}
	return p.Since
}

// ReadReady is a page of the deliveries that are ready or have left, and were written to from a place on, "" for a day back; it may be empty
// although more follow. Of those that are watched it also tells that they are ready no more.
func (e *ERP) ReadReady(ctx context.Context, at string, watched []string) (page schemas.Readies, err error) {
	p := place{Since: time.Now().Add(-readyHistory).UTC()}
	if at != "" && (json.Unmarshal([]byte(at), &p) != nil || p.Since.IsZero()) {
		return page, errors.New("the place in Odoo's deliveries is none: begin again with an empty one")
	}
	var taken []json.RawMessage
	if p.After == 0 { // a new round
		if p.Newest, err = e.newest(ctx, "stock.picking", domain{where("picking_type_code", "=", "outgoing"), where("state", "in", readyStates)}); err == nil {
			taken, err = e.takenBack(ctx, watched)
		}
		if err != nil {
			return page, err
		}
	}
	var rows []json.RawMessage
	_, err = e.list(ctx, &rows, "stock.picking", readyPageRows, domain{
		where("picking_type_code", "=", "outgoing"), where("state", "in", readyStates), where("write_date", ">=", moment(p.Since)), where("id", ">", p.After),
	}, pickingFields...)
	if err != nil {
		return page, err
	}
	page.Again = p.again()
	if page.More = len(rows) == readyPageRows; page.More {
		last, err := pickingIn(rows[len(rows)-1])
		if err != nil {
			return page, err
		}
		p.After = last.ID
	} else {
		p = place{Since: page.Again}
	}
	if page.Told, err = e.assembled(ctx, append(taken, rows...)); err != nil {
		return page, err
	}
	next, err := json.Marshal(p)
	page.Next = string(next)
	return page, err
}

// newest is when the newest record of a model was written to that a condition holds for: the zero time if there is none.
func (e *ERP) newest(ctx context.Context, model string, that domain) (time.Time, error) {
	var newest []struct {
		WriteDate string `json:"write_date"`
	}
	with := named{"fields": []string{"write_date"}, "order": "write_date desc", "limit": 1}
	if _, err := e.ask(ctx, &newest, model, "search_read", with, that); err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	at, err := time.Parse(momentForm, newest[0].WriteDate)
	if err != nil {
		return at, harmless(unreadable(fmt.Sprintf("a record was written to at %.30q", newest[0].WriteDate)))
	}
	return at, nil
}

// takenBack are those of the watched deliveries that are ready no more.
func (e *ERP) takenBack(ctx context.Context, watched []string) (rows []json.RawMessage, err error) {
	if len(watched) == 0 {
		return nil, nil
	}
	ids := make([]json.Number, len(watched))
	for i, ref := range watched {
		ids[i] = json.Number(ref)
	}
	_, err = e.list(ctx, &rows, "stock.picking", len(ids), domain{where("id", "in", ids), where("state", "not in", readyStates)}, pickingFields...)
	return rows, err
}

// pickingFields are what is read of a delivery. What we write to it ourselves, its carrier_tracking_ref, is not among them.
var pickingFields = []string{"name", "state", "write_date", "sale_id", "partner_id", "shipping_weight", "weight_uom_name", "location_id"}

// picking is a row of stock.picking; its weights are of the module stock_delivery.
type picking struct {
	ID        int64   `json:"id"`
	State     string  `json:"state"`
	WriteDate string  `json:"write_date"`
	Sale      one     `json:"sale_id"`
	At        one     `json:"partner_id"` // where it goes
	From      one     `json:"location_id"`
	Weight    float64 `json:"shipping_weight"`
	Unit      text    `json:"weight_uom_name"` // kg or lb, for the whole database
	changed   time.Time
}

func pickingIn(row json.RawMessage) (p picking, err error) {
	if json.Unmarshal(row, &p) != nil || p.ID == 0 {
		return p, harmless(unreadable("a delivery in it is none"))
	}
	if p.changed, err = time.Parse(momentForm, p.WriteDate); err != nil {
		return p, harmless(unreadable(fmt.Sprintf("a delivery was written to at %.30q", p.WriteDate)))
	}
	return p, nil
}
