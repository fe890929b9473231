package kaufland

import "waybill/connectors/reading"

var productFields = []reading.Field[product]{
	reading.Named("id_product", func(r *reading.Reader, p *product) { p.id = r.Word() }),
	reading.Named("title", func(r *reading.Reader, p *product) { p.title = r.Text() }),
	reading.Named("eans", func(r *reading.Reader, p *product) { p.eans = r.Words(itemsMax, reading.TooManyItems) }),
	reading.Named("age_rating", func(r *reading.Reader, p *product) { p.ageRating = r.Word() }),
	reading.Named("dangerous_goods_li_shipping", func(r *reading.Reader, p *product) { p.dangerousGoods = r.Text() }),
	reading.Named("danger_label_9A", func(r *reading.Reader, p *product) { p.dangerLabel9A = r.Text() }),
}

var ticketFields = []reading.Field[ticket]{
	reading.Named("status", func(r *reading.Reader, t *ticket) { t.status = r.Text() }),
	reading.Named("topic", func(r *reading.Reader, t *ticket) { t.topic = r.Text() }),
}

var buyerFields = []reading.Field[buyer]{
	reading.Named("id_buyer", func(r *reading.Reader, b *buyer) { b.id = r.Word() }),
	reading.Named("email", func(r *reading.Reader, b *buyer) { b.email = r.Text() }),
}

var addressFields = []reading.Field[address]{
	reading.Named("first_name", func(r *reading.Reader, a *address) { a.firstName = r.Text() }),
	reading.Named("last_name", func(r *reading.Reader, a *address) { a.lastName = r.Text() }),
	reading.Named("company_name", func(r *reading.Reader, a *address) { a.company = r.Text() }),
	reading.Named("street", func(r *reading.Reader, a *address) { a.street = r.Text() }),
	reading.Named("house_number", func(r *reading.Reader, a *address) { a.house = r.Word() }),
	reading.Named("postcode", func(r *reading.Reader, a *address) { a.postCode = r.Text() }),
	reading.Named("additional_field", func(r *reading.Reader, a *address) { a.additional = r.Text() }),
	reading.Named("city", func(r *reading.Reader, a *address) { a.city = r.Text() }),
	reading.Named("phone", func(r *reading.Reader, a *address) { a.phone = r.Word() }),
	reading.Named("country", func(r *reading.Reader, a *address) { a.country = r.Text() }),
}

var deliveryFields = []reading.Field[unit]{
	reading.Named("pickup_location", func(r *reading.Reader, u *unit) { u.pickup = read(r, pickupFields) }),
}

var pickupFields = []reading.Field[pickup]{
	reading.Named("pickup_location_id", func(r *reading.Reader, p *pickup) { p.id = r.Word() }),
	reading.Named("provider", func(r *reading.Reader, p *pickup) { p.provider = r.Text() }),
	reading.Named("carrier", func(r *reading.Reader, p *pickup) { p.carrier = r.Text() }),
	reading.Named("services", func(r *reading.Reader, p *pickup) { p.services = r.Text() }),
	reading.Named("dhl_post_number", func(r *reading.Reader, p *pickup) { p.postNumber = r.Word() }),
}
