package amazon

import "waybill/connectors/reading"

// The documents of v0 that tell of an order beside getOrder. Each has the order's reference.

var ownID = reading.Named("AmazonOrderId", func(r *reading.Reader, s *sale) {
	place := r.Place()
	if id := r.Word(); id != "" {
		s.ids = append(s.ids, reference{place, id})
	}
})

var itemsV0 = []reading.Field[sale]{
	ownID,
	reading.Named("OrderItems", func(r *reading.Reader, s *sale) {
		s.lines = reading.List(r, lineV0, linesMax, reading.TooManyLines)
	}),
	reading.Named("NextToken", func(r *reading.Reader, s *sale) { s.more = r.Text() != "" }),
}

var addressPart = []reading.Field[sale]{
	ownID,
	reading.Named("ShippingAddress", func(r *reading.Reader, s *sale) { s.addressPart.read(r, addressV0) }),
	reading.Named("BuyerCompanyName", func(r *reading.Reader, s *sale) { s.customerPart.company = open(r) }),
	reading.Named("DeliveryPreferences", func(r *reading.Reader, s *sale) { reading.Object(r, preferenceV0, &s.preference) }),
}

var buyerPart = append([]reading.Field[sale]{ownID}, reading.Within(buyerV0, func(s *sale) *customer { return &s.customerPart })...)

var giftsPart = []reading.Field[sale]{
	ownID,
	reading.Named("OrderItems", func(r *reading.Reader, s *sale) {
		s.gifts = reading.List(r, giftLineV0, linesMax, reading.TooManyLines)
	}),
	reading.Named("NextToken", func(r *reading.Reader, s *sale) { s.moreGifts = r.Text() != "" }),
}

var regulatedPart = []reading.Field[sale]{
	ownID,
	reading.Named("RegulatedInformation", func(r *reading.Reader, s *sale) { reading.Object(r, regulatedInformation, s) }),
	reading.Named("RequiresDosageLabel", func(r *reading.Reader, s *sale) { s.drop(r, "a label with the dosage goes with it") }),
	reading.Named("RegulatedOrderVerificationStatus", func(r *reading.Reader, s *sale) { reading.Object(r, verification, s) }),
}

var regulatedInformation = []reading.Field[sale]{
	reading.Named("Fields", func(r *reading.Reader, s *sale) { s.drop(r, "what the buyer stated of regulated goods") }),
}

var verification = []reading.Field[sale]{
	reading.Named("Status", func(r *reading.Reader, s *sale) {
		place := r.Place()
		switch r.Text() {
		case "":
		case "Approved":
			s.approved = true
		default:
			s.regulatedAt = place
		}
	}),
}
