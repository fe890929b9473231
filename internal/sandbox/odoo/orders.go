package odoo

import "fmt"

// The states of sale.order.
const (
	draft     = "draft"
	sent      = "sent"
	sold      = "sale"
	cancelled = "cancel"
)

// createOrder makes a quotation. Addresses and currency come from the customer and the price list, unless they are said.
func (s *Odoo) createOrder(x call) (any, []done, error) {
	return s.createEach(x, func(given map[string]any) (int, error) {
		values, err := s.values(x.model, given)
		if err != nil {
			return 0, err
		}
		for _, of := range []string{"partner_invoice_id", "partner_shipping_id"} {
			if values[of] == nil {
				values[of] = values["partner_id"]
			}
		}
		if values["date_order"] == nil {
			values["date_order"] = s.now()
		}
		if values["pricelist_id"] == nil {
			values["pricelist_id"] = s.tables["product.pricelist"].ids[0]
		}
		values["currency_id"] = s.tables["product.pricelist"].rows[values["pricelist_id"].(int)]["currency_id"]
		id := s.insert(x.model, values)
		if values["name"] == nil {
			s.set(x.model, id, record{"name": fmt.Sprintf("S%05d", id)})
		}
		if err := complete(x.model, s.tables[x.model].rows[id]); err != nil {
			return 0, err
		}
		return id, s.writeLines(id, given["order_line"])
	}, func(row record) string { return textOf(row["client_order_ref"]) })
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// writeOrder changes an order; with a price list, a confirmed one can not be given another.
func (s *Odoo) writeOrder(x call) (any, []done, error) {
	ids, given, err := x.changed()
	if err != nil {
		return nil, nil, err
	}
	var deeds []done
	for _, id := range ids {
		row, err := s.existing(x.model, id)
		if err != nil {
			return nil, nil, err
		}
		if _, another := given["pricelist_id"]; another && row["state"] == sold {
			return nil, nil, userError("You cannot change the pricelist of a confirmed order !")
		}
		deeds = append(deeds, done{refOf(id), refOf(id)})
	}
	if _, _, err := s.write(x); err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		if list, another := s.tables[x.model].rows[id]["pricelist_id"].(int); another {
			s.set(x.model, id, record{"currency_id": s.tables["product.pricelist"].rows[list]["currency_id"]})
		}
		if err := s.writeLines(id, given["order_line"]); err != nil {
			return nil, nil, err
		}
	}
	return true, deeds, nil
}

// confirmOrder makes an order of a quotation, and its delivery. The date of the order is when it was confirmed.
func (s *Odoo) confirmOrder(x call) (any, []done, error) {
	return s.each(x, func(id int, row record) (bool, error) {
		if row["state"] != draft && row["state"] != sent {
			return false, userError("The following orders are not in a state requiring confirmation: %s", displayName(row))
		}
		s.set(x.model, id, record{"state": sold, "date_order": s.now()})
		s.procure(id)
		return true, nil
	}, true)
}

// cancelOrder takes an order back. Of what is no draft it first asks a person, in a dialogue.
func (s *Odoo) cancelOrder(x call) (any, []done, error) {
	ids, err := x.ids()
	if err != nil {
		return nil, nil, err
	}
	context, _ := x.named["context"].(map[string]any)
	for _, id := range ids {
		row, err := s.existing(x.model, id)
		switch {
		case err != nil:
			return nil, nil, err
		case row["locked"] == true:
			return nil, nil, userError("You cannot cancel a locked order. Please unlock it first.")
		case row["state"] != draft && context["disable_cancel_warning"] != true:
			return map[string]any{
				"name": "Cancel Sales Order", "type": "ir.actions.act_window", "res_model": "sale.order.cancel", "view_mode": "form", "target": "new",
				"context": map[string]any{"default_order_id": id},
			}, nil, nil
		}
	}
	return s.each(x, func(id int, row record) (bool, error) {
		was := row["state"]
		s.set(x.model, id, record{"state": cancelled})
		s.stopDeliveries(row)
		return was != cancelled, nil
	}, true)
}

// draftOrder makes a quotation of what was cancelled or sent; of anything else it makes nothing, and says nothing.
func (s *Odoo) draftOrder(x call) (any, []done, error) {
	return s.each(x, func(id int, row record) (bool, error) {
		if row["state"] != cancelled && row["state"] != sent {
			return false, nil
		}
		s.set(x.model, id, record{"state": draft})
		return true, nil
	}, true)
}

// unlockOrder lets an order be changed again; it answers nothing.
func (s *Odoo) unlockOrder(x call) (any, []done, error) {
	return s.each(x, func(id int, row record) (bool, error) {
		was := row["locked"]
		s.set(x.model, id, record{"locked": false})
		return was == true, nil
	}, nil)
}

// each does it to every record of a call, and enters those in the books of which it says that it did something.
func (s *Odoo) each(x call, do func(id int, row record) (bool, error), result any) (any, []done, error) {
	ids, err := x.ids()
	if err != nil {
		return nil, nil, err
	}
	var deeds []done
	for _, id := range ids {
		row, err := s.existing(x.model, id)
		if err != nil {
			return nil, nil, err
		}
		did, err := do(id, row)
		if err != nil {
			return nil, nil, err
		}
		if did {
			deeds = append(deeds, done{refOf(id), refOf(id)})
		}
	}
	return result, deeds, nil
}
