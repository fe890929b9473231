package odoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"

	"waybill/schemas"
)

// said is all that Odoo says of a delivery, assembled of the rows that were read, each as it was answered.
type said struct {
	Picking  json.RawMessage   `json:"picking"`            // of stock.picking
	Packages []json.RawMessage `json:"packages,omitempty"` // of stock.quant.package
	Types    []json.RawMessage `json:"types,omitempty"`    // of stock.package.type, of those packages
	Moves    []json.RawMessage `json:"moves,omitempty"`    // of stock.move
	Products []json.RawMessage `json:"products,omitempty"` // of product.product, in those moves
	Lines    []json.RawMessage `json:"lines,omitempty"`    // of sale.order.line, that those moves are of
	Sale     json.RawMessage   `json:"sale,omitempty"`     // of sale.order, which it delivers
	To       *standingAt       `json:"to,omitempty"`       // where it goes
}

// packed is a package; its weight is in the unit of the database, with its wrapping (module stock_delivery).
type packed struct {
	ID     json.Number `json:"id"`
	Weight float64     `json:"shipping_weight"`
	Type   one         `json:"package_type_id"`
}

// boxed is a type of packages, with its outer sides.
type boxed struct {
	ID     json.Number `json:"id"`
	Length float64     `json:"packaging_length"`
	Width  float64     `json:"width"`
	Height float64     `json:"height"`
	Unit   text        `json:"length_uom_name"` // mm, or in
}

