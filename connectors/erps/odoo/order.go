package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// The states of sale.order. Only what is sold has deliveries.
const (
	stateDraft     = "draft"
	stateSent      = "sent"
	stateSold      = "sale"
	stateCancelled = "cancel"
)

// How the notes begin that Waybill reads again.
const (
	waits    = "Waits for a person: "
	changing = "Is being changed: "
)

// booked is an order as it stands in Odoo. It names nobody: it becomes a receipt.
type booked struct {
	ID     json.Number     `json:"id"`
	State  string          `json:"state"`
	Locked bool            `json:"locked"` // nobody changes it before it is unlocked
	Total  decimal.Decimal `json:"amount_total"`
	notes  []note
}

type note struct {
	ID   json.Number `json:"id"`
	Name text        `json:"name"`
}

func (b *booked) isQuotation() bool { return b.State == stateDraft || b.State == stateSent }

// noted are the notes that begin so.
func (b *booked) noted(how string) (ids []json.Number) {
	for _, n := range b.notes {
		if strings.HasPrefix(string(n.Name), how) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// isThrough tells that nothing is left to do for Waybill: the order is sold, or cancelled there, or a quotation that was left to a person.
func (b *booked) isThrough() bool { return !b.isQuotation() || len(b.noted(waits)) > 0 }

// FindOrder looks for the oldest order that carries our id and is through. Of one that was begun and not confirmed it says that it is
// absent: CreateOrder then goes on with that one.
func (e *ERP) FindOrder(ctx context.Context, orderID string) (ref string, said []byte, err error) {
	b, said, err := e.find(ctx, orderID)
	switch {
	case err != nil:
		return "", said, err
	case !b.isThrough():
		return "", said, remote.ErrAbsent
	}
	return b.ID.String(), said, nil
}

func (e *ERP) find(ctx context.Context, orderID string) (*booked, []byte, error) {
	var found []booked
	said, err := e.list(ctx, &found, "sale.order", 1, domain{where("client_order_ref", "=", orderID)}, "state", "locked", "amount_total")
	switch {
	case err != nil:
		return nil, nil, err
	case len(found) == 0:
		return nil, said, remote.ErrAbsent
	case found[0].State == stateSold:
		return &found[0], said, nil
	}
	_, err = e.list(ctx, &found[0].notes, "sale.order.line", 0, domain{where("order_id", "=", found[0].ID), where("display_type", "=", "line_note")}, "name")
	return &found[0], said, err
}

// CreateOrder makes a quotation and confirms it: two calls, as Odoo has them. If one of them fails, the next CreateOrder of the same order goes
// on there. An article that Odoo does not know stands there as a note; so that nobody ships without it, such an order stays a
// quotation, says why in its first line, and waits for a person.
func (e *ERP) CreateOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, err error) {
	ref, said, err = e.bring(ctx, p)
	return ref, said, unnamed(err, personalIn(p)...)
}

func (e *ERP) bring(ctx context.Context, p *schemas.Placing) (ref string, said []byte, err error) {
	orderID := p.Order.OrderID
	b, said, err := e.find(ctx, orderID)
	if errors.Is(err, remote.ErrAbsent) {
		b, said, err = e.begin(ctx, p)
	}
	if err != nil {
		return "", nil, err
	}
	if b.isThrough() {
		return b.ID.String(), said, nil
	}
	if wanted := p.Order.Total.Decimal(); !b.Total.Equal(wanted) {
		return "", nil, &remote.Failure{
			Class: remote.Business, Code: "amount_differs",
			Reason: fmt.Sprintf("quotation %s is of %s %s in Odoo, and the buyer pays %s: something there adds taxes or discounts, or somebody has changed it", b.ID, b.Total, p.Order.Total.Currency, wanted),
		}
	}
	if _, err := e.do(ctx, nil, "sale.order", "action_confirm", nil, []json.Number{b.ID}); err != nil {
		return "", nil, err
	}
	if b, said, err = e.find(ctx, orderID); err == nil && !b.isThrough() {
		err = &remote.Failure{
			Class: remote.Business, Code: "not_confirmed", Reason: fmt.Sprintf("order %s is in the state %s though it was confirmed: look at it in Odoo", b.ID, b.State),
		}
	}
	if err != nil {
		return "", nil, err
	}
	return b.ID.String(), said, nil
}

// begin makes the quotation, and reads it back: what it comes to is Odoo's own word.
func (e *ERP) begin(ctx context.Context, p *schemas.Placing) (*booked, []byte, error) {
	s, err := e.saleOf(ctx, p)
	if err != nil {
		return nil, nil, harmless(err)
	}
	record := s.record()
	record["partner_id"], record["client_order_ref"] = json.Number(p.CustomerRef), p.Order.OrderID
	record["date_order"] = moment(p.Order.PlacedAt.Time()) // until it is confirmed: then it is the date of that
	ref, _, err := e.create(ctx, "sale.order", record)
	if err != nil {
		return nil, nil, err
	}
	b, said, err := e.find(ctx, p.Order.OrderID)
	if errors.Is(err, remote.ErrAbsent) {
		err = &remote.Failure{
			Class: remote.Business, Code: "not_visible", Perhaps: true, Reason: "Odoo made quotation " + ref + ", and does not show it: look at the rights of the user, and its companies",
		}
	}
	return b, said, err
}
