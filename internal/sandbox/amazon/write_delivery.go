package amazon

import "waybill/internal/sandbox/wire"

func (b *buyer) write(l *wire.Line) {
	l.Some("buyerName", b.BuyerName)
	l.Some("buyerEmail", b.BuyerEmail)
	l.Some("buyerCompanyName", b.BuyerCompanyName)
	l.Some("buyerPurchaseOrderNumber", b.BuyerPurchaseOrderNumber)
}

func (r *recipient) write(l *wire.Line) {
	wire.Object(l, "deliveryAddress", &r.DeliveryAddress, (*address).write)
	object(l, "deliveryPreference", r.DeliveryPreference, (*deliveryPreference).write)
}

func (a *address) write(l *wire.Line) {
	rest := l.Some
	if a.wordy {
		rest = l.Text
	}
	l.Some("name", a.Name)
	l.Some("companyName", a.CompanyName)
	l.Some("addressLine1", a.AddressLine1)
	rest("addressLine2", a.AddressLine2)
	rest("addressLine3", a.AddressLine3)
	l.Text("city", a.City)
	rest("districtOrCounty", a.County)
	rest("stateOrRegion", a.StateOrRegion)
	rest("municipality", a.Municipality)
	l.Text("postalCode", a.PostalCode)
	l.Text("countryCode", a.CountryCode)
	l.Some("phone", a.Phone)
	l.Some("addressType", a.AddressType)
}

func (p *deliveryPreference) write(l *wire.Line) {
	l.Some("dropOffLocation", p.DropOffLocation)
	l.Some("addressInstruction", p.AddressInstruction)
	if p.DeliveryCapabilities != nil {
		l.Texts("deliveryCapabilities", p.DeliveryCapabilities)
	}
}

func (f *orderFulfillment) write(l *wire.Line) {
	l.Text("fulfillmentStatus", f.FulfillmentStatus)
	l.Text("fulfilledBy", f.FulfilledBy)
	l.Some("fulfillmentServiceLevel", f.FulfillmentServiceLevel)
	object(l, "shipByWindow", f.ShipByWindow, (*window).write)
	object(l, "deliverByWindow", f.DeliverByWindow, (*window).write)
}

func (w *window) write(l *wire.Line) {
	l.Text("earliestDateTime", w.EarliestDateTime)
	l.Text("latestDateTime", w.LatestDateTime)
}

func (p *orderPackage) write(l *wire.Line) {
	l.Text("packageReferenceId", p.PackageReferenceID)
	l.Text("createdTime", p.CreatedTime)
	wire.Object(l, "packageStatus", p, func(p *orderPackage, l *wire.Line) {
		l.Text("status", p.Status)
		l.Some("detailedStatus", p.DetailedStatus)
	})
	l.Text("carrier", p.Carrier)
	l.Text("shipTime", p.ShipTime)
	l.Some("shippingService", p.ShippingService)
	l.Text("trackingNumber", p.TrackingNumber)
	wire.Objects(l, "packageItems", p.PackageItems, (*packageItem).write)
}

func (i *packageItem) write(l *wire.Line) {
	l.Text("orderItemId", i.OrderItemID)
	l.Whole("quantity", i.Quantity)
}
