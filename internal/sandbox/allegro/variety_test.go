package allegro

import (
	"encoding/json"
	"strings"
	"testing"
)

// cases are what real orders have been seen to hold, and readers to stumble over.
var cases = map[string]func(checkoutForm, lineItem) bool{
	"zloty":                  func(f checkoutForm, _ lineItem) bool { return f.Summary.TotalToPay.Currency == "PLN" },
	"crowns":                 func(f checkoutForm, _ lineItem) bool { return f.Summary.TotalToPay.Currency == "CZK" },
	"euros":                  func(f checkoutForm, _ lineItem) bool { return f.Summary.TotalToPay.Currency == "EUR" },
	"forints":                func(f checkoutForm, _ lineItem) bool { return f.Summary.TotalToPay.Currency == "HUF" },
	"bought":                 func(f checkoutForm, _ lineItem) bool { return f.Status == "BOUGHT" },
	"filled in, no address":  func(f checkoutForm, _ lineItem) bool { return f.Status == "FILLED_IN" && f.Delivery.Address == nil },
	"cancelled, no delivery": func(f checkoutForm, _ lineItem) bool { return f.Status == "CANCELLED" && f.Delivery == nil },
	"cancelled, no address": func(f checkoutForm, _ lineItem) bool {
		return f.Status == "CANCELLED" && f.Delivery != nil && f.Delivery.Address == nil
	},
	"bought, delivery null": func(f checkoutForm, _ lineItem) bool { return f.Status == "BOUGHT" && f.Delivery == nil },
	"twelve lines":          func(f checkoutForm, _ lineItem) bool { return len(f.LineItems) == 12 },
	"smart for nothing": func(f checkoutForm, _ lineItem) bool {
		return ship(f) && f.Delivery.Smart && f.Delivery.Cost.Amount == "0.00"
	},
	"smart at a cost": func(f checkoutForm, _ lineItem) bool {
		return ship(f) && f.Delivery.Smart && f.Delivery.Cost.Amount == "5.71"
	},
	"locker":  func(f checkoutForm, _ lineItem) bool { return ship(f) && f.Delivery.PickupPoint != nil },
	"courier": func(f checkoutForm, _ lineItem) bool { return ship(f) && f.Delivery.PickupPoint == nil },
	"company invoice": func(f checkoutForm, _ lineItem) bool {
		return f.Invoice.Address != nil && f.Invoice.Address.Company != nil
	},
	"private invoice": func(f checkoutForm, _ lineItem) bool {
		return f.Invoice.Address != nil && f.Invoice.Address.NaturalPerson != nil
	},
	"guest": func(f checkoutForm, _ lineItem) bool { return f.Buyer.Guest },
	"sent to another person": func(f checkoutForm, _ lineItem) bool {
		return ship(f) && f.Delivery.Address.LastName != *f.Buyer.LastName
	},
	"on delivery": func(f checkoutForm, _ lineItem) bool { return f.Payment != nil && f.Payment.Type == "CASH_ON_DELIVERY" },
	"extended term": func(f checkoutForm, _ lineItem) bool {
		return f.Invoice.DueDate != nil && f.Payment.Type == "EXTENDED_TERM"
	},
	"transfer":  func(f checkoutForm, _ lineItem) bool { return f.Payment != nil && f.Payment.Type == "WIRE_TRANSFER" },
	"surcharge": func(f checkoutForm, _ lineItem) bool { return len(f.Surcharges) > 0 },
	"sent by Allegro": func(f checkoutForm, _ lineItem) bool {
		return f.Fulfillment.Provider != nil && f.Fulfillment.Provider.ID == "ALLEGRO"
	},
	"sent in part":       func(f checkoutForm, _ lineItem) bool { return f.Fulfillment.ShipmentSummary.LineItemsSent == "SOME" },
	"picked up":          func(f checkoutForm, _ lineItem) bool { return f.Fulfillment.Status == "PICKED_UP" },
	"booked on delivery": func(f checkoutForm, _ lineItem) bool { return len(f.CodBookedPayments) > 0 },
	"message in Cyrillic": func(f checkoutForm, _ lineItem) bool {
		return f.MessageToSeller != nil && strings.Contains(*f.MessageToSeller, "Пожалуйста")
	},
	"message with emoji": func(f checkoutForm, _ lineItem) bool {
		return f.MessageToSeller != nil && strings.Contains(*f.MessageToSeller, "🎁")
	},
	"message of two lines": func(f checkoutForm, _ lineItem) bool {
		return f.MessageToSeller != nil && strings.Contains(*f.MessageToSeller, "\n")
	},
	"seller's note":           func(f checkoutForm, _ lineItem) bool { return f.Note != nil },
	"amount without decimals": func(_ checkoutForm, l lineItem) bool { return !strings.Contains(l.Price.Amount, ".") },
	"amount with one decimal": func(_ checkoutForm, l lineItem) bool {
		return strings.Index(l.Price.Amount, ".") == len(l.Price.Amount)-2
	},
	"amount with 00":             func(_ checkoutForm, l lineItem) bool { return strings.HasSuffix(l.Price.Amount, ".00") },
	"many pieces":                func(_ checkoutForm, l lineItem) bool { return l.Quantity > 24 },
	"coupon, told by price only": func(_ checkoutForm, l lineItem) bool { return l.Price != l.OriginalPrice && l.Discounts == nil },
	"campaign, price unchanged":  func(_ checkoutForm, l lineItem) bool { return l.Price == l.OriginalPrice && l.Discounts != nil },
	"Allegro pays a part":        func(_ checkoutForm, l lineItem) bool { return l.Reconciliation != nil },
	"deposit on several":         func(_ checkoutForm, l lineItem) bool { return l.Deposit != nil && l.Quantity > 1 },
	"service on several": func(_ checkoutForm, l lineItem) bool {
		return len(l.SelectedAdditionalServices) > 0 && l.SelectedAdditionalServices[0].Quantity > 1
	},
	"product set": func(_ checkoutForm, l lineItem) bool { return l.Offer.ProductSet != nil },
	"no SKU":      func(_ checkoutForm, l lineItem) bool { return l.Offer.External == nil },
	"SKU with zeros in front": func(_ checkoutForm, l lineItem) bool {
		return l.Offer.External != nil && strings.HasPrefix(l.Offer.External.ID, "00")
	},
	"SKU beyond ASCII": func(_ checkoutForm, l lineItem) bool {
		return l.Offer.External != nil && strings.HasPrefix(l.Offer.External.ID, "商品")
	},
	"id beyond 2^53": func(_ checkoutForm, l lineItem) bool { return len(l.Offer.ID) == 19 },
}

func ship(f checkoutForm) bool {
	return f.Status == "READY_FOR_PROCESSING" && f.Delivery.Address != nil
}

func TestEveryCaseOccurs(t *testing.T) {
	missing := map[string]bool{}
	for name := range cases {
		missing[name] = true
	}
	ready := 0
	const orders = 20_000
	for n := range uint64(orders) {
		var form checkoutForm
		if err := json.Unmarshal(Market(11).Order(n, 1).Body, &form); err != nil {
			t.Fatal(err)
		}
		if form.Status == "READY_FOR_PROCESSING" {
			ready++
		}
		for name := range missing {
			for _, line := range form.LineItems {
				if cases[name](form, line) {
					delete(missing, name)
					break
				}
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("never among %d orders: %v", orders, missing)
	}
	if ready < orders*8/10 || ready > orders*95/100 {
		t.Errorf("%d of %d orders are ready, which is not the usual share", ready, orders)
	}
}
