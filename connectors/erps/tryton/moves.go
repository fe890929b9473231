package tryton

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"waybill/schemas"
)

const shipmentPrefix, linePrefix, partPrefix = "stock.shipment.out,", "sale.line,", "sale.line.component,"

// moveRow are pieces of an article in a shipment, counted as they were sold: in the unit of the line of the sale that they are of.
type moveRow struct {
	Shipment string      `json:"shipment"`
	Origin   string      `json:"origin"` // a line of a sale; of what somebody put in beside it, nothing
	Quantity json.Number `json:"quantity"`
	Product  struct {
		Code string `json:"code"`
	} `json:"product."`
}

// movesOf are what is in shipments, by shipment.
func (e *ERP) movesOf(ctx context.Context, shipments []json.Number) (map[json.Number][]json.RawMessage, error) {
	refs := make([]string, len(shipments))
	for i, id := range shipments {
		refs[i] = shipmentPrefix + id.String()
	}
	var found []json.RawMessage
	_, err := e.ask(ctx, "model.stock.move.search_read", &found, all(where("shipment", "in", refs), where("to_location.type", "=", "customer"), where("state", "!=", "cancelled")),
		0, nil, oldestFirst, []string{"shipment", "origin", "quantity", "product.code"})
	of := map[json.Number][]json.RawMessage{}
	for _, raw := range found {
		m, err := moveIn(raw)
		if err != nil {
			return nil, err
		}
		id := json.Number(strings.TrimPrefix(m.Shipment, shipmentPrefix))
		of[id] = append(of[id], raw)
	}
	return of, err
}

func moveIn(raw json.RawMessage) (m moveRow, err error) {
	if json.Unmarshal(raw, &m) != nil {
		err = unreadable("a move in it is none")
	}
	return m, err
}

// articlesIn are what is in a shipment of a sale: if it is of several, what comes from that one's lines. A kit (module product_kit) is taken
// apart in Tryton, and how many of it its parts are is not said: then neither is what is in the shipment.
func articlesIn(whole said, sale *saleRow) ([]schemas.PackedArticle, error) {
	var moved []schemas.Sold
	for _, raw := range whole.Moves {
		m, err := moveIn(raw)
		if err != nil {
			return nil, err
		}
		line, isSold := strings.CutPrefix(m.Origin, linePrefix)
		switch {
		case strings.HasPrefix(m.Origin, partPrefix):
			return nil, nil
		case len(whole.Sales) == 1 || isSold && slices.Contains(sale.Lines, json.Number(line)):
			moved = append(moved, schemas.Sold{Article: m.Product.Code, Quantity: m.Quantity.String()})
		}
	}
	return schemas.PackedOf(moved), nil
}
