package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/schemas"
)

// edits are where a reading stands of what people have written: to orders, to deliveries that are not ready, and to contacts.
type edits struct {
	Orders     place `json:"orders"`
	Deliveries place `json:"deliveries"`
	Contacts   place `json:"contacts"`
}

// ReadEdited is a page of the orders of ours that somebody else has written to, to their deliveries or to where they go, from a place on, ""
// for a day back, as they stand now. One whose goods have left is not told, nor is what Waybill's own user has written last.
func (e *ERP) ReadEdited(ctx context.Context, at string, _ []string) (page schemas.Readies, err error) {
	back := place{Since: time.Now().Add(-readyHistory).UTC()}
	now := edits{back, back, back}
	if at != "" && (json.Unmarshal([]byte(at), &now) != nil || now.Orders.Since.IsZero() || now.Deliveries.Since.IsZero() || now.Contacts.Since.IsZero()) {
		return page, errors.New("the place in Odoo's changes is none: begin again with an empty one")
	}
	uid, err := e.enter(ctx)
	if err != nil {
		return page, err
	}
	others := where("write_uid", "!=", uid)
	ours := where("client_order_ref", "like", "/")
	var orders []json.Number
	for _, one := range []struct {
		model string
		at    *place
		that  domain
		of    func(ids []json.Number) domain // the orders of what was written
	}{
		{"sale.order", &now.Orders, domain{others, ours}, func(ids []json.Number) domain { return domain{where("id", "in", ids)} }},
		{"stock.picking", &now.Deliveries, domain{others, where("picking_type_code", "=", "outgoing"), where("state", "not in", readyStates)}, func(ids []json.Number) domain {
			return domain{ours, where("picking_ids", "in", ids)}
		}},
		{"res.partner", &now.Contacts, domain{others}, func(ids []json.Number) domain {
			return domain{
				ours, "|", where("partner_shipping_id", "in", ids), where("picking_ids.partner_id", "in", ids),
				"|", where("state", "in", []string{stateDraft, stateSent}), where("picking_ids.state", "not in", []string{stateGone, stateCancelled}),
			}
		}},
	} {
		ids, more, err := e.written(ctx, one.model, one.that, one.at, &page)
		if err != nil {
			return schemas.Readies{}, err
		}
		if page.More = page.More || more; len(ids) == 0 {
			continue
		}
		var found []identified
		if _, err := e.list(ctx, &found, "sale.order", 0, one.of(ids), "id"); err != nil {
			return schemas.Readies{}, err
		}
		for _, order := range found {
			if !slices.Contains(orders, order.ID) {
				orders = append(orders, order.ID)
			}
		}
	}
	if page.Told, err = e.standingAs(ctx, orders); err != nil {
		return schemas.Readies{}, err
	}
	next, err := json.Marshal(now)
	page.Next = string(next)
	return page, err
}

// written are the next of a model that were written to, and moves the place behind them.
func (e *ERP) written(ctx context.Context, model string, that domain, at *place, page *schemas.Readies) (ids []json.Number, more bool, err error) {
	if at.After == 0 { // a new round
		if at.Newest, err = e.newest(ctx, model, that); err != nil {
			return nil, false, err
		}
	}
	var rows []struct {
		ID int64 `json:"id"`
	}
	behind := append(slices.Clone(that), where("write_date", ">=", moment(at.Since)), where("id", ">", at.After))
	if _, err := e.list(ctx, &rows, model, readyPageRows, behind, "id"); err != nil {
		return nil, false, err
	}
	for _, row := range rows {
		ids = append(ids, json.Number(refOf(row.ID)))
	}
	again := at.again()
	if page.Again.IsZero() || again.Before(page.Again) {
		page.Again = again
	}
	if more = len(rows) == readyPageRows; more {
		at.After = rows[len(rows)-1].ID
	} else {
		*at = place{Since: again}
	}
	return ids, more, nil
}

// orderSaid is all that Odoo says of an order that is not packed, each row as it was answered.
type orderSaid struct {
	Order      json.RawMessage   `json:"order"`                // of sale.order
	Deliveries []json.RawMessage `json:"deliveries,omitempty"` // of stock.picking, the oldest first
	Notes      []json.RawMessage `json:"notes,omitempty"`      // of sale.order.line: that Waybill is at it
	To         *standingAt       `json:"to,omitempty"`         // where it goes
}

// orderRow is an order as it is read for that.
type orderRow struct {
	ID        json.Number `json:"id"`
	Ref       text        `json:"client_order_ref"`
	State     string      `json:"state"`
	WriteDate string      `json:"write_date"`
	At        one         `json:"partner_shipping_id"`
}

