package amazon

import "waybill/connectors/reading"

// Limits of an order; Amazon's own are lower.
const (
	linesMax    = 5000
	itemsMax    = 100 // of any other list
	quantityMax = 1_000_000
)

// readSale reads what stands in the document. Where there is no order to go on with, the findings say why.
func readSale(document []byte) (*sale, *reading.Findings) {
	k, _, _ := recognize(document) // what is no JSON is so for the reader too
	if k == kindNotice {
		return nil, reading.Only(reading.NotAnOrder, "a notification, which only says that something happened: ask for the order that it names")
	}
	s := &sale{says: &spellingV0, root: "$", itemsAt: "$.OrderItems", told: map[kind]bool{k: true}}
	fields := documents[k]
	if k == kind2026 {
		s.says, s.itemsAt = &spelling2026, "$.orderItems"
	}
	found, ok := reading.Document(document, fields, s)
	switch {
	case !ok:
		return nil, found
	case k == kindOther:
		return nil, reading.Only(reading.NotAnOrder, "neither an order of Amazon's nor a part of one")
	case k == kind2026 || k == kindV0:
		return s, found
	}
	s.expect(found)
	if !s.told[kindOrder] {
		return nil, found
	}
	return s, found
}

// documents are the fields of each kind of document.
var documents = map[kind][]reading.Field[sale]{
	kind2026: order2026, kindV0: orderV0, kindOrder: orderV0, kindParts: parts, kindItems: itemsV0, kindAddress: addressPart,
	kindBuyer: buyerPart, kindGifts: giftsPart, kindRegulated: regulatedPart,
}

// parts are documents of v0, each under its name. They may come in any order, so none depends on another here.
var parts = []reading.Field[sale]{
	reading.Named("parts", func(r *reading.Reader, s *sale) {
		s.root, s.itemsAt = "$.parts.order", "$.parts.items.OrderItems"
		reading.Object(r, partFields, s)
	}),
}

var partFields = []reading.Field[sale]{
	partField(kindOrder, orderV0), partField(kindItems, itemsV0), partField(kindAddress, addressPart),
	partField(kindBuyer, buyerPart), partField(kindGifts, giftsPart), partField(kindRegulated, regulatedPart),
}

func partField(k kind, fields []reading.Field[sale]) reading.Field[sale] {
	return reading.Named(partNames[k], func(r *reading.Reader, s *sale) { s.told[k] = reading.Object(r, fields, s) })
}

// expect says which part of an order is still to come. Of what is not yet paid, or no longer wanted, Amazon may have no items; nor
// has it an address for what nobody ships.
func (s *sale) expect(found *reading.Findings) {
	status, _ := statusOf(s.status)
	switch {
	case !s.told[kindOrder] && !s.told[kindParts] && len(s.ids) == 0:
		found.Add(reading.MissingID, "$.AmazonOrderId", "a part without the reference of its order")
		return
	case !s.told[kindOrder]:
		found.Add(reading.Incomplete, "$.parts.order", "the order itself has not come")
		return
	case !s.told[kindItems] && !mayLack(status):
		found.Add(reading.Incomplete, "$.parts.items", "its items have not come")
	case s.more:
		found.Add(reading.Incomplete, "$.parts.items", "there are more items on another page: ask for all, and send them as one")
	case s.told[kindItems] && s.bought() < s.pieces && !mayLack(status):
		found.Add(reading.Incomplete, "$.parts.items", "fewer items than the order counts")
	}
	if s.moreGifts {
		found.Add(reading.Incomplete, "$.parts.items_buyer", "there is more on another page: ask for all, and send it as one")
	}
	if s.needsAddress() && !s.address.given && !s.told[kindAddress] {
		found.Add(reading.Incomplete, "$.parts.address", "ready to ship, but its address has not come")
	}
}

func (s *sale) bought() (pieces int64) {
	for i := range s.lines {
		pieces += s.lines[i].quantity
	}
	return pieces
}
