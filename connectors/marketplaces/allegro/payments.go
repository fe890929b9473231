package allegro

import "waybill/schemas"

// pay says how the order is paid. Several orders may share one payment, so what was paid may exceed the total (ALL#2829);
// a surcharge is a payment that the buyer added later.
func (t *translation) pay() {
	if t.form.payment.given {
		t.addPayment(&t.form.payment, schemas.PaymentOrder, place{path: "$.payment"})
	}
	for i := range t.form.surcharges {
		t.addPayment(&t.form.surcharges[i], schemas.PaymentSurcharge, place{"$.surcharges[%d]", i, 0})
	}
}

func (t *translation) addPayment(p *payment, kind string, where place) {
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
		t.warn(unknownPaymentType, where.String()+".type", "a way to pay that Allegro's specification does not have")
	}
	if p.paid.given {
		paid := p.paid.Money
		to.Paid = &paid
		if p.paid.Currency != t.currency {
			t.warn(paymentCurrency, where.String()+".paidAmount.currency", "not the currency of the total")
		}
	}
	t.order.Payments = append(t.order.Payments, to)
}
