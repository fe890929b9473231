package tryton

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"waybill/schemas"
)

// said is all that Tryton says of a shipment, assembled of the rows that were read, each as it was answered.
type said struct {
	Shipment json.RawMessage   `json:"shipment"`           // of stock.shipment.out
	Packages []json.RawMessage `json:"packages,omitempty"` // of stock.package
	Moves    []json.RawMessage `json:"moves,omitempty"`    // of stock.move, to whom it goes
	Sales    []json.RawMessage `json:"sales,omitempty"`    // of sale.sale, which it ships
	Address  json.RawMessage   `json:"address,omitempty"`  // of party.address, where it goes
}

// saleRow is a sale that was made of one of our orders, or of none.
type saleRow struct {
	Reference string        `json:"reference"`
	Shipments []json.Number `json:"shipments"`
	Lines     []json.Number `json:"lines"`
}

// assembled joins shipments with what was packed of them, and with the sales they ship.
func (e *ERP) assembled(ctx context.Context, shipments []json.RawMessage) (list []schemas.Readied, err error) {
	if len(shipments) == 0 {
		return nil, nil
	}
	rows := make([]readyRow, len(shipments))
	var ids, packages, addresses []json.Number
	for i, s := range shipments {
		if json.Unmarshal(s, &rows[i]) != nil || rows[i].ID == "" {
			return nil, unreadable("a shipment in it is none")
		}
		ids, packages, addresses = append(ids, rows[i].ID), append(packages, rows[i].Packages...), append(addresses, rows[i].Address)
	}
	sales, err := e.salesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	moves, err := e.movesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	packed, err := e.packages(ctx, packages)
	if err != nil {
		return nil, err
	}
	places, err := e.addressRows(ctx, addresses)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		whole := said{Shipment: shipments[i], Moves: moves[r.ID], Sales: sales[r.ID], Address: places[r.Address]}
		for _, id := range r.Packages {
			if row, known := packed[id]; known {
				whole.Packages = append(whole.Packages, row)
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
		list = append(list, one...)
	}
	return list, nil
}

func (e *ERP) salesOf(ctx context.Context, shipments []json.Number) (map[json.Number][]json.RawMessage, error) {
	var found []json.RawMessage
	_, err := e.ask(ctx, "model.sale.sale.search_read", &found, all(where("shipments", "in", shipments)), 0, nil, oldestFirst, []string{"reference", "number", "shipments", "lines"})
	if err != nil {
		return nil, err
	}
	of := map[json.Number][]json.RawMessage{}
	for _, raw := range found {
		var row saleRow
		if json.Unmarshal(raw, &row) != nil {
			return nil, unreadable("a sale in it is none")
		}
		for _, id := range row.Shipments {
			of[id] = append(of[id], raw)
		}
	}
	return of, nil
}

// verbatim is the JSON of a value, in which nothing of the rows is written another way.
func verbatim(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSpace(b.Bytes()), err
}

// Readied is what Tryton said of a shipment, for each sale that it ships: one if it ships none, of no order. Or of a sale that was edited.
func Readied(body []byte) ([]schemas.Readied, error) {
	var whole said
	var row readyRow
	if json.Unmarshal(body, &whole) == nil && whole.Shipment == nil {
		one, _, err := editedIn(body)
		return []schemas.Readied{one}, err
	}
	if json.Unmarshal(body, &whole) != nil || json.Unmarshal(whole.Shipment, &row) != nil || row.ID == "" {
		return nil, unreadable("a shipment in it is none")
	}
	changed := row.WriteDate.time()
	one := schemas.Readied{
		Kind: schemas.ERPUnready, Ref: row.ID.String(), Revision: changed.Format(revisionForm), ChangedAt: changed,
		Grams: thousandths(row.Weight), Location: row.Warehouse.Name, Mark: markOf(whole), Body: body,
	}
	switch row.State {
	case "packed":
		one.Kind = schemas.ERPReady
	case "done":
		one.Kind = schemas.ERPGone
	}
	var err error
	var to addressRow
	if whole.Address != nil && json.Unmarshal(whole.Address, &to) != nil {
		return nil, unreadable("an address in it is none")
	}
	if to.ID != "" {
		one.To = to.destination()
	}
	for _, raw := range whole.Packages {
		p, err := parcelOf(raw)
		if err != nil {
			return nil, err
		}
		one.Parcels = append(one.Parcels, p)
	}
	if len(whole.Sales) == 0 {
		return []schemas.Readied{one}, nil
	}
	var each []schemas.Readied
	for _, raw := range whole.Sales {
		var sale saleRow
		if json.Unmarshal(raw, &sale) != nil {
			return nil, unreadable("a sale in it is none")
		}
		one.OrderID = sale.Reference
		if one.Articles, err = articlesIn(whole, &sale); err != nil {
			return nil, err
		}
		each = append(each, one)
	}
	return each, nil
}

// markOf is the same for a shipment that was written to without being changed, as we do with the number of a parcel.
func markOf(whole said) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(whole.Shipment, &fields) == nil {
		delete(fields, "write_date")
		whole.Shipment, _ = json.Marshal(fields) // they were read as JSON
	}
	text, _ := json.Marshal(whole)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
