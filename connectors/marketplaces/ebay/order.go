package ebay

import (
	"cmp"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// translate makes an order of the form. It is worth nothing if there are findings.
func (f *form) translate(found *reading.Findings) {
	found.Reference(f.Ref, "$.orderId")
	found.Require(f.PlacedAt != 0, reading.MissingTime, "$.creationDate", "nothing says when the order was placed")
	f.total(found)
	f.judge(found)
	f.itemize(found)
	f.deliver(found)
	f.settle(found)
	f.pay(found)
}

// itemize says what was bought. What eBay states of a line is for all its pieces.
func (f *form) itemize(found *reading.Findings) {
	for i := range f.lines {
		l := &f.lines[i]
		found.Require(l.LineRef != "", reading.MissingID, reading.At("$.lineItems[%d].lineItemId", i), "a line without the reference by which eBay is told that it was shipped")
		found.Require(l.Quantity > 0, reading.MissingQuantity, reading.At("$.lineItems[%d].quantity", i), "nothing says how many were bought")
		l.ProductRef, l.OfferRef = l.item, cmp.Or(l.variation, l.item)
		l.SKU, l.FulfilledBy = cmp.Or(l.SKU, l.OfferRef), f.FulfilledBy
		if l.Title == "" {
			reading.Warn(&f.Order, reading.NoTitle, reading.At("$.lineItems[%d].title", i), "the offer has no name")
		}
		if l.status == fulfilled {
			l.Shipped = l.Quantity
		}
		l.CancelRequested = f.cancel == cancelAsked && f.Status != schemas.StatusShipped
		f.value(i, found)
		f.Marketplace = cmp.Or(f.Marketplace, site(cmp.Or(l.sold, l.listed)))
		f.Lines = append(f.Lines, l.Line)
	}
	found.Lines(f.Lines, "$.lineItems", "lineItemId", "sku")
}

// site is one of eBay's in our words: EBAY_DE is ebay-de.
func site(id string) string { return strings.ToLower(strings.ReplaceAll(id, "_", "-")) }

// value says what a line costs, and which of its taxes eBay takes.
func (f *form) value(i int, found *reading.Findings) {
	l := &f.lines[i]
	found.Require(l.cost.given || l.discounted.given, reading.MissingPrice, reading.At("$.lineItems[%d].lineItemCost", i), "no price")
	all := f.in(l.cost, found, reading.In("$.lineItems[%d].lineItemCost", i, 0), reading.NegativePrice)
	l.LineTotal = all
	if l.discounted.given {
		l.LineTotal = f.in(l.discounted, found, reading.In("$.lineItems[%d].discountedLineItemCost", i, 0), reading.NegativePrice)
	}
	if !l.cost.given {
		all = l.LineTotal
	}
	f.off = bounded(f.off + all.Minor - l.LineTotal.Minor)
	l.UnitPrice, _ = l.LineTotal.Per(l.Quantity)
	l.ListPrice, _ = all.Per(l.Quantity)
	for _, tax := range l.collected {
		l.TaxCollectedBy = taxCollectedByChannel
		if tax.name == "IOSS" {
			l.IOSS = tax.number
		}
	}
}

const taxCollectedByChannel = "channel"

// deliver says who bought, whom the goods go to, how, and by when.
func (f *form) deliver(found *reading.Findings) {
	b := &f.buyer
	f.BuyerRef, f.BillTo = b.name, b.registered.person()
	to, at := f.step()
	if to != nil {
		f.DeliveryMethodRef, f.DeliveryMethod = to.service, to.carrier
		f.DeliverFrom, f.DeliverBy, f.ShipTo = to.from, to.until, to.to.person()
	}
	f.Buyer = f.person()
	for i := range f.lines {
		l := &f.lines[i]
		f.ShipBy = sooner(f.ShipBy, l.shipBy)
		if to == nil {
			f.DeliverFrom, f.DeliverBy = sooner(f.DeliverFrom, l.from), sooner(f.DeliverBy, l.until)
		}
	}
	if f.ShipTo != nil && to.reference != "" && !strings.Contains(f.ShipTo.Street, to.reference) {
		f.ShipTo.Street = strings.Trim(f.ShipTo.Street+", "+hubReference+to.reference, ", ") // the hub tells parcels by it
	}
	if f.FulfilledBy == schemas.FulfilledBySeller && (to != nil && (to.by || to.final) || f.verification != "") {
		reading.Warn(&f.Order, reading.AnotherCarries, at, "the goods go to eBay's hub or to who looks at them, not to the buyer")
	}
	if f.Status == schemas.StatusReady && f.FulfilledBy == schemas.FulfilledBySeller {
		f.requireAddress(found, at)
	}
}

// hubReference stands in front of the number by which a hub of the Global Shipping Program knows a parcel (ShippingStep.shipToReferenceId).
const hubReference = "Reference #"

// step is the first instruction that says where to, else the first.
func (f *form) step() (to *instruction, at string) {
	at = "$.fulfillmentStartInstructions[0].shippingStep.shipTo"
	for i := range f.instructions {
		if f.instructions[i].to != nil {
			return &f.instructions[i], reading.At("$.fulfillmentStartInstructions[%d].shippingStep.shipTo", i)
		}
	}
	if len(f.instructions) > 0 {
		return &f.instructions[0], at
	}
	return nil, at
}

// requireAddress refuses to ship to half an address.
func (f *form) requireAddress(found *reading.Findings, at string) {
	found.Require(f.ShipTo != nil, reading.MissingAddress, at, "ready to ship, but nothing says where to")
	if f.ShipTo == nil {
		return
	}
	found.Address(f.ShipTo, at+".contactAddress", reading.AddressFields{Street: "addressLine1", City: "city", PostCode: "postalCode", Country: "countryCode"})
	if f.ShipTo.Name+f.ShipTo.Company == "" {
		reading.Warn(&f.Order, reading.NoRecipient, at, "the address names neither a person nor a company")
	}
}

// person is who bought: eBay tells the e-mail with the delivery, and for 14 days only.
func (f *form) person() *schemas.Person {
	p := schemas.Person{TaxID: f.buyer.taxID}
	if r := f.BillTo; r != nil {
		p.Name, p.Company, p.Email, p.Phone = r.Name, r.Company, r.Email, r.Phone
	}
	if s := f.ShipTo; s != nil {
		p.Name, p.Email, p.Phone = cmp.Or(p.Name, s.Name), cmp.Or(s.Email, p.Email), cmp.Or(p.Phone, s.Phone)
	}
	if p == (schemas.Person{}) {
		return nil
	}
	return &p
}

func sooner(a, b *schemas.Millis) *schemas.Millis {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}
