package odoo

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"waybill/schemas"
)

// contact is one of res.partner, as where something goes.
type contact struct {
	Name    text `json:"name"`
	Street  text `json:"street"`
	Street2 text `json:"street2"`
	Zip     text `json:"zip"`
	City    text `json:"city"`
	Country one  `json:"country_id"`
}

// standingAt is a contact and its country, each as it was answered.
type standingAt struct {
	Contact json.RawMessage `json:"contact,omitempty"` // of res.partner
	Country json.RawMessage `json:"country,omitempty"` // of res.country
}

// destination is where that is; nil if Odoo did not say.
func (s *standingAt) destination() (*schemas.Destination, error) {
	if s.Contact == nil {
		return nil, nil
	}
	var c contact
	var country struct {
		Code text `json:"code"`
	}
	if json.Unmarshal(s.Contact, &c) != nil || s.Country != nil && json.Unmarshal(s.Country, &country) != nil {
		return nil, harmless(unreadable("an address in it is none"))
	}
	street := string(c.Street)
	if second := strings.TrimSpace(string(c.Street2)); second != "" {
		street = strings.TrimSpace(street + ", " + second)
	}
	return &schemas.Destination{Name: string(c.Name), Street: street, PostalCode: string(c.Zip), City: string(c.City), Country: string(country.Code)}, nil
}

// contacts are those of some ids, also those that are archived; with more fields than an address has.
func (e *ERP) contacts(ctx context.Context, ids []json.Number, more ...string) (map[json.Number]standingAt, error) {
	all := map[json.Number]standingAt{}
	rows, err := e.read(ctx, "res.partner", ids, append([]string{"name", "street", "street2", "zip", "city", "country_id"}, more...)...)
	if err != nil {
		return nil, err
	}
	countries := map[json.Number]json.Number{} // by contact
	var known []json.Number
	for id, row := range rows {
		var c contact
		if json.Unmarshal(row, &c) != nil {
			return nil, harmless(unreadable("an address in it is none"))
		}
		all[id] = standingAt{Contact: row}
		if c.Country.ID != "" {
			countries[id], known = c.Country.ID, append(known, c.Country.ID)
		}
	}
	codes, err := e.read(ctx, "res.country", known, "code")
	for id, country := range countries {
		all[id] = standingAt{rows[id], codes[country]}
	}
	return all, err
}

// read are rows of a model by their ids, as they were answered, also of what is archived.
func (e *ERP) read(ctx context.Context, model string, ids []json.Number, fields ...string) (map[json.Number]json.RawMessage, error) {
	ids = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(id json.Number) bool { return id == "" })
	var found []json.RawMessage
	if len(ids) > 0 {
		if _, err := e.ask(ctx, &found, model, "read", nil, ids, fields); err != nil {
			return nil, err
		}
	}
	return rowsByID(model, found)
}

// keeping is what of an order stays as it is, because nobody was told of it here: somebody at the ERP has changed it. Where that is where it
// goes, it is taken for where the whole order does.
func (e *ERP) keeping(ctx context.Context, p *schemas.Placing, b *booked, now *standing) (kept []string, err error) {
	if p.Told == nil {
		return nil, nil
	}
	places := append(slices.Clone(now.deliveries), now.delivery)
	contacts, err := e.contacts(ctx, slices.Clone(places))
	if err != nil {
		return nil, err
	}
	for _, id := range places {
		at := contacts[id]
		to, err := at.destination()
		if err != nil {
			return nil, err
		}
		if kept = p.Told.Keeps(to, nil); len(kept) > 0 {
			now.delivery = id
			break
		}
	}
	if len(b.noted(waits)) > 0 { // Waybill could not write all of it, and the person has not come
		return kept, nil
	}
	pieces, err := e.pieces(ctx, b, now)
	return append(kept, p.Told.Keeps(nil, pieces)...), err
}

// pieces are what of an order leaves, and what it comes to.
func (e *ERP) pieces(ctx context.Context, b *booked, now *standing) ([]schemas.Sold, error) {
	var ids []json.Number
	for _, l := range now.goods {
		ids = append(ids, l.Product.ID)
	}
	products, err := e.read(ctx, "product.product", ids, "default_code")
	if err != nil {
		return nil, err
	}
	pieces := map[string]decimal.Decimal{}
	for _, l := range now.goods {
		var product struct {
			Code text `json:"default_code"`
		}
		if row := products[l.Product.ID]; row != nil && json.Unmarshal(row, &product) != nil {
			return nil, harmless(unreadable("an article in it is none"))
		}
		if article := string(product.Code); article != ChargeCode && !l.Quantity.IsZero() {
			pieces[article] = pieces[article].Add(l.Quantity)
		}
	}
	return schemas.InPieces(pieces, b.Total), nil
}
