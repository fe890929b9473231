package amazon

import "waybill/internal/sandbox/wire"

func (i *orderItem) write(l *wire.Line) {
	l.Text("orderItemId", i.OrderItemID)
	l.Whole("quantityOrdered", i.QuantityOrdered)
	object(l, "measurement", i.Measurement, (*measurement).write)
	if i.Programs != nil {
		l.Texts("programs", i.Programs)
	}
	wire.Object(l, "product", &i.Product, (*product).write)
	object(l, "proceeds", i.Proceeds, (*itemProceeds).write)
	if i.PointsCost != nil {
		wire.Object(l, "expense", i.PointsCost, func(p *pointsGranted, l *wire.Line) {
			wire.Object(l, "pointsCost", p, func(p *pointsGranted, l *wire.Line) {
				wire.Object(l, "pointsGranted", p, (*pointsGranted).write)
			})
		})
	}
	if i.PromotionIDs != nil {
		wire.Object(l, "promotion", i, func(i *orderItem, l *wire.Line) {
			wire.Objects(l, "breakdowns", i.PromotionIDs, func(id *string, l *wire.Line) { l.Text("promotionId", *id) })
		})
	}
	object(l, "cancellation", i.Cancellation, (*cancellation).write)
	object(l, "fulfillment", i.Fulfillment, (*itemFulfillment).write)
	object(l, "tax", i.Tax, (*itemTax).write)
}

func (m *measurement) write(l *wire.Line) {
	l.Text("unit", m.Unit)
	l.Number("value", m.Value)
}

func (p *product) write(l *wire.Line) {
	l.Text("asin", p.ASIN)
	l.Text("title", p.Title)
	l.Some("sellerSku", p.SellerSKU)
	object(l, "condition", p.Condition, (*condition).write)
	object(l, "price", p.Price, (*itemPrice).write)
	if p.SerialNumbers != nil {
		l.Texts("serialNumbers", p.SerialNumbers)
	}
	if p.CustomizedURL != "" {
		wire.Object(l, "customization", p, func(p *product, l *wire.Line) { l.Text("customizedUrl", p.CustomizedURL) })
	}
}

func (c *condition) write(l *wire.Line) {
	l.Text("conditionType", c.Type)
	l.Text("conditionSubtype", c.Subtype)
	l.Text("conditionNote", c.Note)
}

func (p *itemPrice) write(l *wire.Line) {
	wire.Object(l, "unitPrice", &p.UnitPrice, (*money).write)
	l.Some("priceDesignation", p.PriceDesignation)
}

func (p *itemProceeds) write(l *wire.Line) {
	wire.Object(l, "proceedsTotal", &p.ProceedsTotal, (*money).write)
	wire.Objects(l, "breakdowns", p.Breakdowns, (*breakdown).write)
}

func (p *pointsGranted) write(l *wire.Line) {
	l.Whole("pointsNumber", p.PointsNumber)
	wire.Object(l, "pointsMonetaryValue", &p.PointsMonetaryValue, (*money).write)
}

func (c *cancellation) write(l *wire.Line) {
	if c.Requester != "" {
		wire.Object(l, "cancellationRequest", c, func(c *cancellation, l *wire.Line) {
			l.Text("requester", c.Requester)
			l.Some("cancelReason", c.AskedFor)
		})
	}
	if c.CancelledBy != "" {
		wire.Object(l, "cancellationExecution", c, func(c *cancellation, l *wire.Line) {
			l.Text("cancelledBy", c.CancelledBy)
			l.Some("cancelReason", c.Reason)
		})
	}
}

func (f *itemFulfillment) write(l *wire.Line) {
	l.Whole("quantityFulfilled", f.QuantityFulfilled)
	l.Whole("quantityUnfulfilled", f.QuantityUnfulfilled)
	if f.Gift != nil {
		wire.Object(l, "packing", f.Gift, func(g *giftOption, l *wire.Line) {
			wire.Object(l, "giftOption", g, (*giftOption).write)
		})
	}
	if f.CashOnDelivery || f.IOSSNumber != "" {
		wire.Object(l, "shipping", f, (*itemFulfillment).writeShipping)
	}
}

func (f *itemFulfillment) writeShipping(l *wire.Line) {
	if f.CashOnDelivery {
		wire.Object(l, "shippingConstraints", f, func(_ *itemFulfillment, l *wire.Line) { l.Text("cashOnDelivery", "MANDATORY") })
	}
	if f.IOSSNumber != "" {
		wire.Object(l, "internationalShipping", f, func(f *itemFulfillment, l *wire.Line) { l.Text("iossNumber", f.IOSSNumber) })
	}
}

func (g *giftOption) write(l *wire.Line) {
	l.Some("giftMessage", g.GiftMessage)
	l.Some("giftWrapLevel", g.GiftWrapLevel)
}

func (t *itemTax) write(l *wire.Line) {
	if t.ReportingScheme != "" {
		wire.Objects(l, "taxCalculationBreakdowns", []string{t.ReportingScheme}, func(s *string, l *wire.Line) { l.Text("reportingScheme", *s) })
	}
	if t.ResponsibleParty != "" {
		wire.Objects(l, "taxCollections", []string{t.ResponsibleParty}, func(s *string, l *wire.Line) {
			l.Text("model", "MARKETPLACE_FACILITATOR")
			l.Text("responsibleParty", *s)
		})
	}
}
