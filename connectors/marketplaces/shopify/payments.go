package shopify

import (
	"cmp"
	"strings"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// isOnDelivery tells a gateway by which the buyer pays at the door (Shopify's manual payment methods have names, not codes).
func isOnDelivery(gateway string) bool {
	name := strings.ToLower(gateway)
	return strings.Contains(name, "cash on delivery") || strings.Contains(name, "cash_on_delivery") || strings.Contains(name, "(cod)") || name == "cod"
}

// pay says how the order is paid: by each of the gateways. How much by which of several, only its transactions say, which a webhook lacks.
func (f *form) pay() {
	for _, gateway := range f.gateways {
		if gateway == "" {
			continue
		}
		p := schemas.Payment{Kind: schemas.PaymentOrder, Method: f.methodOf(gateway), Provider: gateway}
		if len(f.gateways) == 1 && f.financial == "paid" && f.removed == 0 {
			p.Paid = new(f.Total)
		}
		f.Payments = append(f.Payments, p)
	}
	if len(f.Payments) == 0 && isLater(f.terms) {
		f.Payments = []schemas.Payment{{Kind: schemas.PaymentOrder, Method: schemas.MethodDeferred}}
	}
}

func (f *form) methodOf(gateway string) string {
	switch name := strings.ToLower(gateway); {
	case isOnDelivery(gateway):
		return schemas.MethodCashOnDelivery
	case strings.Contains(name, "bank") || strings.Contains(name, "transfer") || strings.Contains(name, "money order") || name == "manual" && !isLater(f.terms):
		return schemas.MethodTransfer
	case isLater(f.terms):
		return schemas.MethodDeferred
	}
	return schemas.MethodOnline
}

// payBack says how much was paid back of what all that was bought cost (total_price is that before returns). A refund that is pending or failed
// has paid nothing.
func (f *form) payBack() {
	var back []reading.Refund
	for i := range f.refunds {
		for _, t := range f.refunds[i].transactions {
			if t.kind == "refund" && t.status == "success" {
				back = append(back, reading.Refund{Amount: t.amount, Currency: cmp.Or(t.currency, f.booked)})
			}
		}
	}
	reading.PayBack(&f.Order, f.bought, back, reading.RefundedTooMuch, "$.refunds")
}
