package tryton

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"waybill/schemas"
)

// addressRow is an address as Tryton says it; of a field of another record it answers that record below the name with a dot.
type addressRow struct {
	ID         json.Number `json:"id"`
	PartyName  string      `json:"party_name"`
	Street     string      `json:"street"`
	PostalCode string      `json:"postal_code"`
	City       string      `json:"city"`
	Country    *struct {
		Code string `json:"code"`
	} `json:"country."`
}

func (a *addressRow) destination() *schemas.Destination {
	d := &schemas.Destination{Name: a.PartyName, Street: a.Street, PostalCode: a.PostalCode, City: a.City}
	if a.Country != nil {
		d.Country = a.Country.Code
	}
	return d
}

// addressRows are addresses as they were answered, by id; with more fields than an address has.
func (e *ERP) addressRows(ctx context.Context, ids []json.Number, more ...string) (map[json.Number]json.RawMessage, error) {
	rows := map[json.Number]json.RawMessage{}
	ids = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(id json.Number) bool { return id == "" })
	if len(ids) == 0 {
		return rows, nil
	}
	var found []json.RawMessage
	if _, err := e.ask(ctx, "model.party.address.read", &found, ids, append([]string{"party_name", "street", "postal_code", "city", "country.code"}, more...)); err != nil {
		return nil, err
	}
	for _, raw := range found {
		var row addressRow
		if json.Unmarshal(raw, &row) != nil || row.ID == "" {
			return nil, unreadable("an address in it is none")
		}
		rows[row.ID] = raw
	}
	return rows, nil
}

// keeping is where a sale goes, if that is no address that anybody was told of it here: somebody at the ERP has changed it.
func (e *ERP) keeping(ctx context.Context, p *schemas.Placing, b *booked) (at json.Number, to *schemas.Destination, err error) {
	if p.Told == nil {
		return "", nil, nil
	}
	ids, err := e.addressesNow(ctx, b)
	if err != nil {
		return "", nil, err
	}
	rows, err := e.addressRows(ctx, slices.Clone(ids))
	for _, id := range ids {
		var row addressRow
		if raw, known := rows[id]; !known || json.Unmarshal(raw, &row) != nil {
			continue
		}
		if to := row.destination(); len(p.Told.Keeps(to, nil)) > 0 {
			return id, to, nil
		}
	}
	return "", nil, err
}

// addressesNow are those of a sale's shipments, or its own as long as it has none.
func (e *ERP) addressesNow(ctx context.Context, b *booked) (ids []json.Number, err error) {
	shipments, err := e.shipmentsOf(ctx, b.ID.String())
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Delivery json.Number `json:"delivery_address"`
		Shipment json.Number `json:"shipment_address"`
	}
	if len(shipments) > 0 {
		_, err = e.ask(ctx, "model.stock.shipment.out.read", &rows, idsOf(shipments), []string{"delivery_address"})
	} else {
		_, err = e.ask(ctx, "model.sale.sale.read", &rows, []any{b.ID}, []string{"shipment_address"})
	}
	for _, row := range rows {
		if id := cmp.Or(row.Delivery, row.Shipment); id != "" {
			ids = append(ids, id)
		}
	}
	return ids, err
}
