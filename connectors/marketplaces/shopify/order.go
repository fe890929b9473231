package shopify

import (
	"cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// translate makes an order of the form. It is worth nothing if there are findings.
func (f *form) translate(found *reading.Findings) {
	f.PricesIncludeTax = &f.gross
	found.Reference(f.Ref, "$.id")
	if f.PlacedAt == 0 && f.processed != nil {
		f.PlacedAt = *f.processed
	}
	found.Require(f.PlacedAt != 0, reading.MissingTime, "$.created_at", "nothing says when the order was placed")
	f.denominate(found)
	f.count()
	f.judge(found)
	f.itemize(found)
	f.deliver(found)
	f.address(found)
	f.settle(found)
	f.pay()
}

// count says how many pieces of each line were sent, and how many were taken out before they could be. What is sent and comes back
// was sent: that is a return. current_quantity lacks both.
func (f *form) count() {
	sent, returned := map[string]int64{}, map[string]int64{}
	for _, fulfillment := range f.fulfillments {
		if fulfillment.status == "cancelled" || fulfillment.status == "error" || fulfillment.status == "failure" {
			continue
		}
		for _, p := range fulfillment.pieces {
			sent[p.line] += p.quantity
		}
	}
	removed := map[string]int64{}
	for _, refund := range f.refunds {
		for _, p := range refund.pieces {
			if p.how == "return" {
				returned[p.line] += p.quantity
			}
			if p.how == "cancel" {
				removed[p.line] += p.quantity
			}
		}
	}
	for i := range f.lines {
		l := &f.lines[i]
		l.Shipped = min(sent[l.LineRef], l.Quantity)
		if l.status == "fulfilled" && len(f.fulfillments) == 0 {
			l.Shipped = l.Quantity
		}
		gone := removed[l.LineRef]
		if l.left != nil {
			gone = l.Quantity - *l.left - returned[l.LineRef]
		}
		l.Cancelled = min(max(gone, 0), l.Quantity-l.Shipped)
	}
}

// deliver says how the goods go, and what that costs.
func (f *form) deliver(found *reading.Findings) {
	for i := range f.shippings {
		s := &f.shippings[i]
		if s.removed {
			continue
		}
		f.DeliveryMethodRef, f.DeliveryMethod = cmp.Or(f.DeliveryMethodRef, s.code), cmp.Or(f.DeliveryMethod, s.title)
		at := reading.In("$.shipping_lines[%d].price", i, 0)
		price, from := s.price, at
		if len(s.allocations) == 0 && s.discounted.shop != "" {
			price, from = s.discounted, reading.In("$.shipping_lines[%d].discounted_price", i, 0)
		}
		cost := f.money(price, found, from, reading.NegativePrice)
		for j := range s.allocations {
			cost.Minor -= f.money(s.allocations[j].amount, found, reading.In("$.shipping_lines[%d].discount_allocations[%d].amount", i, j), reading.NegativePrice).Minor
		}
		f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.ChargeShipping, Ref: s.code, Title: s.title, Quantity: 1, Amount: cost})
	}
}

// address says who bought and whom the goods go to.
func (f *form) address(found *reading.Findings) {
	f.Buyer, f.BillTo, f.ShipTo = f.buyer(), f.billing.person(), f.shipping.person()
	if f.customer != nil {
		f.BuyerRef = f.customer.id
	}
	if f.ShipTo != nil {
		f.ShipTo.Email, f.ShipTo.Phone = cmp.Or(f.ShipTo.Email, f.email), cmp.Or(f.ShipTo.Phone, f.phone)
	}
	if f.Status != schemas.StatusReady || f.FulfilledBy != schemas.FulfilledBySeller {
		return
	}
	const path = "$.shipping_address"
	switch p := f.ShipTo; {
	case p == nil && len(f.shippings) > 0:
		found.Add(reading.MissingAddress, path, "ready to ship, but nothing says where to")
	case p == nil:
		reading.Warn(&f.Order, reading.NoDeliveryAddress, path, "nothing says where the goods go")
	case p.Name+p.Company+p.Street+p.City == "":
		found.Require(p.Country != "", reading.MissingCountry, path+".country_code", "ready to ship, but the address lacks this")
		reading.Warn(&f.Order, reading.AddressRedacted, path, "Shopify hides name and street: the app has no access to protected customer data")
	default:
		found.Address(p, path, reading.AddressFields{Street: "address1", City: "city", PostCode: "zip", Country: "country_code"})
	}
}

// person is the address as ours; nil if there is none.
func (p *person) person() *schemas.Person {
	if p == nil || p.Person == (schemas.Person{}) {
		return nil
	}
	return &p.Person
}

// buyer is the customer, or else who pays: a guest is no customer.
func (f *form) buyer() *schemas.Person {
	b := schemas.Person{Email: f.email, Phone: f.phone}
	if c := f.customer; c != nil {
		b.Name, b.Email, b.Phone = c.Name, cmp.Or(b.Email, c.Email), cmp.Or(b.Phone, c.Phone)
	}
	if p := f.billing; p != nil {
		b.Name, b.Company, b.Phone = cmp.Or(b.Name, p.Name), p.Company, cmp.Or(b.Phone, p.Phone)
	}
	if b == (schemas.Person{}) {
		return nil
	}
	return &b
}
