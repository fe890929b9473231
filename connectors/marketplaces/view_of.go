package marketplaces

import "waybill/schemas"

// View puts an order into words for reading.
func View(o *schemas.Order) OrderView {
	return OrderView{
		OrderID: o.OrderID, Channel: o.Channel, Ref: o.Ref, Status: o.Status,
		Currency: o.Total.Currency, Total: o.Total.String(), PlacedAt: o.PlacedAt.String(), FulfilledBy: o.FulfilledBy,
		ShipTo: viewPerson(o.ShipTo), Lines: each(o.Lines, viewLine),

		Party: o.Party, Seller: o.Seller, Marketplace: o.Marketplace, Revision: o.Revision, Change: o.Change, ChannelStatus: o.ChannelStatus,
		UpdatedAt: when(o.UpdatedAt), ShipBy: when(o.ShipBy), DeliverFrom: when(o.DeliverFrom), DeliverBy: when(o.DeliverBy),
		Charges: each(o.Charges, viewCharge), Payments: each(o.Payments, viewPayment),
		BuyerRef: o.BuyerRef, Buyer: viewPerson(o.Buyer), BillTo: viewPerson(o.BillTo), InvoiceRequired: o.InvoiceRequired,
		DeliveryMethodRef: o.DeliveryMethodRef, DeliveryMethod: o.DeliveryMethod, PickupPoint: viewPoint(o.PickupPoint), Packages: o.Packages,
		BuyerNote: o.BuyerNote != nil, SellerNote: o.SellerNote != nil, GiftNote: o.GiftNote != nil,
		Mapping: o.Mapping, Warnings: ViewFaults(o.Warnings),
		SourceKind: o.SourceKind, SellerRef: o.SellerRef, PurchaseOrder: o.PurchaseOrder, Business: o.Business, Replaces: o.Replaces,
		PricesIncludeTax: o.PricesIncludeTax, Zone: o.Zone, DeliveryNote: o.DeliveryNote != nil,
		Refund: viewRefund(o.Refund),
	}
}

// ViewFaults puts faults or warnings into words for reading.
func ViewFaults(faults []schemas.Fault) []FaultView {
	return each(faults, func(f *schemas.Fault) FaultView { return FaultView{Code: f.Code, Path: f.Path, Text: f.Text} })
}

func viewPerson(p *schemas.Person) *PersonView {
	if p == nil {
		return nil
	}
	return &PersonView{
		Name: p.Name, Street: p.Street, City: p.City, PostalCode: p.PostalCode, Country: p.Country, Company: p.Company,
		Region: p.Region, Phone: p.Phone, Email: p.Email, TaxID: p.TaxID, Login: p.Login,
	}
}

func viewLine(l *schemas.Line) LineView {
	return LineView{
		LineRef: l.LineRef, SKU: l.SKU, Title: l.Title, Quantity: l.Quantity,
		UnitPrice: l.UnitPrice.String(), LineTotal: l.LineTotal.String(), ListPrice: l.ListPrice.String(),
		OfferRef: l.OfferRef, TaxRate: l.TaxRate, FulfilledBy: l.FulfilledBy, Discounts: l.Discounts,

		ProductRef: l.ProductRef, EANs: l.EANs, UnitRefs: l.UnitRefs, Cancelled: l.Cancelled, Shipped: l.Shipped,
		CancelRequested: l.CancelRequested, Condition: l.Condition, Measure: l.Measure, TaxCollectedBy: l.TaxCollectedBy, IOSS: l.IOSS,
		GiftWrap: l.GiftWrap, GiftNote: l.GiftNote != nil, LineNote: l.LineNote != nil, Components: each(l.Components, viewComponent),
	}
}

func viewComponent(c *schemas.Component) ComponentView {
	return ComponentView{SKU: c.SKU, Quantity: c.Quantity, Unit: c.Unit, Total: c.Total.String()}
}

func viewCharge(c *schemas.Charge) ChargeView {
	return ChargeView{Kind: c.Kind, LineRef: c.LineRef, Ref: c.Ref, Title: c.Title, Quantity: c.Quantity, Amount: c.Amount.String()}
}

func viewPayment(p *schemas.Payment) PaymentView {
	v := PaymentView{Ref: p.Ref, Kind: p.Kind, Method: p.Method, Provider: p.Provider, PaidAt: when(p.PaidAt)}
	if p.Paid != nil {
		v.Paid, v.Currency = p.Paid.String(), p.Paid.Currency
	}
	return v
}

func viewRefund(r *schemas.Refund) *RefundView {
	if r == nil {
		return nil
	}
	return &RefundView{Amount: r.Amount.String(), Paid: r.Paid.String()}
}

func viewPoint(p *schemas.PickupPoint) *PointView {
	if p == nil {
		return nil
	}
	return &PointView{
		Ref: p.Ref, Name: p.Name, Street: p.Street, City: p.City, PostalCode: p.PostalCode, Country: p.Country, Description: p.Description,
	}
}

func when(at *schemas.Millis) string {
	if at == nil {
		return ""
	}
	return at.String()
}

func each[From, To any](from []From, view func(*From) To) []To {
	to := make([]To, len(from))
	for i := range from {
		to[i] = view(&from[i])
	}
	return to
}
