package odoo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// undisputed is the context in which action_cancel cancels, and opens no dialogue.
var undisputed = named{"context": map[string]any{"disable_cancel_warning": true}}

// CancelOrder takes back the order that carries our id. Odoo cancels its deliveries with it, and an order of which some have left all the
// same; so those are looked at before and afterwards.
func (e *ERP) CancelOrder(ctx context.Context, orderID string) (ref string, said []byte, err error) {
	b, said, err := e.find(ctx, orderID)
	if err != nil {
		return "", said, err
	}
	if b.State == stateCancelled {
		return b.ID.String(), said, e.settleChange(ctx, b)
	}
	const why = "cancelled by the channel"
	if err := e.takeBack(ctx, b, why); err != nil {
		return "", nil, err
	}
	if b, said, err = e.find(ctx, orderID); err == nil && b.State != stateCancelled {
		err = &remote.Failure{Class: remote.Transient, Code: "not_applied", Perhaps: true, Reason: fmt.Sprintf("order %s is in the state %s, though Odoo took its cancellation", b.ID, b.State)}
	}
	if err != nil {
		return "", nil, err
	}
	return b.ID.String(), said, nil
}

// takeBack cancels an order whose goods are all here, whatever its state is.
func (e *ERP) takeBack(ctx context.Context, b *booked, why string) error {
	if err := e.allHere(ctx, b, why); err != nil {
		return err
	}
	if err := e.unlock(ctx, b); err != nil {
		return err
	}
	if _, err := e.do(ctx, nil, "sale.order", "action_cancel", undisputed, []json.Number{b.ID}); err != nil {
		return err
	}
	return e.allHere(ctx, b, why)
}

// unlock lets an order be changed that Odoo locks when it is confirmed (a setting of sales, "Lock Confirmed Sales"). It is locked again by that.
func (e *ERP) unlock(ctx context.Context, b *booked) error {
	if !b.Locked {
		return nil
	}
	_, err := e.do(ctx, nil, "sale.order", "action_unlock", nil, []json.Number{b.ID})
	b.Locked = b.Locked && err != nil
	return err
}

// allHere is too late if a delivery of an order has left.
func (e *ERP) allHere(ctx context.Context, b *booked, why string) error {
	var left []struct {
		Name text `json:"name"`
	}
	_, err := e.list(ctx, &left, "stock.picking", 1, domain{where("sale_id", "=", b.ID), where("picking_type_code", "=", "outgoing"), where("state", "=", stateGone)}, "name")
	if err == nil && len(left) > 0 {
		return &remote.Failure{
			Class: remote.TooLate, Code: "too_late", Reason: fmt.Sprintf("delivery %s of order %s has left already, and it is %s: stop it by hand", left[0].Name, b.ID, why),
		}
	}
	return err
}

// settleChange lets a change that was begun be none any more: the order stays cancelled.
func (e *ERP) settleChange(ctx context.Context, b *booked) error {
	var commands []any
	for _, id := range b.noted(changing) {
		commands = append(commands, removing(id))
	}
	if commands == nil {
		return nil
	}
	_, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, map[string]any{"order_line": commands})
	return err
}

// AmendOrder makes the order what it is now, until a delivery has left. What is sold already, Odoo lets nobody write anew: it is
// cancelled, made a quotation again, written and confirmed. A note says so meanwhile, and whoever finds it goes on there.
func (e *ERP) AmendOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	ref, said, err = e.amend(ctx, p)
	return ref, said, nil, unnamed(err, personalIn(p)...)
}

func (e *ERP) amend(ctx context.Context, p *schemas.Placing) (ref string, said []byte, err error) {
	b, said, err := e.find(ctx, p.Order.OrderID)
	if err != nil {
		return "", said, err
	}
	if b.State == stateCancelled && len(b.noted(changing)) == 0 {
		return "", nil, &remote.Failure{Class: remote.Business, Code: "is_cancelled", Reason: "order " + b.ID.String() + " is cancelled in Odoo"}
	}
	now, err := e.stands(ctx, b)
	if err != nil {
		return "", nil, err
	}
	of := *p
	of.CustomerRef = now.customer.String()
	wanted, err := e.saleOf(ctx, &of)
	if err != nil {
		return "", nil, harmless(err)
	}
	if b.isThrough() && now.is(&wanted) {
		return b.ID.String(), said, nil
	}
	if !b.isQuotation() {
		if err := e.reopen(ctx, b); err != nil {
			return "", nil, err
		}
	}
	if _, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, wanted.record()); err != nil {
		return "", nil, err
	}
	return e.bring(ctx, &of)
}

// reopen makes a quotation of an order that is sold, or of one with which somebody got half as far.
func (e *ERP) reopen(ctx context.Context, b *booked) error {
	const why = "to be another"
	if b.State == stateSold {
		if err := e.allHere(ctx, b, why); err != nil {
			return err
		}
		if err := e.unlock(ctx, b); err != nil {
			return err
		}
		said := map[string]any{"display_type": "line_note", "name": changing + "the channel wants it to be another", "sequence": 0}
		if _, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, map[string]any{"order_line": []any{creating(said)}}); err != nil {
			return err
		}
		if err := e.takeBack(ctx, b, why); err != nil {
			return err
		}
	} else if err := e.allHere(ctx, b, why); err != nil {
		return err
	}
	_, err := e.do(ctx, nil, "sale.order", "action_draft", nil, []json.Number{b.ID})
	return err
}

// standing is what stands in an order.
type standing struct {
	customer, invoice, delivery json.Number
	lines                       []string
}

// stands reads it. What it reads names people, and goes nowhere.
func (e *ERP) stands(ctx context.Context, b *booked) (s standing, err error) {
	var found []struct {
		Customer one `json:"partner_id"`
		Invoice  one `json:"partner_invoice_id"`
		Delivery one `json:"partner_shipping_id"`
	}
	if _, err := e.list(ctx, &found, "sale.order", 1, domain{where("id", "=", b.ID)}, "partner_id", "partner_invoice_id", "partner_shipping_id"); err != nil {
		return s, err
	}
	if len(found) == 0 {
		return s, remote.ErrAbsent
	}
	var lines []struct {
		Name     text            `json:"name"`
		Product  one             `json:"product_id"`
		Quantity decimal.Decimal `json:"product_uom_qty"`
		Price    decimal.Decimal `json:"price_unit"`
	}
	_, err = e.list(ctx, &lines, "sale.order.line", 0, domain{where("order_id", "=", b.ID)}, "name", "product_id", "product_uom_qty", "price_unit")
	for _, l := range lines {
		s.lines = append(s.lines, lineText(string(l.Name), l.Product.ID, l.Quantity, l.Price))
	}
	s.customer, s.invoice, s.delivery = found[0].Customer.ID, found[0].Invoice.ID, found[0].Delivery.ID
	return s, err
}

// is tells whether it is what is wanted.
func (s *standing) is(wanted *sale) bool {
	var lines []string
	for _, l := range wanted.lines {
		lines = append(lines, lineText(l.name, l.product, decimal.NewFromInt(l.quantity), l.price))
	}
	there := slices.Clone(s.lines)
	slices.Sort(there)
	slices.Sort(lines)
	return s.invoice == wanted.invoice && s.delivery == wanted.delivery && slices.Equal(there, lines)
}

func lineText(name string, product json.Number, quantity, price decimal.Decimal) string {
	return fmt.Sprintf("%s × %s at %s: %s", quantity, product, price, name)
}
