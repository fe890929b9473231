package odoo

import (
	"fmt"
)

// The states of stock.picking that matter here.
const (
	confirmed = "confirmed" // shown as Waiting
	assigned  = "assigned"  // shown as Ready
	gone      = "done"
)

// procure brings the deliveries of a confirmed order in line with what it sells: what is missing comes into the one that is open, what is too
// much goes out of it, and what has left has left (addons/sale_stock/models/sale_order_line.py, _action_launch_stock_rule). A service is not
// delivered.
func (s *Odoo) procure(order int) {
	row := s.tables["sale.order"].rows[order]
	if row["state"] != sold {
		return
	}
	lines, _ := row["order_line"].([]int)
	for _, id := range lines {
		line := s.tables["sale.order.line"].rows[id]
		product, _ := line["product_id"].(int)
		if product == 0 || s.tables["product.product"].rows[product]["detailed_type"] == "service" {
			continue
		}
		short := numberOf(line["product_uom_qty"])
		for _, move := range s.moves("sale_line_id", id) {
			short -= numberOf(s.tables["stock.move"].rows[move]["product_uom_qty"])
		}
		for _, move := range s.moves("sale_line_id", id) {
			if is := s.tables["stock.move"].rows[move]; is["state"] != gone && short != 0 {
				demand := max(0, numberOf(is["product_uom_qty"])+short)
				short -= demand - numberOf(is["product_uom_qty"])
				s.demand(move, demand)
			}
		}
		if short > 0 {
			s.carry(s.openDelivery(order, row), product, id, short)
		}
	}
}

// moves are those of a delivery or of a line that are not cancelled.
func (s *Odoo) moves(by string, of int) (ids []int) {
	t := s.tables["stock.move"]
	for _, id := range t.ids {
		if t.rows[id][by] == of && t.rows[id]["state"] != cancelled {
			ids = append(ids, id)
		}
	}
	return ids
}

// demand makes a move one of so many pieces, all of them reserved; without any, it is none, and a delivery without moves neither.
func (s *Odoo) demand(move int, pieces float64) {
	row := s.tables["stock.move"].rows[move]
	picking, _ := row["picking_id"].(int)
	s.set("stock.move", move, record{"product_uom_qty": pieces, "quantity": pieces})
	if pieces == 0 {
		s.set("stock.move", move, record{"state": cancelled})
	}
	if len(s.moves("picking_id", picking)) == 0 {
		s.set("stock.picking", picking, record{"state": cancelled})
	}
	s.weigh(picking)
}

// openDelivery is one of an order that has not left: the first there is, or another.
func (s *Odoo) openDelivery(order int, row record) int {
	pickings, _ := row["picking_ids"].([]int)
	for _, id := range pickings {
		if state := s.tables["stock.picking"].rows[id]["state"]; state != gone && state != cancelled {
			return id
		}
	}
	id := s.insert("stock.picking", record{"sale_id": order, "origin": row["name"], "partner_id": row["partner_shipping_id"], "picking_type_code": "outgoing", "location_id": s.tables["stock.location"].ids[0]})
	s.set("stock.picking", id, record{"name": fmt.Sprintf("WH/OUT/%05d", id)})
	return id
}

// carry puts pieces in a delivery.
func (s *Odoo) carry(picking, product, line int, pieces float64) {
	values := record{"picking_id": picking, "product_id": product, "product_uom_qty": pieces, "quantity": pieces}
	if line != 0 {
		values["sale_line_id"] = line
	}
	s.insert("stock.move", values)
	s.insert("stock.move.line", record{"picking_id": picking, "product_id": product})
	s.weigh(picking)
}

// weigh adds up what a delivery weighs: an article is a kilogram.
func (s *Odoo) weigh(picking int) {
	pieces := 0.0
	for _, id := range s.moves("picking_id", picking) {
		pieces += numberOf(s.tables["stock.move"].rows[id]["quantity"])
	}
	s.set("stock.picking", picking, record{"weight": pieces, "shipping_weight": pieces})
}

// stopDeliveries cancels what has not left; what has, stays gone, and the order is cancelled all the same (addons/sale_stock, _action_cancel).
func (s *Odoo) stopDeliveries(order record) {
	pickings, _ := order["picking_ids"].([]int)
	for _, id := range pickings {
		if s.tables["stock.picking"].rows[id]["state"] != gone {
			s.set("stock.picking", id, record{"state": cancelled})
			for _, move := range s.moves("picking_id", id) {
				s.set("stock.move", move, record{"state": cancelled})
			}
		}
	}
}

// unreserve puts the goods of a delivery back: it is ready no more. The button is do_unreserve; action_assign is its opposite.
func (s *Odoo) unreserve(x call) (any, []done, error) { return s.turn(x, assigned, confirmed) }

func (s *Odoo) reserve(x call) (any, []done, error) { return s.turn(x, confirmed, assigned) }

func (s *Odoo) turn(x call, from, to string) (any, []done, error) {
	return s.each(x, func(id int, row record) (bool, error) {
		if row["state"] != from {
			return false, nil
		}
		for _, move := range s.moves("picking_id", id) {
			reserved := 0.0
			if to == assigned {
				reserved = numberOf(s.tables["stock.move"].rows[move]["product_uom_qty"])
			}
			s.set("stock.move", move, record{"state": to, "quantity": reserved})
		}
		s.set(x.model, id, record{"state": to})
		return true, nil
	}, true)
}

// writeMove reserves as many pieces as somebody says there are: with the first, the delivery is ready.
func (s *Odoo) writeMove(x call) (any, []done, error) {
	result, _, err := s.write(x)
	if err != nil {
		return nil, nil, err
	}
	ids, _ := x.ids()
	for _, id := range ids {
		row := s.tables["stock.move"].rows[id]
		picking, _ := row["picking_id"].(int)
		if numberOf(row["quantity"]) > 0 && s.tables["stock.picking"].rows[picking]["state"] == confirmed {
			s.set("stock.move", id, record{"state": assigned})
			s.set("stock.picking", picking, record{"state": assigned})
		}
	}
	return result, nil, nil
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
		if row["state"] != assigned {
			return false, userError("You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.")
		}
		s.set(x.model, id, record{"state": gone, "date_done": s.now()})
		s.leave(id, row)
		return true, nil
	}, true)
}

// leave lets go what is reserved; the rest comes into a delivery of its own, a backorder.
func (s *Odoo) leave(picking int, row record) {
	rest := map[int]float64{}
	for _, id := range s.moves("picking_id", picking) {
		move := s.tables["stock.move"].rows[id]
		if rest[id] = numberOf(move["product_uom_qty"]) - numberOf(move["quantity"]); rest[id] < 0 {
			rest[id] = 0
		}
		s.set("stock.move", id, record{"state": gone, "product_uom_qty": move["quantity"]})
	}
	order, _ := row["sale_id"].(int)
	for _, id := range s.moves("picking_id", picking) {
		if rest[id] > 0 {
			move := s.tables["stock.move"].rows[id]
			product, _ := move["product_id"].(int)
			line, _ := move["sale_line_id"].(int)
			s.carry(s.openDelivery(order, s.tables["sale.order"].rows[order]), product, line, rest[id])
		}
	}
}
