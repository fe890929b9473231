package kaufland

import (
	"strconv"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// The types below are what we read of a document, in the specification's words. What is absent is nil, a text is empty.

// form is a document: an order with its units, a unit alone, or the parts of an order that came so far.
type form struct {
	unit          // what a unit alone says; of an order, what it says beside its units
	single bool   // it has a unit's reference, as a unit has
	lined  bool   // it has units, whatever they are
	units  []unit // of an order
	joined bool   // it has parts, whatever they are
	parts  []part // whole documents, each under the reference of its unit, or under none
	push   bool   // it has a resource, as a push has
}

type part = reading.Entry[form]

// unit is one piece that was bought, or what an order says of all of them.
type unit struct {
	where place
	head  *unit // what the document says beside the units; of a unit alone, itself
	state state

	id, order    string
	status       string
	cancelReason string
	offer        string
	product      product
	price        reading.Amount // of the piece, in minor units, with VAT
	shipping     reading.Amount
	currency     string
	storefront   string
	fulfillment  string
	vat          string // percent
	condition    string
	note         string
	deemed       *bool // Kaufland is the supplier before the tax law
	created      reading.Stamp
	updated      reading.Stamp
	expires      *schemas.Millis // latest hand-over
	days         bool            // it says in how many days to deliver
	tickets      []ticket

	buyer          *buyer
	shipTo, billTo *address
	pickup         *pickup
}

type product struct {
	id, title      string
	eans           []string
	dangerousGoods string // a UN number
	dangerLabel9A  string // yes or no in the storefront's language
	ageRating      string
}

type ticket struct{ status, topic string }

type buyer struct{ id, email string }

type address struct {
	firstName, lastName string
	company, phone      string
	street, house       string
	additional          string
	postCode, city      string
	country             string
}

type pickup struct{ id, provider, carrier, services, postNumber string }

// place is where a unit stands in the document. It is spelled out only when something is wrong there.
type place struct {
	part   string // of which part, if there are parts
	listed bool   // in an order's list
	index  int
}

// at is the path of a field of it.
func (p place) at(field string) string {
	path := "$"
	if p.part != "" {
		path += ".parts." + p.part
	}
	if p.listed {
		path += ".order_units[" + strconv.Itoa(p.index) + "]"
	}
	return path + field
}

// touched is when it last changed, as far as it says.
func (u *unit) touched() reading.Stamp {
	if u.updated.At != nil {
		return u.updated
	}
	return u.created
}

// later tells whether a is after b; any time is after none.
func later(a, b reading.Stamp) bool { return a.At != nil && (b.At == nil || *a.At > *b.At) }
