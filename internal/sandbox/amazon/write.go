package amazon

import "waybill/internal/sandbox/wire"

// The fields of each schema, in the order of the specification's samples.

func (o *order) answer(l *wire.Line) { wire.Object(l, "order", o, (*order).write) }

func (o *order) write(l *wire.Line) {
	l.Text("orderId", o.OrderID)
	if o.OrderAliases != nil {
		wire.Objects(l, "orderAliases", o.OrderAliases, (*alias).write)
	}
	l.Text("createdTime", o.CreatedTime)
	l.Text("lastUpdatedTime", o.LastUpdatedTime)
	if o.Programs != nil {
		l.Texts("programs", o.Programs)
	}
	if o.AssociatedOrders != nil {
		wire.Objects(l, "associatedOrders", o.AssociatedOrders, (*associatedOrder).write)
	}
	wire.Object(l, "salesChannel", &o.SalesChannel, (*salesChannel).write)
	object(l, "buyer", o.Buyer, (*buyer).write)
	object(l, "recipient", o.Recipient, (*recipient).write)
	object(l, "proceeds", o.Proceeds, (*orderProceeds).write)
	object(l, "payment", o.Payment, (*orderPayment).write)
	object(l, "tax", o.Tax, (*orderTax).write)
	object(l, "fulfillment", o.Fulfillment, (*orderFulfillment).write)
	wire.Objects(l, "orderItems", o.OrderItems, (*orderItem).write)
	if o.Packages != nil {
		wire.Objects(l, "packages", o.Packages, (*orderPackage).write)
	}
}

// object writes a field, or none at all for nil.
func object[T any](l *wire.Line, name string, value *T, fields func(*T, *wire.Line)) {
	if value != nil {
		wire.Object(l, name, value, fields)
	}
}

func (a *alias) write(l *wire.Line) {
	l.Text("aliasId", a.AliasID)
	l.Text("aliasType", a.AliasType)
}

func (a *associatedOrder) write(l *wire.Line) {
	l.Text("orderId", a.OrderID)
	l.Text("associationType", a.AssociationType)
}

func (s *salesChannel) write(l *wire.Line) {
	l.Text("channelName", s.ChannelName)
	l.Some("marketplaceId", s.MarketplaceID)
	l.Some("marketplaceName", s.MarketplaceName)
}

func (m *money) write(l *wire.Line) {
	l.Text("amount", m.Amount)
	l.Text("currencyCode", m.CurrencyCode)
}

func (p *orderProceeds) write(l *wire.Line) {
	wire.Object(l, "grandTotal", &p.GrandTotal, (*money).write)
	if p.Breakdowns != nil {
		wire.Objects(l, "breakdowns", p.Breakdowns, (*breakdown).write)
	}
}

func (b *breakdown) write(l *wire.Line) {
	l.Text("type", b.Type)
	l.Some("status", b.Status)
	wire.Object(l, "subtotal", &b.Subtotal, (*money).write)
	if b.DetailedBreakdowns != nil {
		wire.Objects(l, "detailedBreakdowns", b.DetailedBreakdowns, (*detail).write)
	}
}

func (d *detail) write(l *wire.Line) {
	l.Text("subtype", d.Subtype)
	wire.Object(l, "value", &d.Value, (*money).write)
}

func (p *orderPayment) write(l *wire.Line) {
	wire.Objects(l, "paymentExecutions", p.PaymentExecutions, (*paymentExecution).write)
}

func (p *paymentExecution) write(l *wire.Line) {
	l.Text("paymentMethod", p.PaymentMethod)
	wire.Object(l, "paymentAmount", &p.PaymentAmount, (*money).write)
}

func (t *orderTax) write(l *wire.Line) {
	wire.Objects(l, "taxRegistrations", t.TaxRegistrations, (*taxRegistration).write)
}

func (t *taxRegistration) write(l *wire.Line) {
	l.Text("entityType", t.EntityType)
	l.Some("legalName", t.LegalName)
	l.Text("taxRegistrationType", t.TaxRegistrationType)
	l.Text("taxRegistrationNumber", t.TaxRegistrationNumber)
	object(l, "taxRegistrationAddress", t.TaxRegistrationAddress, (*address).write)
}
