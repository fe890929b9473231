package allegro

import (
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// Limits of a form; Allegro's own are lower.
const (
	linesMax = 1000
	itemsMax = 100 // of any other list
)

// readForm reads what stands in the document. Where there is no form to go on with, the findings say why.
func readForm(document []byte) (*form, *findings) {
	r := reader{json: jx.GetDecoder(), document: document, copied: string(document), clean: utf8.Valid(document)}
	r.path = r.steps[:0]
	defer jx.PutDecoder(r.json)
	r.json.ResetBytes(document)

	f := new(form)
	isObject := object(&r, formFields, f)
	r.stop(ended(r.json, r.err, nil))
	switch {
	case r.err != nil:
		return nil, only(notJSON, locate(document).Error())
	case !isObject:
		r.fault(wrongType, "null where an object belongs")
		return nil, &r.found
	case f.event && !f.lined:
		return nil, only(notAnOrder, "an order event, which only says that something happened: ask for the checkout form that it names")
	case !r.clean && !r.found.has(notUTF8):
		r.fault(notUTF8, "bytes that are not UTF-8 in a field that is not read")
	}
	return f, &r.found
}

var formFields = []field[form]{
	{"id", func(r *reader, f *form) { f.id = r.word() }},
	{"messageToSeller", func(r *reader, f *form) { f.message = r.text() }},
	{"buyer", func(r *reader, f *form) { f.buyer.given = object(r, buyerFields, &f.buyer) }},
	{"payment", func(r *reader, f *form) { f.payment.given = object(r, paymentFields, &f.payment) }},
	{"status", func(r *reader, f *form) { f.status = r.text() }},
	{"fulfillment", func(r *reader, f *form) { object(r, fulfillmentFields, &f.fulfillment) }},
	{"delivery", func(r *reader, f *form) { f.delivery.given = object(r, deliveryFields, &f.delivery) }},
	{"invoice", func(r *reader, f *form) { object(r, invoiceFields, &f.invoice) }},
	{"lineItems", func(r *reader, f *form) { f.lined, f.lines = true, list(r, lineFields, linesMax, tooManyLines) }},
	{"surcharges", func(r *reader, f *form) { f.surcharges = list(r, paymentFields, itemsMax, tooManyItems) }},
	{"note", func(r *reader, f *form) { object(r, noteFields, &f.note) }},
	{"marketplace", func(r *reader, f *form) { object(r, identifiedFields, &f.marketplace) }},
	{"summary", func(r *reader, f *form) { object(r, summaryFields, f) }},
	{"updatedAt", func(r *reader, f *form) { f.updatedAt = r.instant() }},
	{"revision", func(r *reader, f *form) { f.revision = r.word() }},
	{"order", func(r *reader, f *form) { f.event = r.json.Next() == jx.Object; r.stop(r.json.Skip()) }},
}

var summaryFields = []field[form]{
	{"totalToPay", func(r *reader, f *form) { f.total = r.amount(negativeTotal) }},
}

var noteFields = []field[note]{
	{"text", func(r *reader, n *note) { n.text = r.text() }},
}

var identifiedFields = []field[identified]{
	{"id", func(r *reader, i *identified) { i.id = r.word() }},
}

var paymentFields = []field[payment]{
	{"id", func(r *reader, p *payment) { p.id = r.word() }},
	{"type", func(r *reader, p *payment) { p.kind = r.text() }},
	{"provider", func(r *reader, p *payment) { p.provider = r.text() }},
	{"finishedAt", func(r *reader, p *payment) { p.finishedAt = r.instant() }},
	{"paidAmount", func(r *reader, p *payment) { p.paid = r.amount("") }},
}

var fulfillmentFields = []field[fulfillment]{
	{"status", func(r *reader, f *fulfillment) { f.status = r.text() }},
	{"shipmentSummary", func(r *reader, f *fulfillment) { object(r, shipmentSummaryFields, f) }},
	{"provider", func(r *reader, f *fulfillment) { object(r, identifiedFields, &f.provider) }},
}

var shipmentSummaryFields = []field[fulfillment]{
	{"lineItemsSent", func(r *reader, f *fulfillment) { f.sent = r.text() }},
}
