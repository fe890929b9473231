package kaufland

import (
	"slices"
	"strings"

	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// Limits of a document.
const (
	unitsMax = 20_000 // pieces of one order
	itemsMax = 100    // of any other list
)

// readForm reads what stands in the document. Where there is no order to go on with, the findings say why.
func readForm(document []byte) (*form, *reading.Findings) {
	f := new(form)
	found, ok := reading.Document(document, formFields, f)
	switch {
	case !ok:
		return nil, found
	case f.lined || f.joined || f.single:
		return alone(f, found), found
	case f.push:
		return nil, reading.Only(reading.NotAnOrder, "a push, which only says that something happened: ask for what it names")
	case f.order != "":
		return nil, reading.Only(reading.NotAnOrder, "an order without its units, as the list of orders has it: ask for the order itself")
	}
	return nil, reading.Only(reading.NotAnOrder, "neither an order nor an order unit")
}

// alone is the only part there is, as if it had come without the others: then paths are those of what was delivered.
func alone(f *form, found *reading.Findings) *form {
	if len(f.parts) != 1 {
		return f
	}
	only := &f.parts[0]
	if !only.Value.lined && !only.Value.single {
		return f
	}
	for i := range found.All {
		if path, within := strings.CutPrefix(found.All[i].Path, "$.parts."+only.Name); within {
			found.All[i].Path = "$" + path
		}
	}
	return &only.Value
}

// isPart tells the reference of a unit, under which the unit stands, or none, under which the whole order does.
func isPart(name string) bool { return name == "" || isDigits(name) }

// partFields are those of an order and of a unit, which have much in common.
var partFields = append(reading.Within(unitFields, func(f *form) *unit { return &f.unit }),
	reading.Named("id_order_unit", func(r *reading.Reader, f *form) { f.single, f.id = true, r.Word() }),
	reading.Named("order_units", func(r *reading.Reader, f *form) {
		f.lined, f.units = true, reading.List(r, listedFields, unitsMax, reading.TooManyLines)
	}),
)

var formFields = append(slices.Clone(partFields),
	reading.Named("parts", func(r *reading.Reader, f *form) {
		f.joined, f.parts = true, reading.Entries(r, partFields, isPart, unitsMax, reading.TooManyLines)
	}),
	reading.Named("resource", func(r *reading.Reader, f *form) { f.push = true; r.Skip() }),
)

var listedFields = append([]reading.Field[unit]{
	reading.Named("id_order_unit", func(r *reading.Reader, u *unit) { u.id = r.Word() }),
}, unitFields...)

var unitFields = []reading.Field[unit]{
	reading.Named("id_order", func(r *reading.Reader, u *unit) { u.order = r.Word() }),
	reading.Named("ts_created_iso", func(r *reading.Reader, u *unit) { u.created = r.Stamp() }),
	reading.Named("is_marketplace_deemed_supplier", func(r *reading.Reader, u *unit) { u.deemed = flag(r) }),
	reading.Named("ts_updated_iso", func(r *reading.Reader, u *unit) { u.updated = r.Stamp() }),
	reading.Named("status", func(r *reading.Reader, u *unit) { u.status = r.Text() }),
	reading.Named("price", func(r *reading.Reader, u *unit) { u.price = minor(r) }),
	reading.Named("id_offer", func(r *reading.Reader, u *unit) { u.offer = r.Word() }),
	reading.Named("note", func(r *reading.Reader, u *unit) { u.note = r.Text() }),
	reading.Named("unit_condition", func(r *reading.Reader, u *unit) { u.condition = r.Text() }),
	reading.Named("storefront", func(r *reading.Reader, u *unit) { u.storefront = r.Text() }),
	reading.Named("currency", func(r *reading.Reader, u *unit) { u.currency = r.Text() }),
	reading.Named("delivery_time_min", func(r *reading.Reader, u *unit) { u.days = given(r) || u.days }),
	reading.Named("delivery_time_max", func(r *reading.Reader, u *unit) { u.days = given(r) || u.days }),
	reading.Named("delivery_time_expires_iso", func(r *reading.Reader, u *unit) { u.expires = r.Instant() }),
	reading.Named("shipping_rate", func(r *reading.Reader, u *unit) { u.shipping = minor(r) }),
	reading.Named("cancel_reason", func(r *reading.Reader, u *unit) { u.cancelReason = r.Text() }),
	reading.Named("fulfillment_type", func(r *reading.Reader, u *unit) { u.fulfillment = r.Text() }),
	reading.Named("buyer", func(r *reading.Reader, u *unit) { u.buyer = read(r, buyerFields) }),
	reading.Named("billing_address", func(r *reading.Reader, u *unit) { u.billTo = readAddress(r) }),
	reading.Named("shipping_address", func(r *reading.Reader, u *unit) { u.shipTo = readAddress(r) }),
	reading.Named("product", func(r *reading.Reader, u *unit) { reading.Object(r, productFields, &u.product) }),
	reading.Named("vat", func(r *reading.Reader, u *unit) { u.vat = percent(r) }),
	reading.Named("tickets", func(r *reading.Reader, u *unit) {
		u.tickets = reading.List(r, ticketFields, itemsMax, reading.TooManyItems)
	}),
	reading.Named("delivery", func(r *reading.Reader, u *unit) { reading.Object(r, deliveryFields, u) }),
}

// read is the object that comes next, nil if there is none.
func read[T any](r *reading.Reader, fields []reading.Field[T]) *T {
	to := new(T)
	if !reading.Object(r, fields, to) {
		return nil
	}
	return to
}

// readAddress is the address that comes next, nil if there is none, or one of which nothing is told.
func readAddress(r *reading.Reader) *address {
	a := read(r, addressFields)
	if a != nil && *a == (address{}) {
		return nil
	}
	return a
}

// flag is the boolean that comes next, nil if there is none. The specification's own examples write it as a text.
func flag(r *reading.Reader) *bool {
	if r.Next() == jx.Null {
		r.Skip()
		return nil
	}
	return new(r.FlagOrText())
}

// given passes over a value, and tells whether there is one.
func given(r *reading.Reader) bool {
	there := r.Next() != jx.Null
	r.Skip()
	return there
}
