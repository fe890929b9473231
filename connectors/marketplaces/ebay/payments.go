package ebay

import (
	"waybill/connectors/reading"
	"waybill/schemas"
)

// methods are the ways to pay (PaymentMethodTypeEnum). At most sites eBay itself takes the money.
var methods = map[string]string{
	"EBAY": schemas.MethodOnline, "CREDIT_CARD": schemas.MethodOnline, "PAYPAL": schemas.MethodOnline, "ESCROW": schemas.MethodOnline,
	"INTEGRATED_MERCHANT_CREDIT_CARD": schemas.MethodOnline, "EFT": schemas.MethodTransfer, "CASHIER_CHECK": schemas.MethodTransfer,
	"PERSONAL_CHECK": schemas.MethodTransfer, "MONEY_ORDER": schemas.MethodTransfer, "MONEY_TRANSFER": schemas.MethodTransfer,
	"CASH_ON_DELIVERY": schemas.MethodCashOnDelivery, "CASH_ON_PICKUP": schemas.MethodCashOnDelivery, "OTHER": schemas.MethodOnline,
}

// pay says how the order is paid. What eBay states is what the seller gets of it, often in another currency and less its fee: so of one
// payment the total is what was paid, and of several only what is in the order's currency is told.
func (f *form) pay(found *reading.Findings) {
	for i := range f.payments {
		p := &f.payments[i]
		at := reading.At("$.paymentSummary.payments[%d]", i)
		p.Kind, p.Method = schemas.PaymentOrder, methods[p.Provider]
		if p.Method == "" && p.Provider != "" {
			reading.Warn(&f.Order, reading.UnknownPaymentType, at+".paymentMethod", "a way to pay that eBay's specification does not have")
		}
		if p.held {
			reading.Warn(&f.Order, reading.PaymentHeld, at+".paymentHolds", "eBay keeps the seller's money for now; the goods are to be shipped all the same")
		}
		switch in := p.amount.currency == f.Total.Currency || p.amount.beforeIn == f.Total.Currency; {
		case p.status != "PAID":
		case len(f.payments) == 1:
			p.Paid = new(f.Total)
		case in && p.amount.given:
			p.Paid = new(f.in(p.amount, found, reading.Place{Path: at + ".amount"}, ""))
		case p.amount.given:
			reading.Warn(&f.Order, reading.PaymentCurrency, at+".amount", "not in the currency of the total")
		}
		f.Payments = append(f.Payments, p.Payment)
	}
}

// payBack says how much was paid back of the total. A refund of a line counts unless the order has it too (LineItemRefund: refundId); one that is
// pending or failed has paid nothing.
func (f *form) payBack() {
	var back []reading.Refund
	known := map[string]bool{}
	for i := range f.refunds {
		known[f.refunds[i].id] = true
		if f.refunds[i].status == "REFUNDED" {
			back = append(back, f.refunds[i].in(f.Total.Currency))
		}
	}
	for i := range f.lines {
		for j := range f.lines[i].refunds {
			if r := &f.lines[i].refunds[j]; r.at != nil && !known[r.id] {
				back = append(back, r.in(f.Total.Currency))
			}
		}
	}
	reading.PayBack(&f.Order, f.Total, back, reading.RefundedTooMuch, "$.paymentSummary.refunds")
}
