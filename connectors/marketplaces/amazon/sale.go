package amazon

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// The types below are what we read of an order, of either version, in the words of 2026-01-01. A time that is absent is nil, a text
// is empty; "given" tells an object without content, or with a faulty one, from none.

type sale struct {
	says    *spelling // how its version spells what is said here
	root    string    // where the order itself stands in the document
	itemsAt string    // where its items stand
	told    map[kind]bool
	ids     []reference // of the parts

	id, status, fulfiller string
	sellerRef             string
	replaces              string
	replacement           bool
	placed                *schemas.Millis
	updated               reading.Stamp
	siteID, site          string
	nonAmazon             bool // sold elsewhere, and shipped by Amazon
	total                 reading.Amount
	categories            []part // what the order states beside its lines, or sums up of them
	business              bool
	inStore               bool
	accessPoint           bool
	resoldAt              string // where it says that Amazon resells it, and writes the invoice
	regulatedAt           string // where it says that something needs approval
	approved              bool
	shipBy                *schemas.Millis
	deliver               window
	level, method         string
	programs              []string
	lines                 []line
	pieces                int64  // of all lines, as the order counts them
	more                  bool   // the items go on in another document
	gifts                 []line // what another document says of the lines' gifts
	moreGifts             bool
	address               address
	addressPart           address // what its own document says
	preference            preference
	customer              customer
	customerPart          customer // what its own document says
	invoiced              bool     // somebody asks for an invoice
	paidBy                string
	paidWith              []string
	payments              []payment
	unsaid
}

// reference is what a part says whose it is.
type reference struct{ at, id string }

type window struct{ from, to *schemas.Millis }

type line struct {
	id, asin, sku, title string
	product              bool
	counted              bool // it says how many
	quantity             int64
	shipped, open        int64
	fulfilled, left      bool // it says how many have been shipped, and how many have not
	unit                 reading.Amount
	parts                []part
	condition, subtype   string
	conditionNote        string
	promotions           []string
	customized           string
	gift                 bool
	wrap, message        string
	cancelAsked          bool
	cancelDone           bool
	cancelReason         string
	window               window
	store                string
	ioss                 string
	collected            bool // Amazon pays the tax
	onDelivery           bool // the buyer pays whoever brings it
	measure              measure
	unsaid
}

// part is a category of what is paid, in the words of 2026-01-01: ITEM, SHIPPING, TAX and so on.
type part struct {
	kind, title string
	lowers      bool   // what is paid; so it is stated without a sign, or with one
	name        string // where it stands in its line or in the order, with a %d for i
	i           int
	at          string // where it stands in the document, if not there
	pending     bool
	reading.Amount
}

type measure struct{ value, unit string }

type address struct {
	given                      bool
	at                         string
	name, company              string
	line1, line2, line3        string
	city, municipality         string
	district, county           string
	region, postCode, country  string
	phone, kind                string
	street, number, complement string // the lines once more, taken apart
	neighborhood               string
}

type preference struct {
	dropOff, instruction string
	capabilities         []string
	days                 []day
}

// day is a day of the week or a date, and when somebody is there.
type day struct {
	name   string
	closed bool
	open   []interval
}

type interval struct{ from, to clock }

type clock struct {
	given        bool
	hour, minute int64
}

// customer is who bought, and whom the invoice names.
type customer struct {
	name, email, company, county, purchaseOrder string
	payer                                       payer
	unsaid
}

// payer is whom the invoice names.
type payer struct {
	name, taxID    string
	natural        bool // a person, not a company
	street, region string
	address        address
}

type payment struct {
	method string
	amount reading.Amount
}

// unsaid is what our order has no words for, though it tells something to those who ship.
type unsaid struct{ dropped []schemas.Fault }

// drop notes the value that comes next, if it says anything.
func (u *unsaid) drop(r *reading.Reader, text string) {
	at := r.Place
	if r.Says() {
		u.dropAt(at(), text)
	}
}

func (u *unsaid) dropAt(place, text string) {
	u.dropped = append(u.dropped, schemas.Fault{Code: reading.Dropped, Path: place, Text: text})
}
