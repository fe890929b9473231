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
	commands := removals(b.noted(changing))
	if commands == nil {
		return nil
	}
	_, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, map[string]any{"order_line": commands})
	return err
}

// AmendOrder makes the order what it is now, until a delivery has left. What is sold already, Odoo lets nobody write anew: it is
// cancelled, made a quotation again, written and confirmed. A note says so meanwhile, and whoever finds it goes on there. What somebody at Odoo
// has changed stays: its lines (their articles, pieces and sum), or where it goes.
func (e *ERP) AmendOrder(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	ref, said, kept, err = e.amend(ctx, p)
	return ref, said, kept, unnamed(err, personalIn(p)...)
}

func (e *ERP) amend(ctx context.Context, p *schemas.Placing) (ref string, said []byte, kept []string, err error) {
	b, said, err := e.find(ctx, p.Order.OrderID)
	if err != nil {
		return "", said, nil, err
	}
	if b.State == stateCancelled && len(b.noted(changing)) == 0 {
		return "", nil, nil, &remote.Failure{Class: remote.Business, Code: "is_cancelled", Reason: "order " + b.ID.String() + " is cancelled in Odoo"}
	}
	now, err := e.stands(ctx, b)
	if err != nil {
		return "", nil, nil, err
	}
	if kept, err = e.keeping(ctx, p, b, &now); err != nil {
		return "", nil, nil, err
	}
	of := *p
	of.CustomerRef = now.customer.String()
	wanted, err := e.wanted(ctx, &of, &now, kept)
	if err != nil {
		return "", nil, nil, harmless(err)
	}
	switch {
	case b.isThrough() && len(b.noted(changing)) == 0 && now.is(&wanted):
		return b.ID.String(), said, kept, nil
	case wanted.keepsLines:
		ref, said, err = e.redirect(ctx, b, &wanted, p.Order.OrderID)
		return ref, said, kept, err
	case !b.isQuotation():
		if err := e.reopen(ctx, b, now.delivery); err != nil {
			return "", nil, nil, err
		}
	}
	if _, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, wanted.record()); err != nil {
		return "", nil, nil, err
	}
	ref, said, err = e.bring(ctx, &of)
	return ref, said, kept, err
}

// wanted is the sale as it is to be: what is kept is as it stands.
func (e *ERP) wanted(ctx context.Context, p *schemas.Placing, now *standing, kept []string) (s sale, err error) {
	if s.keepsLines = slices.Contains(kept, schemas.OwnedGoods); !s.keepsLines {
		if s, err = e.goodsOf(ctx, &p.Order); err != nil {
			return s, err
		}
	}
	if slices.Contains(kept, schemas.OwnedDestination) {
		s.invoice, s.delivery = now.invoice, now.delivery
		return s, nil
	}
	s.invoice, s.delivery, err = e.addressesOf(ctx, p)
	return s, err
}

// redirect lets an order go elsewhere whose lines are somebody's own: nothing of it is taken back, and its deliveries keep what is in them.
func (e *ERP) redirect(ctx context.Context, b *booked, wanted *sale, orderID string) (ref string, said []byte, err error) {
	const why = "to go to another address"
	if err := e.allHere(ctx, b, why); err != nil {
		return "", nil, err
	}
	begun := b.noted(changing)
	if b.State == stateCancelled { // half way through a change of ours
		if err := e.reopen(ctx, b, wanted.delivery); err != nil {
			return "", nil, err
		}
	}
	var open []identified
	_, err = e.list(ctx, &open, "stock.picking", 0, domain{
		where("sale_id", "=", b.ID), where("picking_type_code", "=", "outgoing"), where("state", "not in", []string{stateGone, stateCancelled}),
	}, "id")
	if err == nil && len(open) > 0 {
		var ids []json.Number
		for _, delivery := range open {
			ids = append(ids, delivery.ID)
		}
		_, err = e.do(ctx, nil, "stock.picking", "write", nil, ids, map[string]any{"partner_id": wanted.delivery})
	}
	if err != nil {
		return "", nil, err
	}
	change := map[string]any{"partner_invoice_id": wanted.invoice, "partner_shipping_id": wanted.delivery}
	if commands := removals(begun); commands != nil {
		change["order_line"] = commands
	}
	if _, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, change); err != nil {
		return "", nil, err
	}
	if begun != nil {
		if _, err := e.do(ctx, nil, "sale.order", "action_confirm", nil, []json.Number{b.ID}); err != nil {
			return "", nil, err
		}
	}
	if b, said, err = e.find(ctx, orderID); err != nil {
		return "", nil, err
	}
	return b.ID.String(), said, nil
}

// removals are the commands that take lines away.
func removals(lines []json.Number) (commands []any) {
	for _, id := range lines {
		commands = append(commands, removing(id))
	}
	return commands
}

// reopen makes a quotation of an order that is sold, or of one with which somebody got half as far. Where its deliveries go is written down on
// the order itself, for they end with it.
func (e *ERP) reopen(ctx context.Context, b *booked, delivery json.Number) error {
	const why = "to be another"
	if b.State == stateSold {
		if err := e.allHere(ctx, b, why); err != nil {
			return err
		}
		if err := e.unlock(ctx, b); err != nil {
			return err
		}
		said := map[string]any{"display_type": "line_note", "name": changing + "the channel wants it to be another", "sequence": 0}
		if _, err := e.do(ctx, nil, "sale.order", "write", nil, []json.Number{b.ID}, map[string]any{"order_line": []any{creating(said)}, "partner_shipping_id": delivery}); err != nil {
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
	deliveries                  []json.Number // where its deliveries go, the newest first
	goods                       []standingLine
	lines                       []string // as they can be compared
}

type standingLine struct {
	Name     text            `json:"name"`
	Product  one             `json:"product_id"`
	Quantity decimal.Decimal `json:"product_uom_qty"`
	Price    decimal.Decimal `json:"price_unit"`
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
	var lines []standingLine
	if _, err = e.list(ctx, &lines, "sale.order.line", 0, domain{where("order_id", "=", b.ID)}, "name", "product_id", "product_uom_qty", "price_unit"); err != nil {
		return s, err
	}
	for _, l := range lines {
		if s.lines = append(s.lines, lineText(string(l.Name), l.Product.ID, l.Quantity, l.Price)); l.Product.ID != "" {
			s.goods = append(s.goods, l)
		}
	}
	var open []struct {
		At one `json:"partner_id"`
	}
	_, err = e.list(ctx, &open, "stock.picking", 0, domain{where("sale_id", "=", b.ID), where("picking_type_code", "=", "outgoing"), where("state", "!=", stateCancelled)}, "partner_id")
	for _, delivery := range slices.Backward(open) {
		s.deliveries = append(s.deliveries, delivery.At.ID)
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
	return s.invoice == wanted.invoice && s.delivery == wanted.delivery && (wanted.keepsLines || slices.Equal(there, lines))
}

func lineText(name string, product json.Number, quantity, price decimal.Decimal) string {
	return fmt.Sprintf("%s × %s at %s: %s", quantity, product, price, name)
}
