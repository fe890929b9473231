package kaufland

import "waybill/internal/sandbox/wire"

// The fields of each schema, in the order of the specification's examples.

func (o *order) answer(l *wire.Line) { wire.Object(l, "data", o, (*order).write) }

func (o *order) write(l *wire.Line) {
	l.Text("id_order", o.IDOrder)
	l.Text("ts_created_iso", o.Created)
	o.DeemedSupplier.write(l)
	l.Text("storefront", o.Storefront)
	l.Text("fulfillment_type", o.FulfillmentType)
	if o.Listed {
		l.Whole("order_units_count", len(o.Units))
		l.Text("ts_units_updated_iso", o.UnitsUpdated)
	}
	wire.Objects(l, "order_units", o.Units, (*unit).write)
	wire.Object(l, "billing_address", o.BillingAddress, (*address).write)
	wire.Object(l, "shipping_address", o.ShippingAddress, (*address).write)
	wire.Object(l, "buyer", o.Buyer, (*buyer).write)
	if o.Invoices != nil {
		wire.Objects(l, "order_invoices", o.Invoices, (*invoice).write)
	}
	if o.Delivery != nil {
		wire.Object(l, "delivery", o.Delivery, (*delivery).write)
	}
}

func (b boolean) write(l *wire.Line) {
	const name = "is_marketplace_deemed_supplier"
	switch {
	case !b.text:
		l.Flag(name, b.is)
	case b.is:
		l.Text(name, "true")
	default:
		l.Text(name, "false")
	}
}

func (a *address) write(l *wire.Line) {
	l.Text("first_name", a.FirstName)
	l.Text("last_name", a.LastName)
	l.MaybeText("company_name", a.CompanyName)
	l.Text("street", a.Street)
	l.Text("house_number", a.HouseNumber)
	l.Text("postcode", a.Postcode)
	l.MaybeText("additional_field", a.AdditionalField)
	l.Text("city", a.City)
	l.MaybeText("phone", a.Phone)
	l.Text("country", a.Country)
}

func (b *buyer) write(l *wire.Line) {
	l.Whole("id_buyer", int(b.IDBuyer))
	l.MaybeText("email", b.Email)
}

func (i *invoice) write(l *wire.Line) {
	l.Whole("id_invoice", int(i.ID))
	l.Text("id_order", i.IDOrder)
	l.Text("storefront", i.Store)
	l.Flag("is_marketplace_deemed_supplier", false)
	l.Text("original_name", "invoice_"+i.IDOrder+".pdf")
	l.Text("mime_type", "application/pdf")
	l.Text("url", "https://kaufland.de/dynamic/files/order_invoices/"+i.IDOrder+"/")
	l.Text("ts_created_iso", i.Created)
}

func (d *delivery) write(l *wire.Line) {
	wire.Object(l, "pickup_location", d.PickupLocation, (*pickupLocation).write)
}

func (p *pickupLocation) write(l *wire.Line) {
	l.Text("pickup_location_id", p.ID)
	l.Text("provider", p.Provider)
	l.Text("carrier", p.Carrier)
	l.Text("services", p.Services)
	l.MaybeText("dhl_post_number", p.DHLPostNumber)
}
