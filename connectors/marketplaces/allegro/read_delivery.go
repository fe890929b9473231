package allegro

import "waybill/connectors/reading"

var deliveryFields = []reading.Field[delivery]{
	reading.Named("address", func(r *reading.Reader, d *delivery) { d.address.given = reading.Object(r, addressFields, &d.address) }),
	reading.Named("method", func(r *reading.Reader, d *delivery) { reading.Object(r, methodFields, &d.method) }),
	reading.Named("pickupPoint", func(r *reading.Reader, d *delivery) { d.point.given = reading.Object(r, pointFields, &d.point) }),
	reading.Named("cost", func(r *reading.Reader, d *delivery) { d.cost = prices.Read(r, reading.NegativePrice) }),
	reading.Named("time", func(r *reading.Reader, d *delivery) { reading.Object(r, deliveryTimeFields, &d.time) }),
	reading.Named("cancellation", func(r *reading.Reader, d *delivery) { reading.Object(r, cancellationFields, d) }),
	reading.Named("calculatedNumberOfPackages", func(r *reading.Reader, d *delivery) { d.packages = r.Whole(0, packagesMax, reading.BadPackages) }),
}

const packagesMax = 10_000

var methodFields = []reading.Field[method]{
	reading.Named("id", func(r *reading.Reader, m *method) { m.id = r.Word() }),
	reading.Named("name", func(r *reading.Reader, m *method) { m.name = r.Text() }),
}

var pointFields = []reading.Field[point]{
	reading.Named("id", func(r *reading.Reader, p *point) { p.id = r.Word() }),
	reading.Named("name", func(r *reading.Reader, p *point) { p.name = r.Text() }),
	reading.Named("description", func(r *reading.Reader, p *point) { p.description = r.Text() }),
	reading.Named("address", func(r *reading.Reader, p *point) { reading.Object(r, addressFields, &p.address) }),
}

var deliveryTimeFields = []reading.Field[deliveryTime]{
	reading.Named("from", func(r *reading.Reader, t *deliveryTime) { t.from = r.Instant() }),
	reading.Named("to", func(r *reading.Reader, t *deliveryTime) { t.to = r.Instant() }),
	reading.Named("guaranteed", func(r *reading.Reader, t *deliveryTime) { reading.Object(r, windowFields, &t.guaranteed) }),
	reading.Named("dispatch", func(r *reading.Reader, t *deliveryTime) { reading.Object(r, windowFields, &t.dispatch) }),
}

var windowFields = []reading.Field[window]{
	reading.Named("from", func(r *reading.Reader, w *window) { w.from = r.Instant() }),
	reading.Named("to", func(r *reading.Reader, w *window) { w.to = r.Instant() }),
}

var cancellationFields = []reading.Field[delivery]{
	reading.Named("date", func(r *reading.Reader, d *delivery) { d.cancelledAt = r.Instant() }),
}
