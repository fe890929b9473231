package kaufland

import (
	"slices"
	"strings"
	"testing"
)

// cases are what real orders hold by the specification and by what was seen, and readers stumble over.
var cases = map[string]func(view, unitView) bool{
	"euros in Germany":  func(v view, u unitView) bool { return v.Data.Storefront == "de" && u.Currency == "EUR" },
	"euros in Slovakia": func(v view, u unitView) bool { return v.Data.Storefront == "sk" && u.Currency == "EUR" },
	"crowns": func(v view, u unitView) bool {
		return v.Data.Storefront == "cz" && u.Currency == "CZK" && u.Price%100 == 0
	},
	"crowns and haléř": func(v view, u unitView) bool { return u.Currency == "CZK" && u.Price%100 != 0 },
	"zloty":            func(v view, u unitView) bool { return v.Data.Storefront == "pl" && u.Currency == "PLN" },
	"Austria, France and Italy": func(v view, _ unitView) bool {
		return slices.Contains([]string{"at", "fr", "it"}, v.Data.Storefront)
	},
	"storefront in capitals": func(v view, _ unitView) bool { return v.Data.Storefront == "DE" },
	"deemed supplier":        func(v view, _ unitView) bool { return v.Data.Deemed == true },
	"deemed, as a text":      func(v view, _ unitView) bool { return v.Data.Deemed == "true" },
	"not deemed, as a text":  func(v view, _ unitView) bool { return v.Data.Deemed == "false" },
	"open, all hidden": func(v view, u unitView) bool {
		return u.Status == "open" && v.Data.ShipTo == nil && v.Data.Buyer == nil
	},
	"open, buyer told":  func(v view, u unitView) bool { return u.Status == "open" && v.Data.Buyer != nil },
	"sent in part":      func(v view, u unitView) bool { return u.Status == "sent" && holds(v, "need_to_be_sent") },
	"cancelled in part": func(v view, u unitView) bool { return u.Status == "cancelled" && holds(v, "need_to_be_sent") },
	"cancelled, hidden": func(v view, u unitView) bool { return u.Status == "cancelled" && v.Data.ShipTo == nil },
	"cancelled, told": func(v view, u unitView) bool {
		return u.Status == "cancelled" && v.Data.ShipTo != nil && !holds(v, "need_to_be_sent")
	},
	"received":               func(_ view, u unitView) bool { return u.Status == "received" },
	"paid by itself":         func(_ view, u unitView) bool { return u.Status == "sent_and_autopaid" },
	"sent by Kaufland":       func(v view, _ unitView) bool { return v.Data.FulfillmentType == "fulfilled_by_kaufland" },
	"six pieces of an offer": func(v view, u unitView) bool { return pieces(v, u) == 6 },
	"twenty pieces":          func(v view, u unitView) bool { return pieces(v, u) == 20 },
	"pieces of one offer apart": func(v view, u unitView) bool {
		units := v.Data.Units
		return len(units) > 2 && same(units[0], u) && same(units[len(units)-1], u) && !same(units[1], u)
	},
	"two prices of an offer": func(v view, u unitView) bool { return u.Price != v.Data.Units[0].Price && same(v.Data.Units[0], u) },
	"postage for the first": func(v view, u unitView) bool {
		return u.Shipping == 0 && same(v.Data.Units[0], u) && v.Data.Units[0].Shipping > 0
	},
	"postage for each": func(v view, u unitView) bool {
		return u.Shipping > 0 && pieces(v, u) > 1 && v.Data.Units[1].Shipping == u.Shipping
	},
	"no offer number":           func(_ view, u unitView) bool { return u.Offer == nil && u.Product != nil },
	"no product":                func(_ view, u unitView) bool { return u.Offer != nil && u.Product == nil },
	"offer with zeros in front": func(_ view, u unitView) bool { return u.Offer != nil && strings.HasPrefix(*u.Offer, "00") },
	"offer beyond ASCII":        func(_ view, u unitView) bool { return u.Offer != nil && strings.HasPrefix(*u.Offer, "GRÖSSE") },
	"no EAN":                    func(_ view, u unitView) bool { return u.Product != nil && len(u.Product.EANs) == 0 },
	"many EANs":                 func(_ view, u unitView) bool { return u.Product != nil && len(u.Product.EANs) > 3 },
	"no VAT told":               func(_ view, u unitView) bool { return u.VAT == nil },
	"VAT of 5.5":                func(_ view, u unitView) bool { return u.VAT != nil && u.VAT.String() == "5.5" },
	"VAT of 19.0":               func(_ view, u unitView) bool { return u.VAT != nil && u.VAT.String() == "19.0" },
	"no date to send by":        func(_ view, u unitView) bool { return u.Expires == nil },
	"tickets null":              func(_ view, u unitView) bool { return u.Tickets == nil },
	"note":                      func(_ view, u unitView) bool { return u.Note != nil && strings.Contains(*u.Note, "🎁") },
	"fields of the list":        func(v view, _ unitView) bool { return v.Data.UnitsUpdated != "" && v.Data.Count != nil },
	"fields of the detail":      func(v view, _ unitView) bool { return v.Data.UnitsUpdated == "" && v.Data.Count == nil },
	"sent to another": func(v view, _ unitView) bool {
		return v.Data.ShipTo != nil && told(v.Data.ShipTo, "last_name") != told(v.Data.BillTo, "last_name")
	},
	"company": func(v view, _ unitView) bool { return told(v.Data.ShipTo, "company_name") != "" },
	"no house number": func(v view, _ unitView) bool {
		return v.Data.ShipTo != nil && told(v.Data.ShipTo, "house_number") == ""
	},
	"no phone":   func(v view, _ unitView) bool { return v.Data.ShipTo != nil && v.Data.ShipTo["phone"] == nil },
	"no e-mail":  func(v view, _ unitView) bool { return v.Data.Buyer != nil && v.Data.Buyer.Email == nil },
	"no pick-up": func(v view, _ unitView) bool { return v.Data.Delivery != nil && v.Data.Delivery.Point == nil },
	"Packstation": func(v view, _ unitView) bool {
		return v.Data.Delivery != nil && told(v.Data.Delivery.Point, "dhl_post_number") != "" && told(v.Data.ShipTo, "street") == "Packstation"
	},
	"DHL without a post number": func(v view, _ unitView) bool {
		return v.Data.Delivery != nil && told(v.Data.Delivery.Point, "provider") == "DHL" && v.Data.Delivery.Point["dhl_post_number"] == nil
	},
	"InPost": func(v view, _ unitView) bool {
		return v.Data.Delivery != nil && told(v.Data.Delivery.Point, "services") == "inpost_locker_standard"
	},
	"invoice": func(v view, _ unitView) bool { return len(v.Data.Invoices) > 0 },
}

