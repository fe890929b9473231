package amazon

import "waybill/connectors/reading"

// How a line is picked, packed and shipped.

var lineFulfillment2026 = []reading.Field[line]{
	reading.Named("quantityFulfilled", func(r *reading.Reader, l *line) {
		l.shipped, l.fulfilled = r.Whole(0, quantityMax, reading.BadQuantity), true
	}),
	reading.Named("quantityUnfulfilled", func(r *reading.Reader, l *line) {
		l.open, l.left = r.Whole(0, quantityMax, reading.BadQuantity), true
	}),
	reading.Named("picking", func(r *reading.Reader, l *line) { reading.Object(r, picking2026, l) }),
	reading.Named("packing", func(r *reading.Reader, l *line) { reading.Object(r, packing2026, l) }),
	reading.Named("shipping", func(r *reading.Reader, l *line) { reading.Object(r, shipping2026, l) }),
}

var picking2026 = []reading.Field[line]{
	reading.Named("substitutionPreference", func(r *reading.Reader, l *line) { reading.Object(r, substitution2026, l) }),
}

var substitution2026 = []reading.Field[line]{reading.Named("substitutionType", substitution)}

var packing2026 = []reading.Field[line]{
	reading.Named("giftOption", func(r *reading.Reader, l *line) { l.gift = reading.Object(r, gift2026, l) }),
	reading.Named("serialNumberRequirement", func(r *reading.Reader, l *line) { reading.Object(r, serials2026, l) }),
}

var gift2026 = []reading.Field[line]{
	reading.Named("giftMessage", func(r *reading.Reader, l *line) { l.message = r.Text() }),
	reading.Named("giftWrapLevel", func(r *reading.Reader, l *line) { l.wrap = r.Text() }),
}

var serials2026 = []reading.Field[line]{
	reading.Named("requirementType", func(r *reading.Reader, l *line) { l.drop(r, "the serial number of each piece is to be told to Amazon") }),
}

var shipping2026 = []reading.Field[line]{
	reading.Named("scheduledDeliveryWindow", func(r *reading.Reader, l *line) { reading.Object(r, window2026, &l.window) }),
	reading.Named("shippingConstraints", func(r *reading.Reader, l *line) { reading.Object(r, constraints2026, l) }),
	reading.Named("internationalShipping", func(r *reading.Reader, l *line) { reading.Object(r, international2026, l) }),
}

var constraints2026 = []reading.Field[line]{
	reading.Named("cashOnDelivery", func(r *reading.Reader, l *line) { l.onDelivery = r.Text() != "" }),
	constraint("palletDelivery", "only on a pallet"),
	constraint("signatureConfirmation", "only against a signature"),
	constraint("recipientIdentityVerification", "only to the recipient in person"),
	constraint("recipientAgeVerification", "only to somebody of legal age"),
}

var international2026 = []reading.Field[line]{
	reading.Named("iossNumber", func(r *reading.Reader, l *line) { l.ioss = r.Word() }),
}