// assembled joins deliveries with what was packed of them, and with the order they are of.
func (e *ERP) assembled(ctx context.Context, rows []json.RawMessage) (list []schemas.Readied, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	pickings := make([]picking, len(rows))
	var ids, orders, places []json.Number
	for i, row := range rows {
		if pickings[i], err = pickingIn(row); err != nil {
			return nil, err
		}
		ids, places = append(ids, json.Number(refOf(pickings[i].ID))), append(places, pickings[i].At.ID)
		if order := pickings[i].Sale.ID; order != "" {
			orders = append(orders, order)
		}
	}
	sales, err := e.byID(ctx, "sale.order", orders, "name", "client_order_ref")
	if err != nil {
		return nil, err
	}
	packages, types, err := e.packagesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	inside, err := e.movesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	contacts, err := e.contacts(ctx, places)
	if err != nil {
		return nil, err
	}
	for i, p := range pickings {
		whole := said{Picking: rows[i], Sale: sales[p.Sale.ID], Packages: packages[json.Number(refOf(p.ID))]}
		if to, known := contacts[p.At.ID]; known {
			whole.To = &to
		}
		inside.into(&whole, json.Number(refOf(p.ID)))
		seen := map[json.Number]bool{}
		for _, row := range whole.Packages {
			var is packed
			if json.Unmarshal(row, &is) == nil && types[is.Type.ID] != nil && !seen[is.Type.ID] {
				seen[is.Type.ID] = true
				whole.Types = append(whole.Types, types[is.Type.ID])
			}
		}
		body, err := verbatim(whole)
		if err != nil {
			return nil, err
		}
		one, err := Readied(body)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// byID are rows of a model, as they were answered.
func (e *ERP) byID(ctx context.Context, model string, ids []json.Number, fields ...string) (map[json.Number]json.RawMessage, error) {
	var found []json.RawMessage
	if len(ids) > 0 {
		if _, err := e.list(ctx, &found, model, 0, domain{where("id", "in", ids)}, fields...); err != nil {
			return nil, err
		}
	}
	return rowsByID(model, found)
}

func rowsByID(model string, found []json.RawMessage) (map[json.Number]json.RawMessage, error) {
	rows := map[json.Number]json.RawMessage{}
	for _, row := range found {
		var is identified
		if json.Unmarshal(row, &is) != nil {
			return nil, harmless(unreadable("a row of " + model + " is none"))
		}
		rows[is.ID] = row
	}
	return rows, nil
}

// packagesOf are the packages that deliveries were put in, by delivery, and the types of those.
func (e *ERP) packagesOf(ctx context.Context, pickings []json.Number) (of map[json.Number][]json.RawMessage, types map[json.Number]json.RawMessage, err error) {
	var moved []struct {
		Picking one `json:"picking_id"`
		Package one `json:"result_package_id"`
	}
	if _, err := e.list(ctx, &moved, "stock.move.line", 0, domain{where("picking_id", "in", pickings), where("result_package_id", "!=", false)}, "picking_id", "result_package_id"); err != nil {
		return nil, nil, err
	}
	var ids []json.Number
	for _, m := range moved {
		ids = append(ids, m.Package.ID)
	}
	rows, err := e.byID(ctx, "stock.quant.package", ids, "name", "shipping_weight", "package_type_id")
	if err != nil {
		return nil, nil, err
	}
	ids = nil
	for _, row := range rows {
		var p packed
		if json.Unmarshal(row, &p) != nil {
			return nil, nil, harmless(unreadable("a package in it is none"))
		}
		if p.Type.ID != "" {
			ids = append(ids, p.Type.ID)
		}
	}
	types, err = e.byID(ctx, "stock.package.type", ids, "name", "packaging_length", "width", "height", "length_uom_name")
	of, seen := map[json.Number][]json.RawMessage{}, map[[2]json.Number]bool{}
	for _, m := range moved {
		pair := [2]json.Number{m.Picking.ID, m.Package.ID}
		if row := rows[m.Package.ID]; row != nil && !seen[pair] {
			seen[pair], of[m.Picking.ID] = true, append(of[m.Picking.ID], row)
		}
	}
	return of, types, err
}

// verbatim is the JSON of a value, in which nothing of the rows is written another way.
func verbatim(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSpace(b.Bytes()), err
}

// Readied is what Odoo said of a delivery, or of an order that was edited. Odoo tells the second in which a row was written, so a revision has the mark of its state too.
func Readied(body []byte) (schemas.Readied, error) {
	var whole said
	if json.Unmarshal(body, &whole) != nil {
		return schemas.Readied{}, harmless(unreadable("a delivery in it is none"))
	}
	if whole.Picking == nil {
		one, _, err := editedIn(body)
		return one, err
	}
	p, err := pickingIn(whole.Picking)
	if err != nil {
		return schemas.Readied{}, err
	}
	var sale struct {
		Ref text `json:"client_order_ref"`
	}
	if whole.Sale != nil && json.Unmarshal(whole.Sale, &sale) != nil {
		return schemas.Readied{}, harmless(unreadable("an order in it is none"))
	}
	mark := markOf(whole)
	one := schemas.Readied{
		Kind: schemas.ERPUnready, Ref: refOf(p.ID), OrderID: string(sale.Ref), Revision: p.changed.Format("2006-01-02T15:04:05Z") + "-" + mark, ChangedAt: p.changed,
		Grams: grams(p.Weight, p.Unit), Location: p.From.Name, Mark: mark, Body: body,
	}
	switch p.State {
	case stateReady:
		one.Kind = schemas.ERPReady
	case stateGone:
		one.Kind = schemas.ERPGone
	}
	if whole.To != nil {
		if one.To, err = whole.To.destination(); err != nil {
			return schemas.Readied{}, err
		}
	}
	if one.Articles, err = articlesIn(whole); err != nil {
		return schemas.Readied{}, err
	}
	one.Parcels, err = parcelsOf(whole, p.Unit)
	return one, err
}

// parcelsOf are its packages in our words.
func parcelsOf(whole said, weights text) (parcels []schemas.Parcel, err error) {
	boxes := map[json.Number]boxed{}
	for _, row := range whole.Types {
		var b boxed
		if json.Unmarshal(row, &b) != nil {
			return nil, harmless(unreadable("a type of packages in it is none"))
		}
		boxes[b.ID] = b
	}
	for _, row := range whole.Packages {
		var p packed
		if json.Unmarshal(row, &p) != nil {
			return nil, harmless(unreadable("a package in it is none"))
		}
		b := boxes[p.Type.ID]
		parcels = append(parcels, schemas.Parcel{
			Ref: p.ID.String(), Grams: grams(p.Weight, weights), Length: millimetres(b.Length, b.Unit), Width: millimetres(b.Width, b.Unit), Height: millimetres(b.Height, b.Unit),
		})
	}
	return parcels, nil
}

// The units that a database of Odoo can have (its settings "Weight" and "Volume"): the pound and the inch as they are defined.
func grams(weight float64, unit text) int64 {
	if unit == "lb" {
		return int64(math.Round(weight * 453.59237))
	}
	return int64(math.Round(weight * 1000))
}

func millimetres(length float64, unit text) int64 {
	if unit == "in" {
		return int64(math.Round(length * 25.4))
	}
	return int64(math.Round(length))
}

// markOf is the same for a delivery that was written to without being changed, as we do with the number of a parcel.
func markOf(whole said) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(whole.Picking, &fields) == nil {
		delete(fields, "write_date")
		whole.Picking, _ = json.Marshal(fields) // they were read as JSON
	}
	text, _ := json.Marshal(whole)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
