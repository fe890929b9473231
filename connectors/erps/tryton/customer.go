package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// mechanismsMax bounds how many addresses may contain another's.
const mechanismsMax = 1000

// FindCustomer looks for the oldest party with an address. Tryton keeps addresses as they were typed, so it is asked for those that
// contain this one, and they are compared here.
func (e *ERP) FindCustomer(ctx context.Context, email string) (ref string, said []byte, err error) {
	var found []struct {
		Value string      `json:"value"`
		Party json.Number `json:"party"`
	}
	wanted := schemas.NormalEmail(email)
	said, err = e.ask(ctx, "model.party.contact_mechanism.search_read", &found,
		all(where("type", "=", "email"), where("value", "ilike", "%"+literally(wanted)+"%"), where("party.active", "=", true)),
		0, mechanismsMax, oldestFirst, []string{"value", "party"})
	if err != nil {
		return "", nil, err
	}
	for _, f := range found {
		if schemas.NormalEmail(f.Value) == wanted {
			return f.Party.String(), said, nil
		}
	}
	return "", said, remote.ErrAbsent
}

// literally is text in a pattern of ilike, where an underscore stands for any character.
func literally(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// CreateCustomer makes a party with an address. Where it lives comes with its orders.
func (e *ERP) CreateCustomer(ctx context.Context, c schemas.Customer) (ref string, said []byte, err error) {
	party := map[string]any{
		"name": c.Name, "contact_mechanisms": creating(map[string]any{"type": "email", "value": schemas.NormalEmail(c.Email)}),
	}
	ref, said, err = e.create(ctx, "party.party", party)
	return ref, said, unnamed(err, c.Name, c.Email)
}

// create makes one record.
func (e *ERP) create(ctx context.Context, model string, record map[string]any) (ref string, said []byte, err error) {
	var made []json.Number
	if said, err = e.do(ctx, "model."+model+".create", &made, []any{record}); err != nil {
		return "", nil, err
	}
	if len(made) != 1 {
		return "", nil, unreadable("it does not say what was made")
	}
	return made[0].String(), said, nil
}

// unnamed takes out of what Tryton says what is somebody's own: it likes to repeat what it was sent.
func unnamed(err error, personal ...string) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		for _, text := range personal {
			if text = strings.TrimSpace(text); text != "" {
				f.Reason = strings.ReplaceAll(f.Reason, text, "…")
			}
		}
	}
	return err
}
