package amazon

import "waybill/connectors/reading"

// lineV0 are the fields of an OrderItem. Its ItemPrice is that of all pieces, without shipping and gift wrap.
var lineV0 = []reading.Field[line]{
	reading.Named("ASIN", func(r *reading.Reader, l *line) { l.asin = r.Word() }),
	reading.Named("SellerSKU", func(r *reading.Reader, l *line) { l.sku = r.Word() }),
	reading.Named("OrderItemId", func(r *reading.Reader, l *line) { l.id = r.Word() }),
	reading.Named("Title", func(r *reading.Reader, l *line) { l.title = r.Text() }),
	reading.Named("QuantityOrdered", func(r *reading.Reader, l *line) { l.count(r) }),
	reading.Named("QuantityShipped", func(r *reading.Reader, l *line) { l.shipped = r.Whole(0, quantityMax, reading.BadQuantity) }),
	stated("ItemPrice", "ITEM"),
	stated("ItemTax", "TAX"),
	stated("ShippingPrice", "SHIPPING"),
	stated("ShippingTax", "TAX"),
	lowering("ShippingDiscount", "DISCOUNT", "SHIPPING"),
	lowering("ShippingDiscountTax", "TAX", ""),
	lowering("PromotionDiscount", "DISCOUNT", "ITEM"),
	lowering("PromotionDiscountTax", "TAX", ""),
	stated("CODFee", "COD_FEE"),
	lowering("CODFeeDiscount", "DISCOUNT", "COD_FEE"),
	reading.Named("PromotionIds", func(r *reading.Reader, l *line) { l.promotions = r.Words(itemsMax, reading.TooManyItems) }),
	reading.Named("IsGift", func(r *reading.Reader, l *line) { l.gift = r.FlagOrText() }),
	reading.Named("ConditionId", func(r *reading.Reader, l *line) { l.condition = r.Text() }),
	reading.Named("ConditionSubtypeId", func(r *reading.Reader, l *line) { l.subtype = r.Text() }),
	reading.Named("ConditionNote", func(r *reading.Reader, l *line) { l.conditionNote = r.Text() }),
	reading.Named("ScheduledDeliveryStartDate", func(r *reading.Reader, l *line) { l.window.from = r.Instant() }),
	reading.Named("ScheduledDeliveryEndDate", func(r *reading.Reader, l *line) { l.window.to = r.Instant() }),
	reading.Named("TaxCollection", func(r *reading.Reader, l *line) { reading.Object(r, taxCollectionV0, l) }),
	reading.Named("IossNumber", func(r *reading.Reader, l *line) { l.ioss = r.Word() }),
	reading.Named("DeemedResellerCategory", func(r *reading.Reader, l *line) { l.collected = r.Text() != "" || l.collected }),
	reading.Named("StoreChainStoreId", func(r *reading.Reader, l *line) { l.store = r.Word() }),
	reading.Named("BuyerInfo", func(r *reading.Reader, l *line) { reading.Object(r, giftV0, l) }),
	reading.Named("BuyerRequestedCancel", func(r *reading.Reader, l *line) { reading.Object(r, cancelV0, l) }),
	reading.Named("Measurement", func(r *reading.Reader, l *line) { reading.Object(r, measureV0, &l.measure) }),
	reading.Named("ShippingConstraints", func(r *reading.Reader, l *line) { reading.Object(r, constraintsV0, l) }),
	reading.Named("SubstitutionPreferences", func(r *reading.Reader, l *line) { reading.Object(r, substitutionV0, l) }),
	reading.Named("AmazonPrograms", func(r *reading.Reader, l *line) { reading.Object(r, programsV0, l) }),
	reading.Named("AssociatedItems", func(r *reading.Reader, l *line) { l.drop(r, "a service was bought with it") }),
	reading.Named("IsTransparency", func(r *reading.Reader, l *line) {
		l.drop(r, "the Transparency code of each piece is to be told to Amazon")
	}),
	reading.Named("SerialNumberRequired", func(r *reading.Reader, l *line) { l.drop(r, "the serial number of each piece is to be told to Amazon") }),
}

// count reads how many were bought. Of a line that was cancelled Amazon says 0.
func (l *line) count(r *reading.Reader) {
	l.quantity = r.Whole(0, quantityMax, reading.BadQuantity)
	l.counted = true
}

func stated(name, kind string) reading.Field[line] {
	return reading.Named(name, func(r *reading.Reader, l *line) {
		if amount := pricesV0.Read(r, reading.NegativePrice); amount.Given {
			l.parts = append(l.parts, part{kind: kind, name: name, i: -1, Amount: amount})
		}
	})
}

func lowering(name, kind, title string) reading.Field[line] {
	return reading.Named(name, func(r *reading.Reader, l *line) {
		if amount := pricesV0.Read(r, ""); amount.Given {
			l.parts = append(l.parts, part{kind: kind, title: title, lowers: true, name: name, i: -1, Amount: amount})
		}
	})
}

// giftV0 are the fields of what is known of a line's buyer, in the line or in a document of its own.
var giftV0 = []reading.Field[line]{
	reading.Named("BuyerCustomizedInfo", func(r *reading.Reader, l *line) { reading.Object(r, customizedV0, l) }),
	wrapping("GiftWrapPrice", "GIFT_WRAP"),
	wrapping("GiftWrapTax", "TAX"),
	reading.Named("GiftMessageText", func(r *reading.Reader, l *line) { l.message = r.Text() }),
	reading.Named("GiftWrapLevel", func(r *reading.Reader, l *line) { l.wrap = r.Text() }),
}

var giftLineV0 = append([]reading.Field[line]{
	reading.Named("OrderItemId", func(r *reading.Reader, l *line) { l.id = r.Word() }),
}, giftV0...)

func wrapping(name, kind string) reading.Field[line] {
	return reading.Named(name, func(r *reading.Reader, l *line) {
		place := r.Place()
		if amount := pricesV0.Read(r, reading.NegativePrice); amount.Given {
			l.parts = append(l.parts, part{kind: kind, at: place, i: -1, Amount: amount})
		}
	})
}

var customizedV0 = []reading.Field[line]{
	reading.Named("CustomizedURL", func(r *reading.Reader, l *line) { l.customized = r.Text() }),
}

var taxCollectionV0 = []reading.Field[line]{
	reading.Named("Model", func(r *reading.Reader, l *line) { l.collected = r.Text() == "MarketplaceFacilitator" || l.collected }),
}

var cancelV0 = []reading.Field[line]{
	reading.Named("IsBuyerRequestedCancel", func(r *reading.Reader, l *line) { l.cancelAsked = r.FlagOrText() }),
	reading.Named("BuyerCancelReason", func(r *reading.Reader, l *line) { l.cancelReason = r.Text() }),
}

var measureV0 = []reading.Field[measure]{
	reading.Named("Unit", func(r *reading.Reader, m *measure) { m.unit = r.Text() }),
	reading.Named("Value", func(r *reading.Reader, m *measure) { m.value = r.Word() }),
}

var substitutionV0 = []reading.Field[line]{reading.Named("SubstitutionType", substitution)}

var programsV0 = []reading.Field[line]{reading.Named("Programs", linePrograms)}

var constraintsV0 = []reading.Field[line]{
	constraint("PalletDelivery", "only on a pallet"),
	constraint("SignatureConfirmation", "only against a signature"),
	constraint("RecipientIdentityVerification", "only to the recipient in person"),
	constraint("RecipientAgeVerification", "only to somebody of legal age"),
}
