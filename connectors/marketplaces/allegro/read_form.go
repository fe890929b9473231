package allegro

import (
	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// Limits of a form; Allegro's own are lower.
const (
	linesMax      = 5000
	linesMaxFirst = 1000 // of allegro/1
	itemsMax      = 100  // of any other list
)

// readForm reads what stands in the document. Where there is no form to go on with, the findings say why.
func readForm(document []byte) (*form, *reading.Findings) {
	f := new(form)
	found, ok := reading.Document(document, formFields, f)
	switch {
	case !ok:
		return nil, found
	case f.event && !f.lined:
		return nil, reading.Only(reading.NotAnOrder, "an order event, which only says that something happened: ask for the checkout form that it names")
	}
	return f, found
}

var formFields = []reading.Field[form]{
	reading.Named("id", func(r *reading.Reader, f *form) { f.id = r.Word() }),
	reading.Named("messageToSeller", func(r *reading.Reader, f *form) { f.message = r.Text() }),
	reading.Named("buyer", func(r *reading.Reader, f *form) { f.buyer.given = reading.Object(r, buyerFields, &f.buyer) }),
	reading.Named("payment", func(r *reading.Reader, f *form) { f.payment.given = reading.Object(r, paymentFields, &f.payment) }),
	reading.Named("status", func(r *reading.Reader, f *form) { f.status = r.Text() }),
	reading.Named("fulfillment", func(r *reading.Reader, f *form) { reading.Object(r, fulfillmentFields, &f.fulfillment) }),
	reading.Named("delivery", func(r *reading.Reader, f *form) { f.delivery.given = reading.Object(r, deliveryFields, &f.delivery) }),
	reading.Named("invoice", func(r *reading.Reader, f *form) { reading.Object(r, invoiceFields, &f.invoice) }),
	reading.Named("lineItems", func(r *reading.Reader, f *form) {
		f.lined, f.lines = true, reading.List(r, lineFields, linesMax, reading.TooManyLines)
	}),
	reading.Named("surcharges", func(r *reading.Reader, f *form) {
		f.surcharges = reading.List(r, paymentFields, itemsMax, reading.TooManyItems)
	}),
	reading.Named("note", func(r *reading.Reader, f *form) { reading.Object(r, noteFields, &f.note) }),
	reading.Named("marketplace", func(r *reading.Reader, f *form) { reading.Object(r, identifiedFields, &f.marketplace) }),
	reading.Named("summary", func(r *reading.Reader, f *form) { reading.Object(r, summaryFields, f) }),
	reading.Named("updatedAt", func(r *reading.Reader, f *form) { f.updatedAt = r.Instant() }),
	reading.Named("revision", func(r *reading.Reader, f *form) { f.revision = r.Word() }),
	reading.Named("order", func(r *reading.Reader, f *form) { f.event = r.Next() == jx.Object; r.Skip() }),
}

var summaryFields = []reading.Field[form]{
	reading.Named("totalToPay", func(r *reading.Reader, f *form) { f.total = prices.Read(r, reading.NegativeTotal) }),
}

var noteFields = []reading.Field[note]{
	reading.Named("text", func(r *reading.Reader, n *note) { n.text = r.Text() }),
}

var identifiedFields = []reading.Field[identified]{
	reading.Named("id", func(r *reading.Reader, i *identified) { i.id = r.Word() }),
}

var paymentFields = []reading.Field[payment]{
	reading.Named("id", func(r *reading.Reader, p *payment) { p.id = r.Word() }),
	reading.Named("type", func(r *reading.Reader, p *payment) { p.kind = r.Text() }),
	reading.Named("provider", func(r *reading.Reader, p *payment) { p.provider = r.Text() }),
	reading.Named("finishedAt", func(r *reading.Reader, p *payment) { p.finishedAt = r.Instant() }),
	reading.Named("paidAmount", func(r *reading.Reader, p *payment) { p.paid = prices.Read(r, "") }),
}

var fulfillmentFields = []reading.Field[fulfillment]{
	reading.Named("status", func(r *reading.Reader, f *fulfillment) { f.status = r.Text() }),
	reading.Named("shipmentSummary", func(r *reading.Reader, f *fulfillment) { reading.Object(r, shipmentSummaryFields, f) }),
	reading.Named("provider", func(r *reading.Reader, f *fulfillment) { reading.Object(r, identifiedFields, &f.provider) }),
}

var shipmentSummaryFields = []reading.Field[fulfillment]{
	reading.Named("lineItemsSent", func(r *reading.Reader, f *fulfillment) { f.sent = r.Text() }),
}
