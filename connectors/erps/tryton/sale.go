package tryton

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"waybill/schemas"
)

// priceDecimals is how many decimals a unit price has, unless Tryton's configuration says otherwise ([product] price_decimal).
const priceDecimals = 4

// saleOf is an order as Tryton takes it: for whom, where to, what was sold and for how much, and our id. Nothing of the channel's.
// Prices are what the buyer pays, so no taxes are on the lines; company, warehouse and how it is invoiced are Tryton's own defaults.
func (e *ERP) saleOf(ctx context.Context, p *schemas.Placing) (map[string]any, error) {
	o := &p.Order
	currency, err := e.currency(ctx, o.Total.Currency)
	if err != nil {
		return nil, err
	}
	invoice, shipment, err := e.addressesOf(ctx, p)
	if err != nil {
		return nil, err
	}
	articles, err := e.articles(ctx, o)
	if err != nil {
		return nil, err
	}
	lines, unknown := linesOf(o, articles)
	record := map[string]any{
		"party": json.Number(p.CustomerRef), "invoice_address": invoice, "shipment_address": shipment, "currency": currency,
		"reference": o.OrderID, "sale_date": dayOf(placedOn(o)), "lines": creating(lines...),
	}
	if len(unknown) > 0 {
		record["description"] = waits + "Tryton does not know the article " + strings.Join(unknown, ", ")
	}
	if o.FulfilledBy == schemas.FulfilledByChannel || o.Status == schemas.StatusShipped {
		record["shipment_method"] = "manual" // it has left another's warehouse, and must not leave this one too
		delete(record, "description")
	}
	if s, err := e.enter(ctx, nil); err == nil && s.uniqueID {
		record["web_id"] = o.OrderID
	}
	return record, nil
}

// placedOn is the day on which an order was placed, where the seller is if that is known.
func placedOn(o *schemas.Order) time.Time {
	at := o.PlacedAt.Time().UTC()
	if zone, err := time.LoadLocation(o.Zone); err == nil && o.Zone != "" {
		return at.In(zone)
	}
	return at
}

// article is a product that Tryton can sell.
type article struct {
	ID   json.Number `json:"id"`
	Code string      `json:"code"`
	Unit json.Number `json:"sale_uom"`
}

// articles are those of an order that Tryton knows, by code.
func (e *ERP) articles(ctx context.Context, o *schemas.Order) (map[string]article, error) {
	var codes []string
	for i := range o.Lines {
		if sku := o.Lines[i].SKU; sku != "" {
			codes = append(codes, sku)
		}
	}
	known := map[string]article{}
	if len(codes) == 0 {
		return known, nil
	}
	slices.Sort(codes)
	var found []article
	_, err := e.ask(ctx, "model.product.product.search_read", &found,
		all(where("code", "in", slices.Compact(codes)), where("salable", "=", true)), 0, nil, oldestFirst, []string{"code", "sale_uom"})
	for _, a := range slices.Backward(found) { // of several with one code, the oldest
		known[a.Code] = a
	}
	return known, err
}

// linesOf are the lines of a sale, and the articles that are unknown. Tryton rounds each line to the currency; what it would so be
// away from what the buyer pays is a line of its own.
func linesOf(o *schemas.Order, articles map[string]article) (lines []map[string]any, unknown []string) {
	rest := o.Total.Decimal()
	add := func(description string, pieces int64, total schemas.Money) map[string]any {
		unit, amount := priced(total, pieces)
		rest = rest.Sub(amount)
		line := map[string]any{"type": "line", "description": description, "quantity": float64(pieces), "unit_price": exactly(unit)}
		lines = append(lines, line)
		return line
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		pieces := l.Quantity - l.Cancelled
		if pieces <= 0 {
			continue
		}
		name := l.Article()
		line := add(strings.TrimSpace(name+" "+l.Title), pieces, l.LineTotal)
		if a, known := articles[l.SKU]; known {
			line["product"], line["unit"] = a.ID, a.Unit
		} else if !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	for i := range o.Charges {
		c := &o.Charges[i]
		add(strings.TrimSpace(c.Kind+" "+c.Title), 1, c.Amount)
	}
	if !rest.IsZero() {
		lines = append(lines, map[string]any{"type": "line", "description": "rounding", "quantity": 1.0, "unit_price": exactly(rest)})
	}
	return lines, unknown
}

// priced is what one of so many pieces costs, as exactly as Tryton takes it, and what Tryton makes of it for all of them.
func priced(total schemas.Money, pieces int64) (unit, amount decimal.Decimal) {
	exponent, _ := schemas.Exponent(total.Currency)
	unit = total.Decimal().DivRound(decimal.NewFromInt(pieces), priceDecimals)
	return unit, unit.Mul(decimal.NewFromInt(pieces)).RoundBank(exponent)
}
