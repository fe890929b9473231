package processors

import "waybill/schemas"

// keepPeople puts back what the channel told before and hides now: Kaufland has no address while an order is open, Amazon takes
// names and streets out of what is older. An address is never overwritten by nothing. kept is where it did.
func keepPeople(order *schemas.Order, known *schemas.OrderVersions) (kept []string) {
	for _, p := range []struct {
		what string
		now  **schemas.Person
		was  *schemas.Person
	}{
		{"ship_to", &order.ShipTo, known.ShipTo}, {"bill_to", &order.BillTo, known.BillTo}, {"buyer", &order.Buyer, known.Buyer},
	} {
		if hides(*p.now, p.was) {
			*p.now = p.was
			kept = append(kept, p.what)
		}
	}
	return kept
}

// hides tells an address with less in it than is known of the same place from one of another place.
func hides(now, was *schemas.Person) bool {
	switch {
	case was == nil:
		return false
	case now == nil:
		return true
	}
	return now.Name == "" && now.Company == "" && now.Street == "" && (was.Name != "" || was.Company != "" || was.Street != "") &&
		isOr(now.PostalCode, was.PostalCode) && isOr(now.City, was.City) && isOr(now.Country, was.Country)
}

func isOr(now, was string) bool { return now == "" || now == was }

// warnKept says so on the order, after it was compared: what is hidden is no news.
func warnKept(order *schemas.Order, kept []string) {
	for _, what := range kept {
		(*schemas.Faults)(&order.Warnings).Add("address_kept", "$", "the channel hides %s now; what it told before stands", what)
	}
}