// refOfOrder is what an order is called beside deliveries, as Odoo writes a reference to a record.
func refOfOrder(id json.Number) string { return "sale.order," + id.String() }

// standingAs are orders as they stand, without those whose goods have left.
func (e *ERP) standingAs(ctx context.Context, ids []json.Number) (told []schemas.Readied, err error) {
	rows, err := e.read(ctx, "sale.order", ids, "name", "client_order_ref", "state", "write_date", "partner_shipping_id")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	all := map[json.Number]*orderSaid{}
	var places []json.Number
	goes := map[json.Number]json.Number{}
	for id, row := range rows {
		var o orderRow
		if json.Unmarshal(row, &o) != nil {
			return nil, harmless(unreadable("an order in it is none"))
		}
		all[id], goes[id] = &orderSaid{Order: row}, o.At.ID
	}
	if err := e.withDeliveries(ctx, ids, all, goes); err != nil {
		return nil, err
	}
	for _, id := range goes {
		places = append(places, id)
	}
	contacts, err := e.contacts(ctx, places, "write_date")
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		whole := all[id]
		if whole == nil {
			continue
		}
		if to, known := contacts[goes[id]]; known {
			whole.To = &to
		}
		body, err := verbatim(whole)
		if err != nil {
			return nil, err
		}
		one, left, err := editedIn(body)
		if err != nil {
			return nil, err
		}
		if !left {
			told = append(told, one)
		}
	}
	return told, nil
}

// withDeliveries adds the deliveries of orders, and what Waybill has noted on them. Where the latest goes that is still here, its order does.
func (e *ERP) withDeliveries(ctx context.Context, ids []json.Number, all map[json.Number]*orderSaid, goes map[json.Number]json.Number) error {
	var deliveries, notes []json.RawMessage
	if _, err := e.list(ctx, &deliveries, "stock.picking", 0, domain{where("sale_id", "in", ids), where("picking_type_code", "=", "outgoing")}, "name", "state", "write_date", "sale_id", "partner_id"); err != nil {
		return err
	}
	for _, row := range deliveries {
		p, err := pickingIn(row)
		if err != nil {
			return err
		}
		whole := all[p.Sale.ID]
		if whole == nil {
			continue
		}
		if whole.Deliveries = append(whole.Deliveries, row); p.At.ID != "" && p.State != stateGone && p.State != stateCancelled {
			goes[p.Sale.ID] = p.At.ID
		}
	}
	_, err := e.list(ctx, &notes, "sale.order.line", 0, domain{where("order_id", "in", ids), where("display_type", "=", "line_note"), where("name", "=like", changing+"%")}, "name", "order_id")
	for _, row := range notes {
		var n struct {
			Order one `json:"order_id"`
		}
		if json.Unmarshal(row, &n) != nil {
			return harmless(unreadable("a line in it is none"))
		}
		if whole := all[n.Order.ID]; whole != nil {
			whole.Notes = append(whole.Notes, row)
		}
	}
	return err
}

// editedIn is what Odoo said of an order, and whether all of it has left. One that Waybill has cancelled only to change it is not cancelled.
func editedIn(body []byte) (one schemas.Readied, left bool, err error) {
	var whole orderSaid
	var o orderRow
	if json.Unmarshal(body, &whole) != nil || json.Unmarshal(whole.Order, &o) != nil || o.ID == "" {
		return one, false, harmless(unreadable("an order in it is none"))
	}
	written := []string{o.WriteDate}
	here, gone := 0, 0
	for _, row := range whole.Deliveries {
		p, err := pickingIn(row)
		if err != nil {
			return one, false, err
		}
		switch written = append(written, p.WriteDate); p.State {
		case stateGone:
			gone++
		case stateCancelled:
		default:
			here++
		}
	}
	one = schemas.Readied{Kind: schemas.ERPEdited, Ref: refOfOrder(o.ID), OrderID: string(o.Ref), Cancelled: o.State == stateCancelled && len(whole.Notes) == 0, Body: body}
	if whole.To != nil {
		var contact struct {
			WriteDate text `json:"write_date"`
		}
		if one.To, err = whole.To.destination(); err != nil {
			return one, false, err
		}
		_ = json.Unmarshal(whole.To.Contact, &contact) // it was read as an address already
		written = append(written, string(contact.WriteDate))
	}
	if one.ChangedAt, err = time.Parse(momentForm, slices.Max(written)); err != nil {
		return one, false, harmless(unreadable(fmt.Sprintf("an order was written to at %.30q", o.WriteDate)))
	}
	one.Mark = one.EditMark()
	one.Revision = one.ChangedAt.Format("2006-01-02T15:04:05Z") + "-" + one.Mark
	return one, gone > 0 && here == 0, nil
}
