package odoo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// sale is an order as Odoo takes it.
type sale struct {
	invoice, delivery, prices json.Number
	lines                     []line
	due                       *schemas.Millis // when it has to leave
	waits                     bool
	keepsLines                bool // those that stand there are somebody's own
}

// line is one of a sale: so much of an article at a price, or without an article a note.
type line struct {
	name     string
	product  json.Number
	quantity int64
	price    decimal.Decimal // of one
}

// saleOf reads what an order is in Odoo: for whom, where to, what was sold and for how much.
func (e *ERP) saleOf(ctx context.Context, p *schemas.Placing) (s sale, err error) {
	if s, err = e.goodsOf(ctx, &p.Order); err == nil {
		s.invoice, s.delivery, err = e.addressesOf(ctx, p)
	}
	return s, err
}

// goodsOf is the sale without its addresses. Prices are what the buyer pays, so no taxes are on the lines; company, warehouse, terms and
// salesperson are Odoo's own defaults.
func (e *ERP) goodsOf(ctx context.Context, o *schemas.Order) (s sale, err error) {
	if s.prices, err = e.idOf(ctx, "product.pricelist", "currency_id.name", o.Total.Currency, "unknown_currency", "price list in"); err != nil {
		return s, err
	}
	decimals, err := e.priceDecimals(ctx, o.Total.Currency)
	if err != nil {
		return s, err
	}
	articles, err := e.articles(ctx, o)
	if err != nil {
		return s, err
	}
	var unknown []string
	if s.lines, unknown, err = linesOf(o, articles, decimals); err != nil {
		return s, err
	}
	if s.waits = len(unknown) > 0; s.waits {
		s.lines = slices.Insert(s.lines, 0, line{name: waits + "Odoo does not know the article " + strings.Join(unknown, ", ")})
	}
	s.due = o.ShipBy
	return s, nil
}

// record is the sale as it is written, without what is written once.
func (s *sale) record() map[string]any {
	lines := []any{clearing()}
	for i, l := range s.lines {
		r := map[string]any{"sequence": 10 * (i + 1), "name": l.name}
		if l.product == "" {
			r["display_type"] = "line_note"
		} else {
			r["product_id"], r["product_uom_qty"], r["price_unit"], r["tax_id"] = l.product, l.quantity, json.Number(l.price.String()), exactly()
		}
		lines = append(lines, creating(r))
	}
	record := map[string]any{
		"partner_invoice_id": s.invoice, "partner_shipping_id": s.delivery, "pricelist_id": s.prices, "order_line": lines, "commitment_date": false,
	}
	if s.due != nil {
		record["commitment_date"] = moment(s.due.Time())
	}
	return record
}

// priceDecimals is how many decimals a price has in Odoo (decimal.precision "Product Price"): 2, unless the seller has set another.
func (e *ERP) priceDecimals(ctx context.Context, currency string) (int32, error) {
	decimals, cached := e.ids.Load("price decimals")
	if !cached {
		var found []struct {
			Digits int32 `json:"digits"`
		}
		if _, err := e.list(ctx, &found, "decimal.precision", 1, domain{where("name", "=", "Product Price")}, "digits"); err != nil {
			return 0, err
		}
		decimals = int32(2)
		if len(found) > 0 {
			decimals = found[0].Digits
		}
		e.ids.Store("price decimals", decimals)
	}
	digits := decimals.(int32)
	if exponent, _ := schemas.Exponent(currency); exponent > digits {
		return 0, &remote.Failure{
			Class: remote.Business, Code: "price_precision",
			Reason: fmt.Sprintf("a price in %s has %d decimals, and Odoo keeps %d: raise the decimal accuracy of Product Price there, and start the process anew that has the ERP", currency, exponent, digits),
		}
	}
	return digits, nil
}

// articles are those of an order that Odoo sells, by internal reference; and what charges stand on. Of several with one reference, the oldest.
func (e *ERP) articles(ctx context.Context, o *schemas.Order) (map[string]json.Number, error) {
	codes := []string{ChargeCode}
	for i := range o.Lines {
		if sku := o.Lines[i].SKU; sku != "" {
			codes = append(codes, sku)
		}
	}
	slices.Sort(codes)
	var found []struct {
		ID   json.Number `json:"id"`
		Code text        `json:"default_code"`
	}
	_, err := e.list(ctx, &found, "product.product", 0, domain{where("default_code", "in", slices.Compact(codes)), where("sale_ok", "=", true)}, "default_code")
	known := map[string]json.Number{}
	for _, f := range found {
		known[string(f.Code)] = cmp.Or(known[string(f.Code)], f.ID)
	}
	return known, err
}

// linesOf are the lines of a sale, and the articles that are unknown: those stand there as notes. What Odoo's prices leave of what
// the buyer pays is a line of its own, unless a person is to complete the sale.
func linesOf(o *schemas.Order, articles map[string]json.Number, decimals int32) (lines []line, unknown []string, err error) {
	rest := o.Total.Decimal()
	needsCharge := false
	add := func(name string, product json.Number, pieces int64, total schemas.Money) {
		unit := total.Decimal().DivRound(decimal.NewFromInt(pieces), decimals)
		exponent, _ := schemas.Exponent(total.Currency)
		rest = rest.Sub(unit.Mul(decimal.NewFromInt(pieces)).Round(exponent))
		lines = append(lines, line{name, product, pieces, unit})
		needsCharge = needsCharge || product == ""
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		pieces := l.Quantity - l.Cancelled
		if pieces <= 0 {
			continue
		}
		code := l.Article()
		name := strings.TrimSpace(code + " " + l.Title)
		product, known := articles[l.SKU]
		switch {
		case o.LeavesNothing(l):
			add(name, articles[ChargeCode], pieces, l.LineTotal)
		case known && l.SKU != ChargeCode:
			add(name, product, pieces, l.LineTotal)
		default:
			lines = append(lines, line{name: strconv.FormatInt(pieces, 10) + " × " + name + ": " + l.LineTotal.String() + " " + l.LineTotal.Currency})
			rest = rest.Sub(l.LineTotal.Decimal())
			if !slices.Contains(unknown, code) {
				unknown = append(unknown, code)
			}
		}
	}
	for i := range o.Charges {
		c := &o.Charges[i]
		add(strings.TrimSpace(c.Kind+" "+c.Title), articles[ChargeCode], 1, c.Amount)
	}
	if !rest.IsZero() {
		lines = append(lines, line{"rounding", articles[ChargeCode], 1, rest})
		needsCharge = needsCharge || articles[ChargeCode] == ""
	}
	if needsCharge {
		return nil, nil, &remote.Failure{
			Class: remote.Business, Code: "unknown_charge",
			Reason: "Odoo has no article with the internal reference " + ChargeCode + ", on which charges stand: make a service of that name that can be sold, and try again",
		}
	}
	return lines, unknown, nil
}
