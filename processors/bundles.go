package processors

import (
	"cmp"
	"fmt"

	"waybill/schemas"
)

// partsMax bounds the articles of one bundle.
const partsMax = 100

// explode is what leaves the warehouse for the pieces of a line that are not cancelled: the article of the entry, or each part of
// a bundle, in the units the warehouse counts in. The parts share the line total in proportion to what they cost alone, equally if
// none has a price, to the minor unit. Nothing leaves for a line without pieces.
func explode(line *schemas.Line, entry *schemas.CatalogueEntry) ([]schemas.Component, error) {
	pieces := line.Quantity - line.Cancelled
	parts := partsOf(entry)
	switch {
	case pieces < 0:
		return nil, fmt.Errorf("%d of %d pieces are cancelled", line.Cancelled, line.Quantity)
	case len(parts) > partsMax:
		return nil, fmt.Errorf("a bundle of %d articles, %d are allowed", len(parts), partsMax)
	case pieces == 0:
		return nil, nil
	}
	shares := line.LineTotal.Split(prices(parts))
	components := make([]schemas.Component, len(parts))
	for i := range parts {
		stock, err := inStock(&parts[i], pieces)
		if err != nil {
			return nil, fmt.Errorf("SKU %s: %w", parts[i].SKU, err)
		}
		components[i] = schemas.Component{SKU: parts[i].SKU, Quantity: stock.Number(), Unit: stock.Unit(), Total: shares[i]}
	}
	return components, nil
}

// partsOf is what one sold piece consists of; an article is a bundle of itself.
func partsOf(entry *schemas.CatalogueEntry) []schemas.BundlePart {
	if len(entry.Components) > 0 {
		return entry.Components
	}
	return []schemas.BundlePart{{SKU: entry.SKU, Quantity: entry.Quantity, Unit: entry.Unit, StockUnit: entry.StockUnit}}
}

func prices(parts []schemas.BundlePart) []int64 {
	weights := make([]int64, len(parts))
	for i := range parts {
		if parts[i].Price != nil {
			weights[i] = parts[i].Price.Minor
		}
	}
	return weights
}

// inStock is how much of a part leaves for so many pieces, as the warehouse counts it.
func inStock(part *schemas.BundlePart, pieces int64) (schemas.Quantity, error) {
	one, err := quantityOf(part)
	if err != nil {
		return schemas.Quantity{}, err
	}
	all, err := one.Times(pieces)
	if err != nil {
		return schemas.Quantity{}, err
	}
	return all.Convert(cmp.Or(part.StockUnit, one.Unit()))
}

// quantityOf is how much of a part is in one piece. What the entry leaves open is one piece of it, as its schema says.
func quantityOf(part *schemas.BundlePart) (schemas.Quantity, error) {
	q, err := schemas.ParseQuantity(cmp.Or(part.Quantity, "1"), cmp.Or(part.Unit, schemas.UnitPiece))
	if err == nil && q.Sign() <= 0 {
		return schemas.Quantity{}, fmt.Errorf("%w: %s is not more than nothing", schemas.ErrQuantity, q)
	}
	return q, err
}
