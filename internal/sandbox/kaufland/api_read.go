package kaufland

import (
	"net/http"
	"slices"
	"strconv"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/wire"
)

// The schemas that only lists and single units have, in the order of the specification's examples.

func (o *order) writeListed(l *wire.Line) {
	l.Text("id_order", o.IDOrder)
	l.Text("ts_created_iso", o.Created)
	o.DeemedSupplier.write(l)
	l.Whole("order_units_count", len(o.Units))
	l.Text("ts_units_updated_iso", o.UnitsUpdated)
	l.Text("storefront", o.Storefront)
	l.Text("fulfillment_type", o.FulfillmentType)
}

// alone is a unit outside its order.
type alone struct {
	*unit
	of       *order
	embedded []string // what was asked for besides
}

func (u *alone) write(l *wire.Line) {
	u.facts(l)
	l.Text("fulfillment_type", u.of.FulfillmentType)
	wire.Object(l, "buyer", u.of.Buyer, (*buyer).write)
	wire.Object(l, "billing_address", u.of.BillingAddress, (*address).write)
	wire.Object(l, "shipping_address", u.of.ShippingAddress, (*address).write)
	if slices.Contains(u.embedded, "tickets") {
		wire.Objects(l, "tickets", append([]ticket{}, u.Tickets...), (*ticket).write)
	}
	if slices.Contains(u.embedded, "delivery") && u.of.Delivery != nil {
		wire.Object(l, "delivery", u.of.Delivery, (*delivery).write)
	}
}

func (a *API) getOrder(c *party.Call) party.Reply {
	if bad := allIn(c, "embedded", []string{"order_invoices"}); bad != nil {
		return *bad
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.orders[c.PathValue("id_order")]
	if h == nil {
		return notFound()
	}
	line := wire.Line{}
	wire.Element(&line, a.again(h), (*order).answer)
	return party.Reply{Status: http.StatusOK, Body: line}
}

func (a *API) getUnit(c *party.Call) party.Reply {
	if bad := allIn(c, "embedded", unitEmbeddable); bad != nil {
		return *bad
	}
	id, err := strconv.ParseInt(c.PathValue("id_order_unit"), 10, 64)
	if err != nil {
		return *invalid("id_order_unit", "must be an integer")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at, known := a.units[id]
	if !known {
		return notFound()
	}
	o := a.again(at.order)
	found := alone{unit: &o.Units[at.unit], of: o, embedded: values(c, "embedded")}
	line := wire.Line{}
	wire.Element(&line, &found, func(u *alone, l *wire.Line) { wire.Object(l, "data", u, (*alone).write) })
	return party.Reply{Status: http.StatusOK, Body: line}
}

// listed is a page of a list (CollectionApiResponse).
type listed[T any] struct {
	data          []T
	offset, limit int
	total         int
	write         func(*T, *wire.Line)
}

func (p listed[T]) reply() party.Reply {
	line := wire.Line{}
	wire.Element(&line, &p, func(p *listed[T], l *wire.Line) {
		wire.Objects(l, "data", append([]T{}, p.data...), p.write)
		wire.Object(l, "pagination", p, func(p *listed[T], l *wire.Line) {
			l.Whole("offset", p.offset)
			l.Whole("limit", p.limit)
			l.Whole("total", p.total)
		})
	})
	return party.Reply{Status: http.StatusOK, Body: line}
}

// cut is the part of a list that a page shows.
func cut[T any](all []T, p window) []T {
	from := min(p.offset, len(all))
	return all[from:min(from+p.limit, len(all))]
}