// later are cases that only come with a change.
var later = map[string]func(view, unitView) bool{
	"returned":            func(_ view, u unitView) bool { return u.Status == "returned" },
	"returned and paid":   func(_ view, u unitView) bool { return u.Status == "returned_paid" },
	"a ticket":            func(_ view, u unitView) bool { return len(u.Tickets) > 0 },
	"one unit came later": func(v view, u unitView) bool { return u.Updated != v.Data.Units[0].Updated },
}

func holds(v view, status string) bool {
	return slices.ContainsFunc(v.Data.Units, func(u unitView) bool { return u.Status == status })
}

func same(a, b unitView) bool {
	return a.ID != b.ID && a.Offer != nil && b.Offer != nil && *a.Offer == *b.Offer
}

func pieces(v view, u unitView) (n int) {
	for _, other := range v.Data.Units {
		if other.ID == u.ID || same(other, u) {
			n++
		}
	}
	return n
}

func told(in map[string]*string, field string) string {
	if in[field] == nil {
		return ""
	}
	return *in[field]
}

func TestEveryCaseOccurs(t *testing.T) {
	const orders = 10_000
	ready := hunt(t, cases, orders, 1)
	hunt(t, later, orders/4, 5)
	if ready < orders*6/10 || ready > orders*9/10 {
		t.Errorf("%d of %d orders are to be sent, which is not the usual share", ready, orders)
	}
}

// hunt looks for the cases among the orders at a version, and counts those that are ready.
func hunt(t *testing.T, cases map[string]func(view, unitView) bool, orders uint64, version int) (ready uint64) {
	t.Helper()
	missing := map[string]bool{}
	for name := range cases {
		missing[name] = true
	}
	for n := range orders {
		v := look(t, Market(11).Order(n, version).Body)
		if holds(v, "need_to_be_sent") {
			ready++
		}
		for name := range missing {
			if slices.ContainsFunc(v.Data.Units, func(u unitView) bool { return cases[name](v, u) }) {
				delete(missing, name)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("never among %d orders: %v", orders, missing)
	}
	return ready
}
