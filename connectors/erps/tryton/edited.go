package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"waybill/schemas"
)

// States of what is not done with.
var (
	openSales  = []string{stateDraft, stateQuotation, stateConfirmed, "processing"}
	notPacked  = []string{"draft", "waiting", "assigned", "picked", stateCancelled}
	notShipped = []string{"draft", "waiting", "assigned", "picked", "packed"}
)

// edits are where a reading stands of what people have written: to sales, to shipments that are not packed, and to addresses.
type edits struct {
	Sales     cursor `json:"sales"`
	Shipments cursor `json:"shipments"`
	Addresses cursor `json:"addresses"`
}

// ReadEdited is a page of the sales of ours that somebody else has written to, to their shipments or to where they go, from a place on, "" for
// a day back, as they stand now. One whose goods have left is not told, nor is what Waybill's own user has written last.
func (e *ERP) ReadEdited(ctx context.Context, at string, _ []string) (page schemas.Readies, err error) {
	back := cursor{Since: time.Now().Add(-readyHistory).UTC()}
	now := edits{back, back, back}
	if at != "" && (json.Unmarshal([]byte(at), &now) != nil || now.Sales.Since.IsZero() || now.Shipments.Since.IsZero() || now.Addresses.Since.IsZero()) {
		return page, errors.New("the place in Tryton's changes is none: begin again with an empty one")
	}
	s, err := e.enter(ctx, nil)
	if err != nil {
		return page, err
	}
	others, ours := where("write_uid", "!=", s.user), where("reference", "like", "%/%")
	var sales []json.Number
	for _, one := range []struct {
		model string
		at    *cursor
		that  clause
		of    func(ctx context.Context, ids []json.Number) (clause, error) // the sales of what was written
	}{
		{"sale.sale", &now.Sales, all(others, ours, where("state", "in", append([]string{stateCancelled}, openSales...))), themselves},
		{"stock.shipment.out", &now.Shipments, all(others, where("state", "in", notPacked)), shippedBy},
		{"party.address", &now.Addresses, all(others), e.goingTo},
	} {
		ids, err := e.written(ctx, one.model, one.that, one.at, &page)
		if err != nil {
			return schemas.Readies{}, err
		}
		if len(ids) == 0 {
			continue
		}
		of, err := one.of(ctx, ids)
		if err != nil {
			return schemas.Readies{}, err
		}
		var found []identified
		if _, err := e.ask(ctx, "model.sale.sale.search_read", &found, all(ours, of), 0, nil, oldestFirst, []string{"id"}); err != nil {
			return schemas.Readies{}, err
		}
		for _, sale := range found {
			if !slices.Contains(sales, sale.ID) {
				sales = append(sales, sale.ID)
			}
		}
	}
	if page.Told, err = e.standingAs(ctx, sales); err != nil {
		return schemas.Readies{}, err
	}
	next, err := json.Marshal(now)
	page.Next = string(next)
	return page, err
}

// identified is any record.
type identified struct {
	ID json.Number `json:"id"`
}

func themselves(_ context.Context, ids []json.Number) (clause, error) {
	return where("id", "in", ids), nil
}

func shippedBy(_ context.Context, ids []json.Number) (clause, error) {
	return where("shipments", "in", ids), nil
}

// goingTo is a condition of the sales that go to some addresses: by their shipments that are still here, or by themselves as long as they have none.
func (e *ERP) goingTo(ctx context.Context, addresses []json.Number) (clause, error) {
	var shipments []identified
	_, err := e.ask(ctx, "model.stock.shipment.out.search_read", &shipments,
		all(where("delivery_address", "in", addresses), where("state", "in", notShipped)), 0, nil, oldestFirst, []string{"id"})
	if err != nil {
		return nil, err
	}
	by := all(where("shipment_address", "in", addresses), where("state", "in", openSales))
	if len(shipments) == 0 {
		return by, nil
	}
	var ids []json.Number
	for _, s := range shipments {
		ids = append(ids, s.ID)
	}
	return anyOf(by, where("shipments", "in", ids)), nil
}

// written are the next of a model that were written to, and moves the cursor behind them.
func (e *ERP) written(ctx context.Context, model string, that clause, at *cursor, page *schemas.Readies) (ids []json.Number, err error) {
	if at.AfterID == "" { // a new round
		if at.Newest, err = e.newest(ctx, model, that); err != nil {
			return nil, err
		}
	}
	rows, err := e.pageOf(ctx, model, that, *at, []string{"write_date"})
	if err != nil {
		return nil, err
	}
	last, err := lastOf(rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		var is identified
		if json.Unmarshal(row, &is) != nil || is.ID == "" {
			return nil, unreadable("a row of " + model + " is none")
		}
		ids = append(ids, is.ID)
	}
	again := at.again()
	*at = at.behind(len(rows), last)
	if page.More = page.More || at.AfterID != ""; page.Again.IsZero() || again.Before(page.Again) {
		page.Again = again
	}
	return ids, nil
}
