package odoo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// nowhere is the country of who told none.
const nowhere = "ZZ"

// The types of res.partner that an order's addresses have: each is a contact below its customer, and no customer itself.
const (
	typeDelivery = "delivery"
	typeInvoice  = "invoice"
)

// address is a contact below another, as it is compared.
type address struct {
	Type, Name, Street, Zip, City, Phone string
	Country                              json.Number
}

// addressesOf are where the invoice and the goods go to: those that the customer has, or new ones below it.
func (e *ERP) addressesOf(ctx context.Context, p *schemas.Placing) (invoice, delivery json.Number, err error) {
	known, err := e.addressBook(ctx, p.CustomerRef)
	if err != nil {
		return "", "", err
	}
	bought := schemas.Person{Name: p.Customer.Name, Country: p.Customer.Country}
	to := cmp.Or(p.Order.ShipTo, p.Order.BillTo, p.Order.Buyer, &bought)
	if delivery, err = e.addressOf(ctx, p.CustomerRef, typeDelivery, to, known); err != nil {
		return "", "", err
	}
	invoice, err = e.addressOf(ctx, p.CustomerRef, typeInvoice, cmp.Or(p.Order.BillTo, to), known)
	return invoice, delivery, err
}

// addressBook is what a customer has, by what is written there; of several alike, the oldest.
func (e *ERP) addressBook(ctx context.Context, customer string) (map[address]json.Number, error) {
	var found []struct {
		ID      json.Number `json:"id"`
		Type    text        `json:"type"`
		Name    text        `json:"name"`
		Street  text        `json:"street"`
		Zip     text        `json:"zip"`
		City    text        `json:"city"`
		Phone   text        `json:"phone"`
		Country one         `json:"country_id"`
	}
	_, err := e.list(ctx, &found, "res.partner", 0, domain{where("parent_id", "=", json.Number(customer)), where("type", "in", []string{typeDelivery, typeInvoice})},
		"type", "name", "street", "zip", "city", "phone", "country_id")
	book := map[address]json.Number{}
	for _, f := range found {
		a := address{string(f.Type), string(f.Name), string(f.Street), string(f.Zip), string(f.City), string(f.Phone), f.Country.ID}
		book[a] = cmp.Or(book[a], f.ID)
	}
	return book, err
}

func (e *ERP) addressOf(ctx context.Context, customer, kind string, who *schemas.Person, known map[address]json.Number) (json.Number, error) {
	a := address{
		Type: kind, Name: who.InOneLine(), Street: strings.TrimSpace(who.Street), Zip: strings.TrimSpace(who.PostalCode), City: strings.TrimSpace(who.City), Phone: strings.TrimSpace(who.Phone),
	}
	var err error
	if code := strings.ToUpper(who.Country); code != "" && code != nowhere {
		if a.Country, err = e.idOf(ctx, "res.country", "code", code, "unknown_country", "country"); err != nil {
			return "", err
		}
	}
	if at, there := known[a]; there {
		return at, nil
	}
	record := map[string]any{
		"parent_id": json.Number(customer), "type": a.Type, "name": a.Name, "street": a.Street, "zip": a.Zip, "city": a.City, "phone": a.Phone,
	}
	if a.Country != "" {
		record["country_id"] = a.Country
	}
	ref, _, err := e.create(ctx, "res.partner", record)
	return json.Number(ref), err
}

// idOf is what Odoo calls something that has a code, and never calls otherwise.
func (e *ERP) idOf(ctx context.Context, model, field, code, failure, kind string) (json.Number, error) {
	key := model + " " + code
	if id, known := e.ids.Load(key); known {
		return id.(json.Number), nil
	}
	var found []identified
	if _, err := e.list(ctx, &found, model, 1, domain{where(field, "=", code)}, "id"); err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", &remote.Failure{Class: remote.Business, Code: failure, Reason: fmt.Sprintf("Odoo has no %s %s: make one there, and try again", kind, code)}
	}
	e.ids.Store(key, found[0].ID)
	return found[0].ID, nil
}
