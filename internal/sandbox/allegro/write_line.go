package allegro

import "waybill/internal/sandbox/wire"

func (i *lineItem) write(l *wire.Line) {
	l.Text("id", i.ID)
	wire.Object(l, "offer", &i.Offer, (*offer).write)
	l.Whole("quantity", i.Quantity)
	wire.Object(l, "originalPrice", &i.OriginalPrice, (*price).write)
	wire.Object(l, "price", &i.Price, (*price).write)
	if i.Deposit != nil {
		wire.Object(l, "deposit", i.Deposit, (*deposit).write)
	}
	wire.Object(l, "reconciliation", i.Reconciliation, (*reconciliation).write)
	wire.Objects(l, "selectedAdditionalServices", i.SelectedAdditionalServices, (*service).write)
	wire.Objects(l, "vouchers", i.Vouchers, (*voucher).write)
	wire.Object(l, "tax", i.Tax, (*tax).write)
	l.Text("boughtAt", i.BoughtAt)
	wire.Objects(l, "discounts", i.Discounts, (*discount).write)
}

func (o *offer) write(l *wire.Line) {
	l.Text("id", o.ID)
	l.Text("name", o.Name)
	wire.Object(l, "external", o.External, (*id).write)
	wire.Object(l, "productSet", o.ProductSet, (*productSet).write)
}

func (p *productSet) write(l *wire.Line) {
	wire.Objects(l, "products", p.Products, (*product).write)
}

func (p *product) write(l *wire.Line) {
	l.Text("id", p.ID)
	l.Whole("quantity", p.Quantity)
}

func (d *deposit) write(l *wire.Line) {
	wire.Object(l, "price", &d.Price, (*price).write)
}

func (r *reconciliation) write(l *wire.Line) {
	wire.Object(l, "value", &r.Value, (*price).write)
	l.Text("type", r.Type)
	l.Whole("quantity", r.Quantity)
}

func (s *service) write(l *wire.Line) {
	l.Text("definitionId", s.DefinitionID)
	l.Text("name", s.Name)
	wire.Object(l, "price", &s.Price, (*price).write)
	l.Whole("quantity", s.Quantity)
}

func (v *voucher) write(l *wire.Line) {
	l.Text("code", v.Code)
	l.Text("type", v.Type)
	l.Text("status", v.Status)
	l.Text("externalTransactionId", v.ExternalTransactionID)
	wire.Object(l, "value", &v.Value, (*price).write)
}

func (t *tax) write(l *wire.Line) {
	l.MaybeText("rate", t.Rate)
	l.MaybeText("subject", t.Subject)
	l.MaybeText("exemption", t.Exemption)
}

func (d *discount) write(l *wire.Line) {
	l.Text("type", d.Type)
}
