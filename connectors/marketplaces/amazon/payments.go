package amazon

import (
	"slices"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// pay says how the order is paid. What is to be paid on delivery, or on an invoice, is what the total leaves: nobody has paid it yet.
// Acquirers and authorization codes are not carried on.
func (t *translation) pay() {
	for i := range t.payments {
		p := &t.payments[i]
		to := schemas.Payment{Kind: schemas.PaymentOrder, Method: methodOf(p.method), Provider: p.method}
		if to.Method == "" {
			t.warn(reading.UnknownPaymentType, t.paymentAt(i), noMethod)
		}
		if p.amount.Given && p.amount.Currency != t.currency {
			t.warn(reading.PaymentCurrency, t.paymentAt(i), "not the currency of the total")
		}
		if p.amount.Given && to.Method == schemas.MethodOnline {
			to.Paid = &p.amount.Money
		}
		t.order.Payments = append(t.order.Payments, to)
	}
	if len(t.payments) == 0 && t.paidBy != "" {
		t.payInGeneral()
	}
	collects := func(p schemas.Payment) bool { return p.Method == schemas.MethodCashOnDelivery }
	if slices.ContainsFunc(t.lines, func(l line) bool { return l.onDelivery }) && !slices.ContainsFunc(t.order.Payments, collects) {
		t.order.Payments = append(t.order.Payments, schemas.Payment{Kind: schemas.PaymentOrder, Method: schemas.MethodCashOnDelivery})
	}
}

// payInGeneral takes the one method that v0 states of every order, and the details that tell more than "Other".
func (t *translation) payInGeneral() {
	name := t.paidBy
	if name == "Other" && len(t.paidWith) > 0 {
		name = t.paidWith[0]
	}
	to := schemas.Payment{Kind: schemas.PaymentOrder, Method: methodOf(name), Provider: name}
	if to.Method == "" {
		t.warn(reading.UnknownPaymentType, t.at("PaymentMethod"), noMethod)
	}
	t.order.Payments = append(t.order.Payments, to)
}

func (t *translation) paymentAt(i int) string {
	if t.says == &spelling2026 {
		return t.at(reading.At("payment.paymentExecutions[%d]", i))
	}
	return t.at(reading.At("PaymentExecutionDetail[%d]", i))
}

const noMethod = "a way to pay that Amazon's specification does not have"

// methodOf is a way to pay in our words, "" for an unknown one. At a convenience store the buyer pays before anything is shipped.
func methodOf(name string) string {
	switch name {
	case "COD", "CashOnDelivery":
		return schemas.MethodCashOnDelivery
	case "Invoice":
		return schemas.MethodDeferred
	case "CVS", "ConvenienceStore", "CreditCard", "GC", "GiftCertificate", "GiftCard", "PointsAccount", "Pix", "Standard", "Other":
		return schemas.MethodOnline
	}
	return ""
}
