package direct

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// pay says how the order is paid. What was paid may be in another currency than the order, and says so.
func (t *translation) pay() {
	for i := range t.form.payments {
		p := &t.form.payments[i]
		to := schemas.Payment{Ref: p.ref, Kind: otherwise(p.kind, schemas.PaymentOrder), Method: p.method, Provider: p.provider, PaidAt: p.paidAt}
		if !one(to.Kind, schemas.PaymentOrder, schemas.PaymentSurcharge) {
			t.found.Add(reading.UnknownMethod, reading.At("$.payments[%d].kind", i), "neither payment nor surcharge")
		}
		if p.method != "" && !one(p.method, methods...) {
			t.found.Add(reading.UnknownMethod, reading.At("$.payments[%d].method", i),
				"neither online, cash_on_delivery, transfer, split nor deferred; at a till, leave it out")
		}
		if p.paid != "" {
			currency := t.payCurrency(i, p)
			to.Paid = new(t.found.Money(p.paid, currency, reading.In("$.payments[%d].paid", i, 0), ""))
		}
		t.order.Payments = append(t.order.Payments, to)
	}
}

var methods = []string{
	schemas.MethodOnline, schemas.MethodCashOnDelivery, schemas.MethodTransfer, schemas.MethodSplit, schemas.MethodDeferred,
}

func (t *translation) payCurrency(i int, p *payment) string {
	if p.currency == "" || p.currency == t.form.currency {
		return t.form.currency
	}
	if _, known := schemas.Exponent(p.currency); !known {
		t.found.Add(reading.UnknownCurrency, reading.At("$.payments[%d].currency", i), "no currency of ISO 4217, in capitals")
	} else {
		reading.Warn(t.order, reading.PaymentCurrency, reading.At("$.payments[%d].currency", i), "not the currency of the order")
	}
	return p.currency
}
