package processors

import (
	"waybill/schemas"
	"waybill/topics"
)

// How far it is with an order that somebody has cancelled at the ERP.
const (
	endedThere = "cancelled" // nothing is said of that yet
	endedTold  = "told"
)

// codeEnded is what is said of an order that people have cancelled at the ERP.
const codeEnded = "cancelled_at_the_erp"

// ended takes down that somebody has cancelled the order at the ERP.
func (r *requesting) ended(cancelled bool) (isNews bool) {
	if !cancelled || r.known.ERPEnded != "" {
		return false
	}
	r.known.ERPEnded = endedThere
	return true
}

// tellEnded tells the channel that nothing will be delivered of an order that was cancelled at the ERP, once; with the reason that the seller has
// settled for that, for each channel has its own. Without one a person says so. What the channel has cancelled itself, or knows as shipped, it is
// not told.
func (r *requesting) tellEnded() error {
	o := r.order
	if r.known.ERPEnded != endedThere || o == nil {
		return nil
	}
	r.known.ERPEnded = endedTold
	if !isToPlace(o) || o.Status == schemas.StatusShipped || schemas.IsSynthetic(o.OrderID) {
		return nil
	}
	terms := r.sources.terms(o.Party).Acceptance
	why := terms.WhyNotRejected
	switch {
	case why != "":
	case terms.ERPCancelReason == "":
		why = "the party has no setting " + SettingERPCancelReason + ": 'waybill reject' tells the channel that nothing will be delivered"
	default:
		call, err := RejectCall(o.Party, o.OrderID, schemas.Accepting{Ref: o.Ref, By: "request", Why: "it was cancelled at the ERP", Reason: terms.ERPCancelReason, Marketplace: o.Marketplace})
		if err != nil {
			return Dead(schemas.ClassInvalid, err)
		}
		r.said = append(r.said, call)
		return nil
	}
	r.said = append(r.said, topics.Message{Topic: topics.Receipts, Key: o.OrderID, Value: &schemas.Receipt{
		TaskID: o.Party + "/" + KindReject + ":" + o.OrderID, Party: o.Party, Kind: KindReject, OrderID: o.OrderID, Outcome: schemas.CallNotAccepted,
		Code: codeEnded, Reason: why, At: r.event.At,
	}})
	return nil
}
