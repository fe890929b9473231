package allegro

import "waybill/connectors/reading"

const quantityMax = 1_000_000

var lineFields = []reading.Field[line]{
	reading.Named("id", func(r *reading.Reader, l *line) { l.id = r.Word() }),
	reading.Named("offer", func(r *reading.Reader, l *line) { l.offer.given = reading.Object(r, offerFields, &l.offer) }),
	reading.Named("quantity", func(r *reading.Reader, l *line) { l.quantity = r.Whole(1, quantityMax, reading.BadQuantity) }),
	reading.Named("originalPrice", func(r *reading.Reader, l *line) { l.original = prices.Read(r, reading.NegativePrice) }),
	reading.Named("price", func(r *reading.Reader, l *line) { l.price = prices.Read(r, reading.NegativePrice) }),
	reading.Named("deposit", func(r *reading.Reader, l *line) { reading.Object(r, depositFields, l) }),
	reading.Named("selectedAdditionalServices", func(r *reading.Reader, l *line) {
		l.services = reading.List(r, serviceFields, itemsMax, reading.TooManyItems)
	}),
	reading.Named("tax", func(r *reading.Reader, l *line) { reading.Object(r, taxFields, l) }),
	reading.Named("boughtAt", func(r *reading.Reader, l *line) { l.boughtAt = r.Instant() }),
	reading.Named("discounts", func(r *reading.Reader, l *line) {
		l.discounts = reading.List(r, discountFields, itemsMax, reading.TooManyItems)
	}),
}

var offerFields = []reading.Field[offer]{
	reading.Named("id", func(r *reading.Reader, o *offer) { o.id = r.Word() }),
	reading.Named("name", func(r *reading.Reader, o *offer) { o.name = r.Text() }),
	reading.Named("external", func(r *reading.Reader, o *offer) { reading.Object(r, identifiedFields, &o.external) }),
}

var depositFields = []reading.Field[line]{
	reading.Named("price", func(r *reading.Reader, l *line) { l.deposit = prices.Read(r, reading.NegativePrice) }),
}

var serviceFields = []reading.Field[service]{
	reading.Named("definitionId", func(r *reading.Reader, s *service) { s.id = r.Word() }),
	reading.Named("name", func(r *reading.Reader, s *service) { s.name = r.Text() }),
	reading.Named("price", func(r *reading.Reader, s *service) { s.price = prices.Read(r, reading.NegativePrice) }),
	reading.Named("quantity", func(r *reading.Reader, s *service) { s.quantity = r.Whole(1, quantityMax, reading.BadQuantity) }),
}

var taxFields = []reading.Field[line]{
	reading.Named("rate", func(r *reading.Reader, l *line) { l.taxRate = r.Word() }),
}

var discountFields = []reading.Field[discount]{
	reading.Named("type", func(r *reading.Reader, d *discount) { d.kind = r.Text() }),
}
