package amazon

import (
	"strings"

	"waybill/connectors/reading"
)

// pricesV0 and prices2026 read a Money as each version spells it.
var (
	pricesV0   = reading.PricesNamed("Amount", "CurrencyCode")
	prices2026 = reading.PricesNamed("amount", "currencyCode")
)

var orderV0 = []reading.Field[sale]{
	reading.Named("AmazonOrderId", func(r *reading.Reader, s *sale) { s.id = r.Word() }),
	reading.Named("SellerOrderId", func(r *reading.Reader, s *sale) { s.sellerRef = r.Word() }),
	reading.Named("PurchaseDate", func(r *reading.Reader, s *sale) { s.placed = r.Instant() }),
	reading.Named("LastUpdateDate", func(r *reading.Reader, s *sale) { s.updated = r.Stamp() }),
	reading.Named("OrderStatus", func(r *reading.Reader, s *sale) { s.status = r.Text() }),
	reading.Named("FulfillmentChannel", func(r *reading.Reader, s *sale) { s.fulfiller = r.Text() }),
	reading.Named("SalesChannel", func(r *reading.Reader, s *sale) {
		s.site = r.Text()
		s.nonAmazon = strings.HasPrefix(s.site, "Non-Amazon")
	}),
	reading.Named("ShipServiceLevel", func(r *reading.Reader, s *sale) { s.method = r.Text() }),
	reading.Named("OrderTotal", func(r *reading.Reader, s *sale) { s.total = pricesV0.Read(r, reading.NegativeTotal) }),
	reading.Named("NumberOfItemsShipped", func(r *reading.Reader, s *sale) { s.pieces += r.Whole(0, quantityMax, reading.BadQuantity) }),
	reading.Named("NumberOfItemsUnshipped", func(r *reading.Reader, s *sale) { s.pieces += r.Whole(0, quantityMax, reading.BadQuantity) }),
	reading.Named("PaymentMethod", func(r *reading.Reader, s *sale) { s.paidBy = r.Text() }),
	reading.Named("PaymentMethodDetails", func(r *reading.Reader, s *sale) { s.paidWith = r.Words(itemsMax, reading.TooManyItems) }),
	reading.Named("PaymentExecutionDetail", func(r *reading.Reader, s *sale) {
		s.payments = reading.List(r, paymentV0, itemsMax, reading.TooManyItems)
	}),
	reading.Named("IsReplacementOrder", func(r *reading.Reader, s *sale) { s.replacement = r.FlagOrText() || s.replacement }),
	reading.Named("ReplacedOrderId", func(r *reading.Reader, s *sale) {
		s.replaces = r.Word()
		s.replacement = s.replaces != "" || s.replacement
	}),
	reading.Named("MarketplaceId", func(r *reading.Reader, s *sale) { s.siteID = r.Word() }),
	reading.Named("ShipmentServiceLevelCategory", func(r *reading.Reader, s *sale) { s.level = r.Text() }),
	reading.Named("LatestShipDate", func(r *reading.Reader, s *sale) { s.shipBy = r.Instant() }),
	reading.Named("EarliestDeliveryDate", func(r *reading.Reader, s *sale) { s.deliver.from = r.Instant() }),
	reading.Named("LatestDeliveryDate", func(r *reading.Reader, s *sale) { s.deliver.to = r.Instant() }),
	reading.Named("IsBusinessOrder", func(r *reading.Reader, s *sale) { s.business = r.FlagOrText() }),
	reading.Named("IsPrime", programV0("PRIME")),
	reading.Named("IsPremiumOrder", programV0("PREMIUM")),
	reading.Named("IsGlobalExpressEnabled", programV0("GLOBAL_EXPRESS")),
	reading.Named("EasyShipShipmentStatus", func(r *reading.Reader, s *sale) { // it is there only if Amazon's carrier collects
		if r.Text() != "" {
			s.programs = append(s.programs, "AMAZON_EASY_SHIP")
		}
	}),
	reading.Named("IsISPU", func(r *reading.Reader, s *sale) { s.inStore = r.FlagOrText() }),
	reading.Named("IsAccessPointOrder", func(r *reading.Reader, s *sale) { s.accessPoint = r.FlagOrText() }),
	reading.Named("IsIBA", resold),
	reading.Named("IsSoldByAB", resold),
	reading.Named("HasRegulatedItems", func(r *reading.Reader, s *sale) {
		if place := r.Place(); r.FlagOrText() {
			s.regulatedAt = place
		}
	}),
	reading.Named("ShippingAddress", func(r *reading.Reader, s *sale) { s.address.read(r, addressV0) }),
	reading.Named("DeliveryPreferences", func(r *reading.Reader, s *sale) { reading.Object(r, preferenceV0, &s.preference) }),
	reading.Named("BuyerInfo", func(r *reading.Reader, s *sale) { reading.Object(r, buyerV0, &s.customer) }),
	reading.Named("BuyerInvoicePreference", func(r *reading.Reader, s *sale) { s.invoiced = r.Text() != "" || s.invoiced }),
	reading.Named("BuyerTaxInformation", func(r *reading.Reader, s *sale) { reading.Object(r, taxInformationV0, &s.customer) }),
	reading.Named("ElectronicInvoiceStatus", func(r *reading.Reader, s *sale) { s.invoiced = lacksInvoice(r.Text()) || s.invoiced }),
	reading.Named("FulfillmentInstruction", func(r *reading.Reader, s *sale) { reading.Object(r, instructionV0, s) }),
	reading.Named("AutomatedShippingSettings", func(r *reading.Reader, s *sale) { reading.Object(r, automatedV0, s) }),
	reading.Named("PromiseResponseDueDate", func(r *reading.Reader, s *sale) { s.drop(r, "by when the buyer wants to know when it ships") }),
	reading.Named("CbaDisplayableShippingLabel", func(r *reading.Reader, s *sale) { s.drop(r, "a text for the label") }),
	reading.Named("OrderItems", func(r *reading.Reader, s *sale) {
		s.lines = reading.List(r, lineV0, linesMax, reading.TooManyLines)
	}),
}

func programV0(name string) func(*reading.Reader, *sale) {
	return func(r *reading.Reader, s *sale) {
		if r.FlagOrText() {
			s.programs = append(s.programs, name)
		}
	}
}

// resold is one flag under two names: Amazon buys the goods, and sells them under its own invoice.
func resold(r *reading.Reader, s *sale) {
	if place := r.Place(); r.FlagOrText() && s.resoldAt == "" {
		s.resoldAt = place
	}
}

// lacksInvoice tells whether an electronic invoice is asked for that Amazon does not have yet, as either version spells it.
func lacksInvoice(status string) bool {
	switch status {
	case "NotFound", "Errored", "NOT_FOUND", "ERRORED":
		return true
	}
	return false
}

var paymentV0 = []reading.Field[payment]{
	reading.Named("Payment", func(r *reading.Reader, p *payment) { p.amount = pricesV0.Read(r, "") }),
	reading.Named("PaymentMethod", func(r *reading.Reader, p *payment) { p.method = r.Text() }),
}

var instructionV0 = []reading.Field[sale]{
	reading.Named("FulfillmentSupplySourceId", func(r *reading.Reader, s *sale) { s.drop(r, "from which place to ship") }),
}

var automatedV0 = []reading.Field[sale]{
	reading.Named("AutomatedCarrier", func(r *reading.Reader, s *sale) { s.drop(r, "with which carrier to ship") }),
	reading.Named("AutomatedShipMethod", func(r *reading.Reader, s *sale) { s.drop(r, "with which service of a carrier to ship") }),
}
