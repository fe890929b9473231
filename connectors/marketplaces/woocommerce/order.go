package woocommerce

import (
	"cmp"
	"strconv"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// statuses are those of the specification; checkout-draft comes with order.updated all the same (WOO#66995). A failed payment may
// be tried again. A plugin's own status is a fault, because nobody may act on a guess.
var statuses = map[string]string{
	"checkout-draft": schemas.StatusPending, "pending": schemas.StatusPending, "on-hold": schemas.StatusPending, "failed": schemas.StatusPending,
	"processing": schemas.StatusReady, "completed": schemas.StatusShipped,
	"cancelled": schemas.StatusCancelled, "refunded": schemas.StatusCancelled, "trash": schemas.StatusCancelled,
}

// methods are those that come with the shop. All others are plugins of providers.
var methods = map[string]string{"bacs": schemas.MethodTransfer, "cheque": schemas.MethodTransfer, "cod": schemas.MethodCashOnDelivery}

// translate makes an order of the form. It is worth nothing if there are findings.
func (f *form) translate(found *reading.Findings) {
	f.Status, f.FulfilledBy, f.PricesIncludeTax = statuses[f.ChannelStatus], schemas.FulfilledBySeller, &f.gross
	found.Reference(f.Ref, "$.id")
	found.Require(f.ChannelStatus != "", reading.MissingStatus, "$.status", "no status, so nobody knows whether to ship")
	found.Require(f.Status != "", reading.UnknownStatus, "$.status", "a status that the shop itself does not have")
	found.Require(f.PlacedAt != 0, reading.MissingTime, "$.date_created_gmt", "nothing says when the order was placed")
	found.Currency(f.Total.Currency, "$.currency")
	f.address(found)
	f.itemize(found)
	f.settle(found)
}

// somebody is nil where there is but the shop's own country and state, as there is where nothing is shipped.
func somebody(p schemas.Person) *schemas.Person {
	if p.Name+p.Company+p.Street+p.PostalCode+p.City+p.Email+p.Phone == "" {
		return nil
	}
	return &p
}

// address says who bought, whom the goods go to, and how.
func (f *form) address(found *reading.Findings) {
	f.Buyer, f.BillTo, f.ShipTo = somebody(f.billing), somebody(f.billing), somebody(f.shipping)
	for i, s := range f.shippings {
		f.DeliveryMethodRef, f.DeliveryMethod = cmp.Or(f.DeliveryMethodRef, s.method), cmp.Or(f.DeliveryMethod, s.Title)
		cost := f.amount(s.total, s.totalTax, found, reading.NegativePrice, "$.shipping_lines[%d].total", i)
		f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.ChargeShipping, Ref: s.method, Title: s.Title, Quantity: 1, Amount: cost})
	}
	switch {
	case f.DeliveryMethodRef == "local_pickup" || f.DeliveryMethodRef == "pickup_location":
		f.FulfilledBy = schemas.FulfilledByPickup
	case f.Status != schemas.StatusReady:
	case f.ShipTo != nil:
		found.Address(f.ShipTo, "$.shipping", reading.AddressFields{Street: "address_1", City: "city", PostCode: "postcode", Country: "country"})
	case len(f.shippings) > 0:
		found.Add(reading.MissingAddress, "$.shipping", "ready to ship, but nothing says where to")
	default:
		reading.Warn(&f.Order, reading.NoDeliveryAddress, "$.shipping", "nothing says where the goods go")
	}
}

// itemize says what was bought. A line's price is not read: it is a quotient that the shop has rounded.
func (f *form) itemize(found *reading.Findings) {
	for i := range f.lines {
		l := &f.lines[i]
		l.LineRef, l.OfferRef, l.FulfilledBy = cmp.Or(l.LineRef, strconv.Itoa(i+1)), cmp.Or(l.OfferRef, l.ProductRef), f.FulfilledBy
		l.SKU = cmp.Or(l.SKU, l.OfferRef)
		found.Require(l.Quantity > 0, reading.MissingQuantity, reading.At("$.line_items[%d].quantity", i), "nothing says how many were bought")
		l.LineTotal = f.amount(l.total, l.totalTax, found, reading.NegativePrice, "$.line_items[%d].total", i)
		l.UnitPrice, _ = l.LineTotal.Per(l.Quantity)
		l.ListPrice = l.UnitPrice
		if l.subtotal != "" {
			l.ListPrice, _ = f.amount(l.subtotal, l.subtotalTax, found, reading.NegativePrice, "$.line_items[%d].subtotal", i).Per(l.Quantity)
		}
		for j := 0; l.ListPrice != l.UnitPrice && j < len(f.coupons); j++ {
			l.Discounts = append(l.Discounts, f.coupons[j].code)
		}
		f.Lines = append(f.Lines, l.Line)
	}
	found.Lines(f.Lines, "$.line_items", "id", "sku")
}

// settle adds what is paid beside the goods, with the tax where prices lack it, makes all add up to the total, and says how it is paid.
func (f *form) settle(found *reading.Findings) {
	for i, fee := range f.fees {
		amount := f.amount(fee.total, fee.totalTax, found, "", "$.fee_lines[%d].total", i)
		f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.FeeKind(amount), Ref: fee.LineRef, Title: fee.Title, Quantity: 1, Amount: amount})
	}
	if !f.gross && f.totalTax != "" {
		tax := found.Money(f.totalTax, f.Total.Currency, reading.Place{Path: "$.total_tax"}, reading.NegativePrice)
		f.Charges = append(f.Charges, schemas.Charge{Kind: schemas.ChargeTax, Quantity: 1, Amount: tax})
	}
	found.Require(f.total != "", reading.MissingTotal, "$.total", "nothing says what the buyer pays")
	f.Total = found.Money(f.total, f.Total.Currency, reading.Place{Path: "$.total"}, reading.NegativeTotal)
	found.Settle(&f.Order, "$.total", reading.TotalDisagrees)
	if p := f.payment; p.Provider != "" {
		p.Kind, p.Method = schemas.PaymentOrder, cmp.Or(methods[p.Provider], schemas.MethodOnline)
		if p.PaidAt != nil {
			p.Paid = new(f.Total)
		}
		f.Payments = []schemas.Payment{p}
	}
	if len(f.refunds) > 0 && f.Status != schemas.StatusCancelled {
		reading.Warn(&f.Order, reading.PartlyRefunded, "$.refunds", "money was paid back; the lines are as they were bought")
	}
}

// amount is what the buyer pays for an item, as the shop shows its prices: with the tax, or without.
func (f *form) amount(net, tax string, found *reading.Findings, negative, path string, i int) schemas.Money {
	amount := found.Money(net, f.Total.Currency, reading.In(path, i, 0), negative)
	if f.gross && tax != "" {
		amount.Minor += found.Money(tax, f.Total.Currency, reading.In(path+"_tax", i, 0), negative).Minor
	}
	return amount
}
