package odoo

import (
	"context"
	"encoding/json"

	"waybill/schemas"
)

// moveRow are pieces of an article in a delivery, as many as are reserved for it or have left with it.
type moveRow struct {
	Picking  one         `json:"picking_id"`
	Product  one         `json:"product_id"`
	Line     one         `json:"sale_line_id"` // of what somebody put in beside the order, none
	Quantity json.Number `json:"quantity"`
}

// moved is what is in deliveries: the moves by delivery, the articles, and the lines of orders that they are of.
type moved struct {
	moves           map[json.Number][]json.RawMessage
	products, lines map[json.Number]json.RawMessage
}

func (e *ERP) movesOf(ctx context.Context, pickings []json.Number) (m moved, err error) {
	var found []json.RawMessage
	in := domain{where("picking_id", "in", pickings), where("state", "!=", "cancel")}
	if _, err := e.list(ctx, &found, "stock.move", 0, in, "picking_id", "product_id", "sale_line_id", "quantity"); err != nil {
		return m, err
	}
	m.moves = map[json.Number][]json.RawMessage{}
	var products, lines []json.Number
	for _, raw := range found {
		row, err := moveIn(raw)
		if err != nil {
			return m, err
		}
		m.moves[row.Picking.ID] = append(m.moves[row.Picking.ID], raw)
		if products = append(products, row.Product.ID); row.Line.ID != "" {
			lines = append(lines, row.Line.ID)
		}
	}
	if m.products, err = e.byID(ctx, "product.product", products, "default_code"); err == nil {
		m.lines, err = e.byID(ctx, "sale.order.line", lines, "product_id")
	}
	return m, err
}

// into writes down what is in a delivery, each row once.
func (m moved) into(whole *said, picking json.Number) {
	whole.Moves = m.moves[picking]
	seen := map[string]bool{}
	add := func(to *[]json.RawMessage, row json.RawMessage) {
		if row != nil && !seen[string(row)] {
			seen[string(row)] = true
			*to = append(*to, row)
		}
	}
	for _, raw := range whole.Moves {
		row, _ := moveIn(raw) // they were read before
		add(&whole.Products, m.products[row.Product.ID])
		add(&whole.Lines, m.lines[row.Line.ID])
	}
}

func moveIn(raw json.RawMessage) (m moveRow, err error) {
	if json.Unmarshal(raw, &m) != nil {
		err = harmless(unreadable("a move in it is none"))
	}
	return m, err
}

// articlesIn are what is in a delivery. A kit (module mrp) is taken apart in Odoo, into moves of other articles than its line has, and how many
// of it those are is not said: then neither is what is in the delivery.
func articlesIn(whole said) ([]schemas.PackedArticle, error) {
	products, err := rowsByID("product.product", whole.Products)
	if err != nil {
		return nil, err
	}
	lines, err := rowsByID("sale.order.line", whole.Lines)
	if err != nil {
		return nil, err
	}
	var sold []schemas.Sold
	for _, raw := range whole.Moves {
		row, err := moveIn(raw)
		if err != nil {
			return nil, err
		}
		var product struct {
			Code text `json:"default_code"`
		}
		var line struct {
			Product one `json:"product_id"`
		}
		if of := lines[row.Line.ID]; of != nil && (json.Unmarshal(of, &line) != nil || line.Product.ID != row.Product.ID) {
			return nil, nil
		}
		if is := products[row.Product.ID]; is != nil && json.Unmarshal(is, &product) != nil {
			return nil, harmless(unreadable("an article in it is none"))
		}
		sold = append(sold, schemas.Sold{Article: string(product.Code), Quantity: row.Quantity.String()})
	}
	return schemas.PackedOf(sold), nil
}
