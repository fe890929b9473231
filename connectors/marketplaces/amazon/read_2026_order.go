package amazon

import "waybill/connectors/reading"

var order2026 = []reading.Field[sale]{
	reading.Named("orderId", func(r *reading.Reader, s *sale) { s.id = r.Word() }),
	reading.Named("orderAliases", aliases),
	reading.Named("createdTime", func(r *reading.Reader, s *sale) { s.placed = r.Instant() }),
	reading.Named("lastUpdatedTime", func(r *reading.Reader, s *sale) { s.updated = r.Stamp() }),
	reading.Named("programs", programs),
	reading.Named("associatedOrders", associated),
	reading.Named("salesChannel", func(r *reading.Reader, s *sale) { reading.Object(r, channel2026, s) }),
	reading.Named("buyer", func(r *reading.Reader, s *sale) { reading.Object(r, buyer2026, &s.customer) }),
	reading.Named("recipient", func(r *reading.Reader, s *sale) { reading.Object(r, recipient2026, s) }),
	reading.Named("proceeds", func(r *reading.Reader, s *sale) { reading.Object(r, proceeds2026, s) }),
	reading.Named("payment", func(r *reading.Reader, s *sale) { reading.Object(r, payments2026, s) }),
	reading.Named("tax", func(r *reading.Reader, s *sale) { reading.Object(r, tax2026, s) }),
	reading.Named("fulfillment", func(r *reading.Reader, s *sale) { reading.Object(r, fulfillment2026, s) }),
	reading.Named("orderItems", func(r *reading.Reader, s *sale) {
		s.lines = reading.List(r, line2026, linesMax, reading.TooManyLines)
	}),
}

type named struct{ kind, id string }

var alias2026 = []reading.Field[named]{
	reading.Named("aliasId", func(r *reading.Reader, n *named) { n.id = r.Word() }),
	reading.Named("aliasType", func(r *reading.Reader, n *named) { n.kind = r.Text() }),
}

func aliases(r *reading.Reader, s *sale) {
	for _, alias := range reading.List(r, alias2026, itemsMax, reading.TooManyItems) {
		if alias.kind == "SELLER_ORDER_ID" && s.sellerRef == "" {
			s.sellerRef = alias.id
		}
	}
}

var associated2026 = []reading.Field[named]{
	reading.Named("orderId", func(r *reading.Reader, n *named) { n.id = r.Word() }),
	reading.Named("associationType", func(r *reading.Reader, n *named) { n.kind = r.Text() }),
}

// associated tells a replacement, which is for nothing, from any other order that belongs to this one.
func associated(r *reading.Reader, s *sale) {
	place := r.Place()
	for i, order := range reading.List(r, associated2026, itemsMax, reading.TooManyItems) {
		switch {
		case order.kind == "REPLACEMENT_ORIGINAL_ID" && s.replaces == "":
			s.replaces, s.replacement = order.id, true
		case order.id != "":
			s.dropAt(place+reading.At("[%d]", i), "another order that belongs to this one")
		}
	}
}

// programs tell how to ship, but for three of them, which say something else.
func programs(r *reading.Reader, s *sale) {
	place := r.Place()
	for i, program := range r.Words(itemsMax, reading.TooManyItems) {
		switch program {
		case "":
		case "AMAZON_BUSINESS":
			s.business = true
		case "IN_STORE_PICK_UP":
			s.inStore = true
		case "INVOICE_BY_AMAZON":
			s.resoldAt = place + reading.At("[%d]", i)
		default:
			s.programs = append(s.programs, program)
		}
	}
}

var channel2026 = []reading.Field[sale]{
	reading.Named("channelName", func(r *reading.Reader, s *sale) { s.nonAmazon = r.Text() == "NON_AMAZON" }),
	reading.Named("marketplaceId", func(r *reading.Reader, s *sale) { s.siteID = r.Word() }),
	reading.Named("marketplaceName", func(r *reading.Reader, s *sale) { s.site = r.Text() }),
}

var fulfillment2026 = []reading.Field[sale]{
	reading.Named("fulfillmentStatus", func(r *reading.Reader, s *sale) { s.status = r.Text() }),
	reading.Named("fulfilledBy", func(r *reading.Reader, s *sale) { s.fulfiller = r.Text() }),
	reading.Named("fulfillmentServiceLevel", func(r *reading.Reader, s *sale) { s.level = r.Text() }),
	reading.Named("shipByWindow", func(r *reading.Reader, s *sale) {
		var ship window
		reading.Object(r, shipBy2026, &ship)
		s.shipBy = ship.to
	}),
	reading.Named("deliverByWindow", func(r *reading.Reader, s *sale) { reading.Object(r, window2026, &s.deliver) }),
	reading.Named("labelPrintingWindow", func(r *reading.Reader, s *sale) { reading.Object(r, printing2026, s) }),
}

// shipBy2026 leaves out the beginning of the window: who ships earlier breaks no promise.
var shipBy2026 = []reading.Field[window]{
	reading.Named("latestDateTime", func(r *reading.Reader, w *window) { w.to = r.Instant() }),
}

var window2026 = []reading.Field[window]{
	reading.Named("earliestDateTime", func(r *reading.Reader, w *window) { w.from = r.Instant() }),
	reading.Named("latestDateTime", func(r *reading.Reader, w *window) { w.to = r.Instant() }),
}

var printing2026 = []reading.Field[sale]{
	reading.Named("earliestDateTime", func(r *reading.Reader, s *sale) { s.drop(r, "no label can be printed before") }),
}

var proceeds2026 = []reading.Field[sale]{
	reading.Named("grandTotal", func(r *reading.Reader, s *sale) { s.total = prices2026.Read(r, reading.NegativeTotal) }),
	reading.Named("breakdowns", func(r *reading.Reader, s *sale) { s.categories = breakdowns(r) }),
}

var payments2026 = []reading.Field[sale]{
	reading.Named("paymentExecutions", func(r *reading.Reader, s *sale) {
		s.payments = reading.List(r, payment2026, itemsMax, reading.TooManyItems)
	}),
}

var payment2026 = []reading.Field[payment]{
	reading.Named("paymentMethod", func(r *reading.Reader, p *payment) { p.method = r.Text() }),
	reading.Named("paymentAmount", func(r *reading.Reader, p *payment) { p.amount = prices2026.Read(r, "") }),
}
