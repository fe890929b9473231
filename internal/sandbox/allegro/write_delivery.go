package allegro

import "waybill/internal/sandbox/wire"

func (f *fulfillment) write(l *wire.Line) {
	l.Text("status", f.Status)
	wire.Object(l, "shipmentSummary", &f.ShipmentSummary, (*shipmentSummary).write)
	if f.Provider != nil {
		wire.Object(l, "provider", f.Provider, (*id).write)
	}
}

func (s *shipmentSummary) write(l *wire.Line) {
	l.Text("lineItemsSent", s.LineItemsSent)
}

func (d *delivery) write(l *wire.Line) {
	wire.Object(l, "address", d.Address, (*deliveryAddress).write)
	wire.Object(l, "method", d.Method, (*deliveryMethod).write)
	wire.Object(l, "pickupPoint", d.PickupPoint, (*pickupPoint).write)
	wire.Object(l, "cost", d.Cost, (*price).write)
	l.Flag("smart", d.Smart)
	wire.Object(l, "time", d.Time, (*deliveryTime).write)
	l.Whole("calculatedNumberOfPackages", d.CalculatedNumberOfPackages)
	wire.Object(l, "cancellation", d.Cancellation, (*cancellation).write)
}

func (d *deliveryAddress) write(l *wire.Line) {
	l.Text("firstName", d.FirstName)
	l.Text("lastName", d.LastName)
	l.Text("street", d.Street)
	l.Text("city", d.City)
	l.Text("zipCode", d.ZipCode)
	l.Text("countryCode", d.CountryCode)
	l.MaybeText("companyName", d.CompanyName)
	l.MaybeText("phoneNumber", d.PhoneNumber)
	l.MaybeText("modifiedAt", d.ModifiedAt)
}

func (d *deliveryMethod) write(l *wire.Line) {
	l.Text("id", d.ID)
	l.Text("name", d.Name)
}

func (p *pickupPoint) write(l *wire.Line) {
	l.Text("id", p.ID)
	l.Text("name", p.Name)
	l.MaybeText("description", p.Description)
	wire.Object(l, "address", &p.Address, (*pointAddress).write)
}

func (p *pointAddress) write(l *wire.Line) {
	l.Text("street", p.Street)
	l.Text("zipCode", p.ZipCode)
	l.Text("city", p.City)
	l.Text("countryCode", p.CountryCode)
}

func (d *deliveryTime) write(l *wire.Line) {
	l.Text("from", d.From)
	l.Text("to", d.To)
	wire.Object(l, "guaranteed", d.Guaranteed, (*window).write)
	wire.Object(l, "dispatch", d.Dispatch, (*window).write)
}

func (w *window) write(l *wire.Line) {
	l.Text("from", w.From)
	l.Text("to", w.To)
}

func (c *cancellation) write(l *wire.Line) {
	l.Text("date", c.Date)
}
