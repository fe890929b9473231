package allegro

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// The types below are what we read of a checkout form, in the specification's words. A time that is absent is nil, a text is
// empty; "given" tells an object without content, or with a faulty one, from none.

type form struct {
	event bool // it has an order, as an event has
	lined bool // it has lines, whatever they are

	id          string
	status      string
	message     string
	note        note
	buyer       buyer
	payment     payment
	surcharges  []payment
	fulfillment fulfillment
	delivery    delivery
	invoice     invoice
	lines       []line
	total       reading.Amount
	marketplace identified
	updatedAt   *schemas.Millis
	revision    string
}

type identified struct{ id string }

type note struct{ text string }

type buyer struct {
	given               bool
	id, login, email    string
	firstName, lastName string
	companyName, phone  string
	address             address
}

// address is any of the four kinds: only the buyer's says postCode, the others zipCode; pick-up points have no people.
type address struct {
	given               bool
	firstName, lastName string
	companyName, phone  string
	street, city        string
	postCode, country   string
}

type payment struct {
	given      bool
	id         string
	kind       string
	provider   string
	finishedAt *schemas.Millis
	paid       reading.Amount
}

type fulfillment struct {
	status   string
	sent     string // none, some or all of the lines
	provider identified
}

type delivery struct {
	given       bool
	address     address
	method      method
	point       point
	cost        reading.Amount
	time        deliveryTime
	packages    int64
	cancelledAt *schemas.Millis
}

type method struct{ id, name string }

type point struct {
	given                 bool
	id, name, description string
	address               address
}

type deliveryTime struct {
	window
	guaranteed window // deprecated, for older answers
	dispatch   window
}

type window struct{ from, to *schemas.Millis }

type invoice struct {
	required bool
	address  invoiceAddress
}

type invoiceAddress struct {
	address
	company company
	person  address
}

type company struct {
	given       bool
	name, taxID string
	ids         []taxID
}

type taxID struct{ value string }

type line struct {
	id        string
	offer     offer
	quantity  int64 // 0: absent, for a line has at least one piece
	price     reading.Amount
	original  reading.Amount
	deposit   reading.Amount // for one piece (ALL#13878)
	services  []service
	taxRate   string
	boughtAt  *schemas.Millis
	discounts []discount
}

type offer struct {
	given    bool
	id, name string
	external identified
}

type service struct {
	id, name string
	price    reading.Amount
	quantity int64
}

type discount struct{ kind string }
