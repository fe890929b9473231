package allegro

import "waybill/internal/sandbox/wire"

// The fields of each schema, in the order of the real answers.

func (f *checkoutForm) write(l *wire.Line) {
	l.Text("id", f.ID)
	l.MaybeText("messageToSeller", f.MessageToSeller)
	wire.Object(l, "buyer", &f.Buyer, (*buyer).write)
	wire.Object(l, "payment", f.Payment, (*payment).write)
	l.Text("status", f.Status)
	wire.Object(l, "fulfillment", &f.Fulfillment, (*fulfillment).write)
	wire.Object(l, "delivery", f.Delivery, (*delivery).write)
	wire.Object(l, "invoice", &f.Invoice, (*invoice).write)
	wire.Objects(l, "lineItems", f.LineItems, (*lineItem).write)
	wire.Objects(l, "surcharges", f.Surcharges, (*payment).write)
	wire.Object(l, "note", f.Note, (*note).write)
	wire.Object(l, "marketplace", &f.Marketplace, (*id).write)
	wire.Object(l, "summary", &f.Summary, (*summary).write)
	l.Text("updatedAt", f.UpdatedAt)
	l.Text("revision", f.Revision)
	if f.CodBookedPayments != nil {
		wire.Objects(l, "codBookedPayments", f.CodBookedPayments, (*codPayment).write)
	}
}

func (i *id) write(l *wire.Line) {
	l.Text("id", i.ID)
}

func (p *price) write(l *wire.Line) {
	l.Text("amount", p.Amount)
	l.Text("currency", p.Currency)
}

func (b *buyer) write(l *wire.Line) {
	l.Text("id", b.ID)
	l.Text("email", b.Email)
	l.Text("login", b.Login)
	l.MaybeText("firstName", b.FirstName)
	l.MaybeText("lastName", b.LastName)
	l.MaybeText("companyName", b.CompanyName)
	l.Flag("guest", b.Guest)
	l.MaybeText("personalIdentity", b.PersonalIdentity)
	l.MaybeText("phoneNumber", b.PhoneNumber)
	wire.Object(l, "preferences", &b.Preferences, (*preferences).write)
	wire.Object(l, "address", b.Address, (*buyerAddress).write)
}

func (p *preferences) write(l *wire.Line) {
	l.Text("language", p.Language)
}

func (b *buyerAddress) write(l *wire.Line) {
	l.MaybeText("street", b.Street)
	l.MaybeText("city", b.City)
	l.MaybeText("postCode", b.PostCode)
	l.Text("countryCode", b.CountryCode)
}

func (p *payment) write(l *wire.Line) {
	l.Text("id", p.ID)
	l.Text("type", p.Type)
	l.Text("provider", p.Provider)
	l.MaybeText("finishedAt", p.FinishedAt)
	wire.Object(l, "paidAmount", p.PaidAmount, (*price).write)
	wire.Object(l, "reconciliation", p.Reconciliation, (*price).write)
	l.Texts("features", p.Features)
}

func (i *invoice) write(l *wire.Line) {
	l.Flag("required", i.Required)
	wire.Object(l, "address", i.Address, (*invoiceAddress).write)
	l.MaybeText("dueDate", i.DueDate)
	l.Texts("features", i.Features)
}

func (i *invoiceAddress) write(l *wire.Line) {
	l.Text("street", i.Street)
	l.Text("city", i.City)
	l.Text("zipCode", i.ZipCode)
	l.Text("countryCode", i.CountryCode)
	wire.Object(l, "company", i.Company, (*company).write)
	wire.Object(l, "naturalPerson", i.NaturalPerson, (*naturalPerson).write)
}

func (c *company) write(l *wire.Line) {
	l.Text("name", c.Name)
	wire.Objects(l, "ids", c.IDs, (*companyID).write)
	l.Text("vatPayerStatus", c.VatPayerStatus)
	l.MaybeText("taxId", c.TaxID)
}

func (c *companyID) write(l *wire.Line) {
	l.Text("type", c.Type)
	l.Text("value", c.Value)
}

func (n *naturalPerson) write(l *wire.Line) {
	l.Text("firstName", n.FirstName)
	l.Text("lastName", n.LastName)
}

func (n *note) write(l *wire.Line) {
	l.Text("text", n.Text)
}

func (s *summary) write(l *wire.Line) {
	wire.Object(l, "totalToPay", &s.TotalToPay, (*price).write)
}

func (c *codPayment) write(l *wire.Line) {
	l.Text("paymentId", c.PaymentID)
	l.Text("shipmentId", c.ShipmentID)
}
