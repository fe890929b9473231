package allegro

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// pay says how the order is paid. Several orders may share one payment, so what was paid may exceed the total (ALL#2829);
// a surcharge is a payment that the buyer added later.
func (t *translation) pay() {
	if t.form.payment.given {
		t.addPayment(&t.form.payment, schemas.PaymentOrder, reading.Place{Path: "$.payment"})
	}
	for i := range t.form.surcharges {
		t.addPayment(&t.form.surcharges[i], schemas.PaymentSurcharge, reading.In("$.surcharges[%d]", i, 0))
	}
}

func (t *translation) addPayment(p *payment, kind string, where reading.Place) {
	to := schemas.Payment{Ref: p.id, Kind: kind, Provider: p.provider, PaidAt: p.finishedAt}
	switch p.kind {
	case "ONLINE":
		to.Method = schemas.MethodOnline
	case "CASH_ON_DELIVERY":
		to.Method = schemas.MethodCashOnDelivery
	case "WIRE_TRANSFER":
		to.Method = schemas.MethodTransfer
	case "SPLIT_PAYMENT":
		to.Method = schemas.MethodSplit
	case "EXTENDED_TERM":
		to.Method = schemas.MethodDeferred
	default:
		t.warn(reading.UnknownPaymentType, where.String()+".type", "a way to pay that Allegro's specification does not have")
	}
	if p.paid.Given {
		paid := p.paid.Money
		to.Paid = &paid
		if p.paid.Currency != t.currency {
			t.warn(reading.PaymentCurrency, where.String()+".paidAmount.currency", "not the currency of the total")
		}
	}
	t.order.Payments = append(t.order.Payments, to)
}
