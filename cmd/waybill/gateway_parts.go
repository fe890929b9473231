package main

import (
	"waybill/processors"
	"waybill/schemas"
)

// What calls have in common, and may fail by while the others go (N15): the widest first, each with the word by which 'waybill trash causes' knows
// it too. The account of a call is not among them where the whole gateway is that account's.

// partsLinesMax bounds how many articles of an order can be to blame.
const partsLinesMax = 20

// partsOfERP are those of a call at the ERP of that kind.
func partsOfERP(kind string) func(*schemas.Task) []string {
	return func(task *schemas.Task) []string {
		if kind == processors.KindTracking {
			t, err := schemas.ParseTracking(task.Payload)
			if err != nil {
				return nil
			}
			party, _, _ := schemas.SplitOrderID(task.OrderID)
			return partsNamed("account", party, "carrier", t.Carrier)
		}
		placing, err := schemas.ParsePlacing(task.Payload)
		if err != nil {
			return nil
		}
		o := &placing.Order
		parts := partsNamed("account", o.Party, "storefront", o.Marketplace)
		if kind == processors.KindCustomer {
			return append(parts, partsNamed("country", placing.Customer.Country)...)
		}
		for i := range o.Lines[:min(partsLinesMax, len(o.Lines))] {
			parts = append(parts, partsNamed("article", o.Lines[i].SKU)...)
		}
		return parts
	}
}

// partsOfAcceptance are those of a call that tells a channel what becomes of an order.
func partsOfAcceptance(task *schemas.Task) []string {
	a, err := schemas.ParseAccepting(task.Payload)
	if err != nil {
		return nil
	}
	return partsNamed("storefront", a.Marketplace)
}

// partsOfShipping are those of a call that tells a channel that a parcel has left: many know no carrier but their own.
func partsOfShipping(task *schemas.Task) []string {
	s, err := schemas.ParseShipping(task.Payload)
	if err != nil {
		return nil
	}
	return partsNamed("carrier", s.Carrier, "service", s.Service)
}

// partsOfStanding are those of a call that tells a channel how a parcel stands.
func partsOfStanding(task *schemas.Task) []string {
	s, err := schemas.ParseStanding(task.Payload)
	if err != nil {
		return nil
	}
	return partsNamed("carrier", s.Carrier, "word", s.Word)
}

// partsOfCarriage are those of a call about a booking. A carrier that takes a service nowhere but to one country fails in both together.
func partsOfCarriage(task *schemas.Task) []string {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil
	}
	service, country := c.Booking.Service, c.Booking.To.Country
	parts := partsNamed("service", service, "country", country)
	if service != "" && country != "" {
		parts = append(parts, partsNamed("route", service+" to "+country)...)
	}
	return parts
}

// partsNamed are the words with their values, but for those that are empty.
func partsNamed(wordsAndValues ...string) (parts []string) {
	for i := 0; i+1 < len(wordsAndValues); i += 2 {
		if word, value := wordsAndValues[i], wordsAndValues[i+1]; value != "" {
			parts = append(parts, word+" "+value)
		}
	}
	return parts
}
