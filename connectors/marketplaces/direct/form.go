package direct

import "waybill/schemas"

// The types below are an order as it is written down. A time or flag that is absent is nil, a text is empty, an amount is as it
// is written; "given" tells an object without content, or with a faulty one, from none.

type form struct {
	ref, revision    string
	status, source   string
	placedAt         *schemas.Millis
	currency, total  string
	pricesIncludeTax *bool
	lines            []line
	charges          []charge
	discounts        []charge
	payments         []payment
	buyer            person
	shipTo, billTo   person
	invoiceRequired  bool
	deliveryMethod   string
	pickupPoint      point
	shipBy           *schemas.Millis
	deliverFrom      *schemas.Millis
	deliverBy        *schemas.Millis
	buyerNote        string
	sellerNote       string
	deliveryNote     string
	giftNote         string
	purchaseOrder    string
	business         bool
	sellerRef        string
}

type line struct {
	ref, sku, offerRef   string
	title                string
	quantity             int64 // 0: absent or faulty
	unit                 string
	unitPrice, lineTotal string
	listPrice            string
	taxRate              string
	fulfilledBy          string
	eans                 []string
	giftNote, giftWrap   string
	note                 string
}

// charge is a discount too; that has no kind.
type charge struct {
	kind, title     string
	amount, lineRef string
}

type payment struct {
	ref, kind        string
	method, provider string
	paid, currency   string
	paidAt           *schemas.Millis
}

type person struct {
	given bool
	ref   string // the buyer's only
	schemas.Person
}

type point struct {
	given bool
	schemas.PickupPoint
}
