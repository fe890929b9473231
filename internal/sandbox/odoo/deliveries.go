package odoo

import (
	"fmt"
)

// The states of stock.picking that matter here.
const (
	assigned = "assigned" // shown as Ready
	gone     = "done"
)

// deliver makes the delivery of an order that is confirmed, if there is anything to deliver: a service is not.
func (s *Odoo) deliver(order int, row record) {
	lines, _ := row["order_line"].([]int)
	pieces, moved := 0.0, []record{}
	for _, id := range lines {
		line := s.tables["sale.order.line"].rows[id]
		product, _ := line["product_id"].(int)
		if product != 0 && s.tables["product.product"].rows[product]["detailed_type"] != "service" {
			pieces += numberOf(line["product_uom_qty"])
			moved = append(moved, record{"product_id": product, "quantity": line["product_uom_qty"]})
		}
	}
	if pieces > 0 {
		id := s.insert("stock.picking", record{
			"sale_id": order, "origin": row["name"], "partner_id": row["partner_shipping_id"], "picking_type_code": "outgoing",
			"weight": pieces, "shipping_weight": pieces, // an article weighs a kilogram
		})
		s.set("stock.picking", id, record{"name": fmt.Sprintf("WH/OUT/%05d", id)})
		for _, line := range moved {
			line["picking_id"] = id
			s.insert("stock.move.line", line)
		}
	}
}

// stopDeliveries cancels what has not left; what has, stays gone, and the order is cancelled all the same (addons/sale_stock, _action_cancel).
func (s *Odoo) stopDeliveries(order record) {
	pickings, _ := order["picking_ids"].([]int)
	for _, id := range pickings {
		if s.tables["stock.picking"].rows[id]["state"] != gone {
			s.set("stock.picking", id, record{"state": cancelled})
		}
	}
}

// unreserve puts the goods of a delivery back: it is ready no more. The button is do_unreserve; action_assign is its opposite.
func (s *Odoo) unreserve(x call) (any, []done, error) { return s.turn(x, assigned, "confirmed") }

func (s *Odoo) reserve(x call) (any, []done, error) { return s.turn(x, "confirmed", assigned) }

func (s *Odoo) turn(x call, from, to string) (any, []done, error) {
	return s.each(x, func(id int, row record) (bool, error) {
		if row["state"] != from {
			return false, nil
		}
		s.set(x.model, id, record{"state": to})
		return true, nil
	}, true)
}

func (s *Odoo) writePicking(x call) (any, []done, error) {
	result, _, err := s.write(x)
	if err != nil {
		return nil, nil, err
	}
	ids, _ := x.ids()
	var deeds []done
	for _, id := range ids {
		deeds = append(deeds, done{refOf(id), refOf(id)})
	}
	return result, deeds, nil
}

// validatePicking lets a delivery leave. Unless the context says that nobody is to be asked, it answers a dialogue and does nothing.
func (s *Odoo) validatePicking(x call) (any, []done, error) {
	context, _ := x.named["context"].(map[string]any)
	if context["skip_backorder"] != true || context["skip_sms"] != true {
		return map[string]any{"type": "ir.actions.act_window", "res_model": "stock.backorder.confirmation", "view_mode": "form", "target": "new"}, nil, nil
	}
	return s.each(x, func(id int, row record) (bool, error) {
		if row["state"] == cancelled || row["state"] == gone {
			return false, userError("You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.")
		}
		s.set(x.model, id, record{"state": gone, "date_done": s.now()})
		return true, nil
	}, true)
}
