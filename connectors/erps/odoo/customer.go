package odoo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// identified is a record of which nothing else is asked: what is answered stands in receipts, which are no place for people.
type identified struct {
	ID json.Number `json:"id"`
}

// FindCustomer looks for the oldest contact with an address. Odoo's module mail keeps each address as it compares them (email_normalized);
// one that it can not read it keeps as it was typed. Who was archived was put away by a person, and is not found; nor are the addresses
// that a contact has for deliveries and invoices.
func (e *ERP) FindCustomer(ctx context.Context, email string) (ref string, said []byte, err error) {
	wanted := schemas.NormalEmail(email)
	var found []identified
	said, err = e.list(ctx, &found, "res.partner", 1, domain{
		where("type", "=", "contact"), "|", where("email_normalized", "=", wanted), where("email", "=ilike", literally(wanted)),
	}, "id")
	switch {
	case err != nil:
		return "", nil, err
	case len(found) == 0:
		return "", said, remote.ErrAbsent
	}
	return found[0].ID.String(), said, nil
}

// CreateCustomer makes a contact with an address, that counts as a customer (customer_rank). Where it lives comes with its orders.
func (e *ERP) CreateCustomer(ctx context.Context, c schemas.Customer) (ref string, said []byte, err error) {
	email := schemas.NormalEmail(c.Email)
	ref, said, err = e.create(ctx, "res.partner", map[string]any{
		"name": cmp.Or(strings.TrimSpace(c.Name), email), "email": email, "type": "contact", "customer_rank": 1,
	})
	return ref, said, unnamed(err, c.Name, c.Email)
}

// unnamed takes out of what Odoo says what is somebody's own: it likes to repeat what it was sent.
func unnamed(err error, personal ...string) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		for _, text := range personal {
			if text = strings.Join(strings.Fields(text), " "); text != "" {
				f.Reason = strings.ReplaceAll(f.Reason, text, "…")
			}
		}
	}
	return err
}

// personalIn is what names somebody in a placing.
func personalIn(p *schemas.Placing) []string {
	texts := []string{schemas.NormalEmail(p.Customer.Email), p.Customer.Email, p.Customer.Name}
	for _, who := range []*schemas.Person{p.Order.Buyer, p.Order.BillTo, p.Order.ShipTo} {
		if who != nil {
			texts = append(texts, who.Email, who.Name, who.Company, who.Street, who.Phone, who.TaxID)
		}
	}
	return texts
}
