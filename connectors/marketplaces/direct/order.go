package direct

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// translation is one form on its way to an order: what it says goes into the order, what is wrong with it to the findings.
type translation struct {
	form  *form
	order *schemas.Order
	found *reading.Findings
	sum   int64 // of lines and charges, in minor units
}

// translate puts a form that came under that reference into our words. The order is worth nothing if there are findings.
func translate(f *form, ref string, found *reading.Findings) *schemas.Order {
	t := translation{form: f, order: new(schemas.Order), found: found}
	t.identify(ref)
	t.judge()
	t.date()
	t.price()
	t.itemize()
	t.charge()
	t.settle()
	t.pay()
	t.address()
	t.deliver()
	return t.order
}

func (t *translation) identify(ref string) {
	f, o := t.form, t.order
	t.found.Reference(f.ref, "$.ref")
	t.found.Require(ref == "" || f.ref == ref, reading.BadID, "$.ref", "not the reference that the order has: a patch can not change it")
	o.Ref, o.Revision, o.SellerRef, o.PurchaseOrder, o.Business = f.ref, f.revision, f.sellerRef, f.purchaseOrder, f.business
	o.BuyerNote, o.SellerNote = schemas.Text(f.buyerNote), schemas.Text(f.sellerNote)
	o.DeliveryNote, o.GiftNote = schemas.Text(f.deliveryNote), schemas.Text(f.giftNote)
	o.SourceKind = otherwise(f.source, sourceAPI)
	if !one(o.SourceKind, sourceAPI, sourcePOS, "phone", "form", "mail", "social", "app") {
		t.found.Add(reading.UnknownSource, "$.source", "neither api, pos, phone, form, mail, social nor app")
	}
}

const (
	sourceAPI = "api"
	sourcePOS = "pos" // a till
)

// unpaid is an order whose payment was refused: it is as pending as one that is not paid yet, and may be paid at last.
const unpaid = "unpaid"

// judge says how far the order is. An order may be shipped unless it says otherwise.
func (t *translation) judge() {
	o := t.order
	o.Status = otherwise(t.form.status, schemas.StatusReady)
	if o.ChannelStatus = o.Status; o.Status == unpaid {
		o.Status = schemas.StatusPending
	}
	if !one(o.Status, schemas.StatusPending, schemas.StatusReady, schemas.StatusCancelled) {
		t.found.Add(reading.UnknownStatus, "$.status", "neither pending, unpaid, ready nor cancelled")
	}
}

// date says when it was bought, and what was promised then.
func (t *translation) date() {
	f, o := t.form, t.order
	if f.placedAt == nil {
		t.found.Add(reading.MissingTime, "$.placed_at", "nothing says when the order was placed")
		return
	}
	o.PlacedAt, o.ShipBy, o.DeliverFrom, o.DeliverBy = *f.placedAt, f.shipBy, f.deliverFrom, f.deliverBy
	if o.ShipBy != nil && *o.ShipBy < o.PlacedAt {
		reading.Warn(o, reading.LateBeforeBought, "$.ship_by", "the goods should have left before they were bought")
	}
	if o.DeliverFrom != nil && o.DeliverBy != nil && *o.DeliverBy < *o.DeliverFrom {
		reading.Warn(o, reading.WindowReversed, "$.deliver_by", "the delivery window ends before it begins")
	}
}

func otherwise(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
