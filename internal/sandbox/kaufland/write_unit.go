package kaufland

import (
	"strconv"

	"waybill/internal/sandbox/wire"
)

func (u *unit) write(l *wire.Line) {
	if u.withKssEligible {
		l.Flag("kss_eligible", u.KssEligible)
	}
	wire.Objects(l, "tickets", u.Tickets, (*ticket).write)
	u.facts(l)
}

// facts are what an order, a list of units and a unit alone all say.
func (u *unit) facts(l *wire.Line) {
	maybeNumber(l, "vat", u.VAT)
	wire.Object(l, "product", u.Product, (*product).write)
	l.MaybeText("cancel_reason", u.CancelReason)
	l.Whole("shipping_rate", int(u.ShippingRate))
	l.MaybeText("order_received_timestamp_iso", u.Received)
	l.MaybeText("delivery_time_expires_iso", u.DeliveryExpires)
	maybeWhole(l, "delivery_time_max", u.DeliveryMax)
	maybeWhole(l, "delivery_time_min", u.DeliveryMin)
	l.Text("currency", u.Currency)
	l.Text("storefront", u.Storefront)
	l.MaybeText("unit_condition", u.Condition)
	l.MaybeText("note", u.Note)
	l.Whole("revenue_net", int(u.RevenueNet))
	l.Whole("revenue_gross", int(u.RevenueGross))
	l.MaybeText("id_offer", u.IDOffer)
	l.Whole("price", int(u.Price))
	l.Text("status", u.Status)
	l.Text("ts_updated_iso", u.Updated)
	u.DeemedSupplier.write(l)
	l.Text("ts_created_iso", u.Created)
	l.Text("id_order", u.IDOrder)
	l.Whole("id_order_unit", int(u.IDOrderUnit))
}

func maybeWhole(l *wire.Line, name string, value *int) {
	if value == nil {
		l.Number(name, "null")
		return
	}
	l.Whole(name, *value)
}

func maybeNumber(l *wire.Line, name string, value *string) {
	if value == nil {
		l.Number(name, "null")
		return
	}
	l.Number(name, *value)
}

func (p *product) write(l *wire.Line) {
	id := strconv.FormatInt(p.IDProduct, 10)
	l.Whole("id_product", int(p.IDProduct))
	l.Text("storefront", p.Storefront)
	l.Text("title", p.Title)
	l.Texts("eans", p.EANs)
	l.Whole("id_category", p.IDCategory)
	l.Text("main_picture", "https://media.cdn.kaufland.de/product-images/2048x2048/"+id+".jpg")
	l.Text("manufacturer", p.Manufacturer)
	l.Text("url", "https://www.kaufland.de/product/"+id+"/")
	l.Whole("age_rating", 0)
	l.Flag("is_valid", true)
	l.MaybeText("dangerous_goods_li_shipping", p.DangerousGoods)
	l.MaybeText("danger_label_9A", nil)
}

func (t *ticket) write(l *wire.Line) {
	l.Text("id_ticket", t.ID)
	l.Key("ids_order_units")
	*l = append(*l, '[')
	for i, id := range t.Units {
		if i > 0 {
			*l = append(*l, ',')
		}
		*l = strconv.AppendInt(*l, id, 10)
	}
	*l = append(*l, ']')
	l.Whole("id_buyer", int(t.IDBuyer))
	l.Text("ts_created_iso", t.Created)
	l.Text("ts_updated_iso", t.Created)
	l.Text("status", "opened")
	l.Text("open_reason", "contact_other")
	l.MaybeText("topic", t.Topic)
	l.Flag("is_seller_responsible", t.IsSeller)
	l.Text("fulfillment_type", "fulfilled_by_merchant")
}
