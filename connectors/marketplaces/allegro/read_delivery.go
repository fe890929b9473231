package allegro

var deliveryFields = []field[delivery]{
	{"address", func(r *reader, d *delivery) { d.address.given = object(r, addressFields, &d.address) }},
	{"method", func(r *reader, d *delivery) { object(r, methodFields, &d.method) }},
	{"pickupPoint", func(r *reader, d *delivery) { d.point.given = object(r, pointFields, &d.point) }},
	{"cost", func(r *reader, d *delivery) { d.cost = r.amount(negativePrice) }},
	{"time", func(r *reader, d *delivery) { object(r, deliveryTimeFields, &d.time) }},
	{"cancellation", func(r *reader, d *delivery) { object(r, cancellationFields, d) }},
	{"calculatedNumberOfPackages", func(r *reader, d *delivery) { d.packages = r.whole(0, packagesMax, badPackages) }},
}

const packagesMax = 10_000

var methodFields = []field[method]{
	{"id", func(r *reader, m *method) { m.id = r.word() }},
	{"name", func(r *reader, m *method) { m.name = r.text() }},
}

var pointFields = []field[point]{
	{"id", func(r *reader, p *point) { p.id = r.word() }},
	{"name", func(r *reader, p *point) { p.name = r.text() }},
	{"description", func(r *reader, p *point) { p.description = r.text() }},
	{"address", func(r *reader, p *point) { object(r, addressFields, &p.address) }},
}

var deliveryTimeFields = []field[deliveryTime]{
	{"from", func(r *reader, t *deliveryTime) { t.from = r.instant() }},
	{"to", func(r *reader, t *deliveryTime) { t.to = r.instant() }},
	{"guaranteed", func(r *reader, t *deliveryTime) { object(r, windowFields, &t.guaranteed) }},
	{"dispatch", func(r *reader, t *deliveryTime) { object(r, windowFields, &t.dispatch) }},
}

var windowFields = []field[window]{
	{"from", func(r *reader, w *window) { w.from = r.instant() }},
	{"to", func(r *reader, w *window) { w.to = r.instant() }},
}

var cancellationFields = []field[delivery]{
	{"date", func(r *reader, d *delivery) { d.cancelledAt = r.instant() }},
}
