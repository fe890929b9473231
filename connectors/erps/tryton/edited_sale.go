package tryton

import (
	"context"
	"encoding/json"

	"waybill/schemas"
)

// saleSaid is all that Tryton says of a sale that is not packed, each row as it was answered.
type saleSaid struct {
	Sale      json.RawMessage   `json:"sale"`                // of sale.sale
	Shipments []json.RawMessage `json:"shipments,omitempty"` // of stock.shipment.out
	Address   json.RawMessage   `json:"address,omitempty"`   // of party.address, where it goes
}

// editedRow is a sale or a shipment as it is read for that.
type editedRow struct {
	ID            json.Number   `json:"id"`
	Reference     string        `json:"reference"`
	State         string        `json:"state"`
	WriteDate     moment        `json:"write_date"`
	ShipmentState string        `json:"shipment_state"`
	Shipments     []json.Number `json:"shipments"`
	SaleGoesTo    json.Number   `json:"shipment_address"`
	GoesTo        json.Number   `json:"delivery_address"`
}

// isHere tells of a shipment that it has not left, and is to leave.
func (r *editedRow) isHere() bool { return r.State != "done" && r.State != stateCancelled }

// standingAs are sales as they stand, without those whose goods have left.
func (e *ERP) standingAs(ctx context.Context, ids []json.Number) (told []schemas.Readied, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var found []json.RawMessage
	if _, err := e.ask(ctx, "model.sale.sale.read", &found, ids, []string{"reference", "number", "state", "shipment_state", "write_date", "shipments", "shipment_address"}); err != nil {
		return nil, err
	}
	sales := make([]editedRow, len(found))
	var shipmentIDs, addresses []json.Number
	for i, raw := range found {
		if json.Unmarshal(raw, &sales[i]) != nil || sales[i].ID == "" {
			return nil, unreadable("a sale in it is none")
		}
		shipmentIDs, addresses = append(shipmentIDs, sales[i].Shipments...), append(addresses, sales[i].SaleGoesTo)
	}
	shipments, goes, err := e.shipmentRows(ctx, shipmentIDs)
	if err != nil {
		return nil, err
	}
	for _, at := range goes {
		addresses = append(addresses, at)
	}
	places, err := e.addressRows(ctx, addresses, "write_date")
	if err != nil {
		return nil, err
	}
	for i, sale := range sales {
		whole := saleSaid{Sale: found[i], Address: places[sale.SaleGoesTo]}
		for _, id := range sale.Shipments {
			if row := shipments[id]; row != nil {
				whole.Shipments = append(whole.Shipments, row)
			}
			if at := goes[id]; at != "" { // the latest that is still here
				whole.Address = places[at]
			}
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

// shipmentRows are shipments as they were answered, and where those go that are still here.
func (e *ERP) shipmentRows(ctx context.Context, ids []json.Number) (rows map[json.Number]json.RawMessage, goes map[json.Number]json.Number, err error) {
	rows, goes = map[json.Number]json.RawMessage{}, map[json.Number]json.Number{}
	if len(ids) == 0 {
		return rows, goes, nil
	}
	var found []json.RawMessage
	if _, err := e.ask(ctx, "model.stock.shipment.out.read", &found, ids, []string{"number", "state", "write_date", "delivery_address"}); err != nil {
		return nil, nil, err
	}
	for _, raw := range found {
		var row editedRow
		if json.Unmarshal(raw, &row) != nil || row.ID == "" {
			return nil, nil, unreadable("a shipment in it is none")
		}
		if rows[row.ID] = raw; row.isHere() {
			goes[row.ID] = row.GoesTo
		}
	}
	return rows, goes, nil
}

// editedIn is what Tryton said of a sale, and whether all of it has left. One that is processed can not be cancelled there: whoever does not want it
// cancels its shipments, and says that they are not to be made again. Until then it may be that they are.
func editedIn(body []byte) (one schemas.Readied, left bool, err error) {
	var whole saleSaid
	var sale editedRow
	if json.Unmarshal(body, &whole) != nil || json.Unmarshal(whole.Sale, &sale) != nil || sale.ID == "" {
		return one, false, unreadable("a sale in it is none")
	}
	one = schemas.Readied{Kind: schemas.ERPEdited, Ref: "sale.sale," + sale.ID.String(), OrderID: sale.Reference, ChangedAt: sale.WriteDate.time(), Body: body}
	later := func(m moment) {
		if at := m.time(); at.After(one.ChangedAt) {
			one.ChangedAt = at
		}
	}
	here, gone, stopped := 0, 0, 0
	for _, raw := range whole.Shipments {
		var row editedRow
		if json.Unmarshal(raw, &row) != nil || row.ID == "" {
			return one, false, unreadable("a shipment in it is none")
		}
		switch later(row.WriteDate); {
		case row.isHere():
			here++
		case row.State == stateCancelled:
			stopped++
		default:
			gone++
		}
	}
	one.Cancelled = sale.State == stateCancelled || stopped > 0 && here+gone == 0 && sale.ShipmentState == "sent"
	if whole.Address != nil {
		var to struct {
			addressRow
			WriteDate moment `json:"write_date"`
		}
		if json.Unmarshal(whole.Address, &to) != nil {
			return one, false, unreadable("an address in it is none")
		}
		later(to.WriteDate)
		one.To = to.destination()
	}
	one.Revision, one.Mark = one.ChangedAt.Format(revisionForm), one.EditMark()
	return one, gone > 0 && here == 0, nil
}

// revisionForm is how Tryton's moments are written in a revision.
const revisionForm = "2006-01-02T15:04:05.000000Z"
