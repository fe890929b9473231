package odoo

import (
	"math"
	"slices"
)

// writeLines carries out the commands on an order's lines (odoo/fields.py, Command): 0 makes one, 1 changes one, 2 takes one away, 5 all.
func (s *Odoo) writeLines(order int, raw any) error {
	commands, _ := raw.([]any)
	for _, one := range commands {
		command, _ := one.([]any)
		if len(command) == 0 {
			return refuse("builtins.ValueError", "Wrong value for sale.order.order_line: %v", one)
		}
		if err := s.writeLine(order, command); err != nil {
			return err
		}
	}
	s.addUp(order)
	s.procure(order)
	return nil
}

func (s *Odoo) writeLine(order int, command []any) error {
	kind, _ := command[0].(float64)
	var id int
	if len(command) > 1 {
		n, _ := command[1].(float64)
		id = int(n)
	}
	var given map[string]any
	if len(command) > 2 {
		given, _ = command[2].(map[string]any)
	}
	lines, _ := s.tables["sale.order"].rows[order]["order_line"].([]int)
	switch kind {
	case 0:
		values, err := s.values("sale.order.line", given)
		if err != nil {
			return err
		}
		values["order_id"] = order
		s.fill(values, given)
		return s.settleLine(s.insert("sale.order.line", values))
	case 1:
		values, err := s.values("sale.order.line", given)
		if err != nil {
			return err
		}
		if !slices.Contains(lines, id) {
			_, err := s.existing("sale.order.line", 0)
			return err
		}
		s.set("sale.order.line", id, values)
		return s.settleLine(id)
	case 2:
		return s.removeLine(order, id)
	case 5:
		for _, id := range slices.Clone(lines) {
			if err := s.removeLine(order, id); err != nil {
				return err
			}
		}
		return nil
	}
	return refuse("builtins.ValueError", "Wrong value for sale.order.order_line: command %v", kind)
}

// fill computes what a new line does not say: one piece, and the name and the tax of its product.
func (s *Odoo) fill(values record, given map[string]any) {
	if values["display_type"] != nil {
		return
	}
	if _, said := given["product_uom_qty"]; !said {
		values["product_uom_qty"] = 1.0
	}
	if _, said := given["tax_id"]; !said {
		values["tax_id"] = []int{s.tables["account.tax"].ids[0]}
	}
	if product, has := values["product_id"].(int); has && values["name"] == nil {
		values["name"] = displayName(s.tables["product.product"].rows[product])
	}
}

// settleLine checks the constraints of sale.order.line, and rounds: a price to the precision of Product Price, a sum to the currency.
func (s *Odoo) settleLine(id int) error {
	row := s.tables["sale.order.line"].rows[id]
	quantity, price := numberOf(row["product_uom_qty"]), numberOf(row["price_unit"])
	switch isNote := row["display_type"] != nil; {
	case !isNote && row["product_id"] == nil:
		return validationError("The operation cannot be completed: Missing required fields on accountable sale order line.")
	case isNote && (row["product_id"] != nil || quantity != 0 || price != 0):
		return validationError("The operation cannot be completed: Forbidden values on non-accountable sale order line")
	}
	order := s.tables["sale.order"].rows[row["order_id"].(int)]
	price = rounded(price, 2)
	s.set("sale.order.line", id, record{"price_unit": price, "price_subtotal": rounded(price*quantity, s.decimalsOf(order))})
	return complete("sale.order.line", row)
}

// removeLine takes a line away; what is sold can not be taken away (sale.order.line, _unlink_except_confirmed), a note can.
func (s *Odoo) removeLine(order, id int) error {
	row := s.tables["sale.order.line"].rows[id]
	if row == nil {
		return nil
	}
	if s.tables["sale.order"].rows[order]["state"] == sold && row["display_type"] == nil {
		return userError("Once a sales order is confirmed, you can't remove one of its lines (we need to track if something gets invoiced or delivered).\nSet the quantity to 0 instead.")
	}
	s.unlink("sale.order.line", id, "sale.order", "order_line", order)
	return nil
}

// addUp computes the sums of an order.
func (s *Odoo) addUp(id int) {
	order := s.tables["sale.order"].rows[id]
	lines, _ := order["order_line"].([]int)
	decimals := s.decimalsOf(order)
	var net, tax float64
	for _, line := range lines {
		row := s.tables["sale.order.line"].rows[line]
		subtotal := numberOf(row["price_subtotal"])
		net += subtotal
		if taxes, _ := row["tax_id"].([]int); len(taxes) > 0 {
			tax += rounded(subtotal*salesTax/100, decimals)
		}
	}
	s.set("sale.order", id, record{
		"amount_untaxed": rounded(net, decimals), "amount_tax": rounded(tax, decimals), "amount_total": rounded(net+tax, decimals),
	})
}

// decimalsOf are those of an order's currency.
func (s *Odoo) decimalsOf(order record) int {
	currency, _ := order["currency_id"].(int)
	decimals, _ := s.tables["res.currency"].rows[currency]["decimal_places"].(int)
	return decimals
}

func numberOf(value any) float64 {
	n, _ := value.(float64)
	return n
}

// rounded is half away from zero, as Odoo's float_round does.
func rounded(n float64, decimals int) float64 {
	factor := math.Pow10(decimals)
	return math.Round(n*factor+math.Copysign(1e-9, n)) / factor
}
