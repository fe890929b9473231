package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// The states of a sale in Tryton's module sale. Only from confirmed on does it make shipments and invoices.
const (
	stateDraft     = "draft"
	stateQuotation = "quotation"
)

// waits begins the description of a sale that is left to a person.
const waits = "Waits for a person: "

// booked is a sale as it stands in Tryton.
type booked struct {
	ID          json.Number `json:"id"`
	State       string      `json:"state"`
	Description string      `json:"description"`
}

// isThrough tells that nothing is left to do for Waybill: the sale is confirmed, or cancelled there, or quoted and left to a person.
func (b *booked) isThrough() bool {
	return b.State != stateDraft && (b.State != stateQuotation || strings.HasPrefix(b.Description, waits))
}

// FindOrder looks for the oldest sale that carries our id and is through. Of one that was begun and not confirmed it says that it is
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
	s, err := e.enter(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	ours := where("reference", "=", orderID)
	if s.uniqueID {
		ours = anyOf(ours, where("web_id", "=", orderID))
	}
	var found []booked
	said, err := e.ask(ctx, "model.sale.sale.search_read", &found, all(ours), 0, 1, oldestFirst, []string{"state", "description"})
	switch {
	case err != nil:
		return nil, nil, err
	case len(found) == 0:
		return nil, said, remote.ErrAbsent
	}
	return &found[0], said, nil
}

// CreateOrder makes a sale, quotes and confirms it: three calls, as Tryton has them. If one of them fails, the next CreateOrder of the
// same order goes on there. An article that Tryton does not know stands on the sale as text; so that nobody ships without it, such
// a sale is quoted only, says why in its description, and waits for a person.
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
	ids := []any{b.ID}
	if b.State == stateDraft {
		if _, err := e.do(ctx, "model.sale.sale.quote", nil, ids); err != nil {
			return "", nil, err
		}
		b.State = stateQuotation
	}
	if b.isThrough() {
		return b.ID.String(), said, nil
	}
	if _, err := e.do(ctx, "model.sale.sale.confirm", nil, ids); err != nil {
		return "", nil, err
	}
	// A button that Tryton finds out of place does nothing, and says nothing.
	if b, said, err = e.find(ctx, orderID); err == nil && !b.isThrough() {
		err = &remote.Failure{
			Class: remote.Business, Code: "not_confirmed", Reason: fmt.Sprintf("sale %s is in the state %s though it was confirmed: look at it in Tryton", b.ID, b.State),
		}
	}
	if err != nil {
		return "", nil, err
	}
	return b.ID.String(), said, nil
}

// begin makes the sale. What is refused may be refused because it is there: another has made it since we looked, and its web id is
// taken.
func (e *ERP) begin(ctx context.Context, p *schemas.Placing) (*booked, []byte, error) {
	record, err := e.saleOf(ctx, p)
	if err != nil {
		return nil, nil, harmless(err)
	}
	ref, said, err := e.create(ctx, "sale.sale", record)
	var f *remote.Failure
	switch {
	case errors.As(err, &f) && f.Class == remote.Business:
		if b, said, found := e.find(ctx, p.Order.OrderID); found == nil {
			return b, said, nil
		}
		return nil, nil, err
	case err != nil:
		return nil, nil, err
	}
	description, _ := record["description"].(string)
	return &booked{json.Number(ref), stateDraft, description}, said, nil
}

// personalIn is what names somebody in a placing.
func personalIn(p *schemas.Placing) []string {
	texts := []string{p.Customer.Email, p.Customer.Name}
	for _, who := range []*schemas.Person{p.Order.Buyer, p.Order.BillTo, p.Order.ShipTo} {
		if who != nil {
			texts = append(texts, who.Email, who.Name, who.Company, who.Street, who.Phone, who.TaxID)
		}
	}
	return texts
}
