package direct

import "waybill/connectors/reading"

var lineFields = []reading.Field[line]{
	reading.Named("line_ref", func(r *reading.Reader, l *line) { l.ref = r.Word() }),
	reading.Named("sku", func(r *reading.Reader, l *line) { l.sku = r.Word() }),
	reading.Named("offer_ref", func(r *reading.Reader, l *line) { l.offerRef = r.Word() }),
	reading.Named("title", func(r *reading.Reader, l *line) { l.title = r.Text() }),
	reading.Named("quantity", func(r *reading.Reader, l *line) { l.quantity = r.Whole(1, quantityMax, reading.BadQuantity) }),
	reading.Named("unit", func(r *reading.Reader, l *line) { l.unit = r.Text() }),
	reading.Named("unit_price", func(r *reading.Reader, l *line) { l.unitPrice = r.Word() }),
	reading.Named("line_total", func(r *reading.Reader, l *line) { l.lineTotal = r.Word() }),
	reading.Named("list_price", func(r *reading.Reader, l *line) { l.listPrice = r.Word() }),
	reading.Named("tax_rate", func(r *reading.Reader, l *line) { l.taxRate = r.Word() }),
	reading.Named("fulfilled_by", func(r *reading.Reader, l *line) { l.fulfilledBy = r.Text() }),
	reading.Named("eans", func(r *reading.Reader, l *line) { l.eans = r.Words(eansMax, reading.TooManyItems) }),
	reading.Named("gift_note", func(r *reading.Reader, l *line) { l.giftNote = r.Text() }),
	reading.Named("gift_wrap", func(r *reading.Reader, l *line) { l.giftWrap = r.Text() }),
	reading.Named("note", func(r *reading.Reader, l *line) { l.note = r.Text() }),
}

var chargeFields = append([]reading.Field[charge]{
	reading.Named("kind", func(r *reading.Reader, c *charge) { c.kind = r.Text() }),
}, discountFields...)

var discountFields = []reading.Field[charge]{
	reading.Named("title", func(r *reading.Reader, c *charge) { c.title = r.Text() }),
	reading.Named("amount", func(r *reading.Reader, c *charge) { c.amount = r.Word() }),
	reading.Named("line_ref", func(r *reading.Reader, c *charge) { c.lineRef = r.Word() }),
}

var paymentFields = []reading.Field[payment]{
	reading.Named("ref", func(r *reading.Reader, p *payment) { p.ref = r.Word() }),
	reading.Named("kind", func(r *reading.Reader, p *payment) { p.kind = r.Text() }),
	reading.Named("method", func(r *reading.Reader, p *payment) { p.method = r.Text() }),
	reading.Named("provider", func(r *reading.Reader, p *payment) { p.provider = r.Text() }),
	reading.Named("paid", func(r *reading.Reader, p *payment) { p.paid = r.Word() }),
	reading.Named("currency", func(r *reading.Reader, p *payment) { p.currency = r.Text() }),
	reading.Named("paid_at", func(r *reading.Reader, p *payment) { p.paidAt = r.Instant() }),
}
