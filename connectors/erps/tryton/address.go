package tryton

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

// address is one of a party's, as Tryton's module party has it: who is there, a second line for a person in a company, and where.
type address struct {
	ID         json.Number `json:"id"`
	PartyName  string      `json:"party_name"`
	Name       string      `json:"name"`
	Street     string      `json:"street"`
	PostalCode string      `json:"postal_code"`
	City       string      `json:"city"`
	Country    json.Number `json:"country"`
}

// addressesOf are where the invoice and the goods go to: those that the party has, or new ones in its address book.
func (e *ERP) addressesOf(ctx context.Context, p *schemas.Placing) (invoice, shipment json.Number, err error) {
	known, err := e.addressBook(ctx, p.CustomerRef)
	if err != nil {
		return "", "", err
	}
	bought := schemas.Person{Name: p.Customer.Name, Country: p.Customer.Country}
	to := cmp.Or(p.Order.ShipTo, p.Order.BillTo, p.Order.Buyer, &bought)
	for i, who := range []*schemas.Person{to, cmp.Or(p.Order.BillTo, to)} {
		a, err := e.addressOf(ctx, who)
		if err != nil {
			return "", "", err
		}
		at, there := known[a]
		if !there {
			ref, _, err := e.create(ctx, "party.address", a.record(p.CustomerRef))
			if err != nil {
				return "", "", err
			}
			at = json.Number(ref)
			known[a] = at
		}
		if i == 0 {
			shipment = at
		}
		invoice = at
	}
	return invoice, shipment, nil
}

// addressBook is what a party has, by what is written there.
func (e *ERP) addressBook(ctx context.Context, party string) (map[address]json.Number, error) {
	var found []address
	_, err := e.ask(ctx, "model.party.address.search_read", &found, all(where("party", "=", json.Number(party))), 0, nil, oldestFirst,
		[]string{"party_name", "name", "street", "postal_code", "city", "country"})
	book := map[address]json.Number{}
	for _, a := range found {
		id := a.ID
		a.ID = ""
		book[a] = cmp.Or(book[a], id)
	}
	return book, err
}

func (e *ERP) addressOf(ctx context.Context, who *schemas.Person) (address, error) {
	a := address{PartyName: cmp.Or(who.Company, who.Name), Street: who.Street, PostalCode: who.PostalCode, City: who.City}
	if who.Company != "" {
		a.Name = who.Name
	}
	for _, text := range []*string{&a.PartyName, &a.Name, &a.Street, &a.PostalCode, &a.City} {
		*text = strings.TrimSpace(*text)
	}
	var err error
	if code := who.Country; code != "" && code != nowhere {
		a.Country, err = e.idOf(ctx, "country.country", code, "import the countries of its module country")
	}
	return a, err
}

func (a *address) record(party string) map[string]any {
	r := map[string]any{
		"party": json.Number(party), "party_name": a.PartyName, "name": a.Name, "street": a.Street, "postal_code": a.PostalCode, "city": a.City,
		"delivery": true, "invoice": true,
	}
	if a.Country != "" {
		r["country"] = a.Country
	}
	return r
}

func (e *ERP) currency(ctx context.Context, code string) (json.Number, error) {
	return e.idOf(ctx, "currency.currency", code, "add it there, with a rate")
}

// idOf is what Tryton calls something that has a code, and never calls otherwise.
func (e *ERP) idOf(ctx context.Context, model, code, what string) (json.Number, error) {
	key := model + " " + code
	if id, known := e.ids.Load(key); known {
		return id.(json.Number), nil
	}
	var found []struct {
		ID json.Number `json:"id"`
	}
	if _, err := e.ask(ctx, "model."+model+".search_read", &found, all(where("code", "=", code)), 0, 1, oldestFirst, []string{"code"}); err != nil {
		return "", err
	}
	if len(found) == 0 {
		_, kind, _ := strings.Cut(model, ".")
		return "", &remote.Failure{Class: remote.Business, Code: "unknown_" + kind, Reason: fmt.Sprintf("Tryton has no %s %s: %s, and try again", kind, code, what)}
	}
	e.ids.Store(key, found[0].ID)
	return found[0].ID, nil
}
