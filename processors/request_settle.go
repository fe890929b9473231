package processors

import (
	"cmp"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// settle says what a shipment comes to, after something has changed about it or its order.
func (r *requesting) settle(sh *schemas.ShipmentStanding) error {
	switch {
	case sh.State == schemas.ShipmentHandedOver, sh.Told == "": // of the last nothing but a scan was heard
		return nil
	case sh.State == schemas.ShipmentRequested:
		if r.isGone(sh) {
			return nil
		}
		if kept, err := r.isKept(sh); kept || err != nil {
			return err
		}
	case sh.State == schemas.ShipmentRecalled:
		if r.isGone(sh) || !hasEnded(sh) {
			return nil
		}
	}
	return r.ask(sh)
}

// isGone takes note that a shipment has left. One that has no label yet may have left with another, or the word that it is labelled is on
// its way here: what was asked for stays.
func (r *requesting) isGone(sh *schemas.ShipmentStanding) bool {
	if sh.Told != schemas.ERPGone {
		return false
	}
	labelled := isLabelled(sh)
	if labelled {
		r.say(sh, schemas.ShipmentHandedOver, "")
	}
	return labelled || sh.State == schemas.ShipmentRequested
}

// isLabelled tells whether each of its bookings has its labels.
func isLabelled(sh *schemas.ShipmentStanding) bool {
	return len(sh.Parts) > 0 && !slices.ContainsFunc(sh.Parts, func(part string) bool { return part != schemas.ShipmentLabelled })
}

// isKept keeps what was asked for as it is, or recalls it.
func (r *requesting) isKept(sh *schemas.ShipmentStanding) (bool, error) {
	bought := slices.ContainsFunc(sh.Parts, isBought)
	why, content := r.whyNot(sh, bought), contentOf(sh)
	odd, text := "", ""
	if why == "" {
		var err error
		if odd, text, err = r.scanFaultNow(sh); err != nil {
			return false, err
		}
	}
	switch {
	case why != "":
	case odd != "" && !bought:
		why = odd
	case sh.Again:
		why = schemas.HeldAgain
	case sh.Destination != destinationOf(r.order):
		why = schemas.HeldAddressChanged
	case sh.Content == content || bought:
		anew := sh.Content != content
		if anew {
			sh.Content = content
			r.say(sh, schemas.ShipmentKept, schemas.HeldLabelled)
		}
		if r.isScan(sh) || anew && odd == schemas.HeldScanMismatch {
			r.answerScan(sh, odd, text)
		}
		return true, nil
	default:
		why = schemas.HeldPackedAnew
	}
	recalled := r.say(sh, schemas.ShipmentRecalled, why)
	if why == odd {
		recalled.Text = text
	}
	return true, nil
}

// hasEnded tells whether all that was asked for is taken back.
func hasEnded(sh *schemas.ShipmentStanding) bool {
	for _, part := range sh.Parts {
		if part != schemas.ShipmentVoided && part != schemas.ShipmentWithdrawn {
			return false
		}
		sh.Voided = sh.Voided || part == schemas.ShipmentVoided
	}
	return len(sh.Parts) > 0
}

// ask asks for a label, if nothing speaks against it. What was bought and taken back, only a person buys again.
func (r *requesting) ask(sh *schemas.ShipmentStanding) error {
	sh.Lines = nil
	why := r.whyNot(sh, false)
	if why == "" && sh.Voided && !sh.Again {
		why = schemas.HeldVoided
	}
	var lines []schemas.ShipmentLine
	if why == "" {
		lines, why = r.linesFor(sh)
	}
	text := ""
	if why == "" {
		var err error
		if why, text, err = r.scanFault(sh, lines); err != nil {
			return err
		}
	}
	var route Route
	if why == "" {
		route, why = r.route()
	}
	odd := ""
	if why == "" {
		var err error
		if odd, err = r.oddWeight(sh, lines); err != nil {
			return err
		}
	}
	r.missWeight(sh, why == schemas.HeldNoWeight)
	switch {
	case sh.Told == schemas.ERPGone:
		r.say(sh, schemas.ShipmentHandedOver, schemas.HeldLeftWithout)
	case why == schemas.HeldNotReady:
		if sh.State != "" && sh.State != schemas.ShipmentCancelled {
			r.say(sh, schemas.ShipmentCancelled, why)
		}
	case why != "":
		if sh.State != schemas.ShipmentHeld || sh.Reason != why || r.isScan(sh) {
			held := r.say(sh, schemas.ShipmentHeld, why)
			held.Text = cmp.Or(text, held.Text)
		}
	default:
		sh.Generation++
		sh.Again, sh.Voided, sh.Parts, sh.Lines, sh.Carrier = false, false, nil, lines, route.Carrier
		sh.Content, sh.Destination = contentOf(sh), destinationOf(r.order)
		s := r.request(sh, route)
		if odd != "" {
			s.Warnings = []string{odd}
		}
	}
	return nil
}

// request asks for the labels of a shipment as it is packed now.
func (r *requesting) request(sh *schemas.ShipmentStanding, route Route) *schemas.Shipment {
	s := r.say(sh, schemas.ShipmentRequested, "")
	s.Service, s.To, s.Goods = route.Service, personFor(r.order), goodsIn(r.order, sh.Lines)
	if p := r.order.PickupPoint; p != nil {
		s.Point = p.Ref
	}
	return s
}

// say writes down what a shipment has come to.
func (r *requesting) say(sh *schemas.ShipmentStanding, state, why string) *schemas.Shipment {
	party, _, _ := schemas.SplitOrderID(r.event.Key)
	s := &schemas.Shipment{
		ShipmentID: schemas.ShipmentID(r.event.Key, sh.Ref), OrderID: r.event.Key, Party: party, Ref: sh.Ref, Revision: sh.Revision, State: state, Reason: why,
		Text: whys[why], Generation: sh.Generation, Lines: sh.Lines, Carrier: sh.Carrier, Destination: sh.Destination, OrderRef: r.known.OrderRef, At: r.event.At, By: "request", Location: sh.Location,
	}
	for _, p := range sh.Packed {
		s.Parcels = append(s.Parcels, schemas.ShipmentParcel{Ref: p.Ref, Grams: p.Grams, Length: p.Length, Width: p.Width, Height: p.Height})
	}
	if r.order != nil {
		s.ShipBy, s.DeliverBy = r.order.ShipBy, r.order.DeliverBy
	}
	if state != schemas.ShipmentKept {
		sh.State, sh.Reason = state, why
	}
	r.said = append(r.said, topics.Message{Topic: topics.Shipments, Key: r.event.Key, Value: s})
	return s
}

// missWeight says that the weight of a shipment is missing, or that it has come.
func (r *requesting) missWeight(sh *schemas.ShipmentStanding, missing bool) {
	if missing == (sh.MissedSince != nil) {
		return
	}
	party, _, _ := schemas.SplitOrderID(r.event.Key)
	m := &schemas.Missing{OrderID: r.event.Key, Party: party, What: schemas.MissingWeight, State: schemas.StateMissing, Share: 100, At: r.event.At, Reason: "shipment " + sh.Ref}
	if missing {
		sh.MissedSince = new(r.event.At)
	} else {
		m.State = schemas.StateCame
	}
	m.Since, m.Due = *sh.MissedSince, *sh.MissedSince
	if !missing {
		sh.MissedSince = nil
	}
	r.said = append(r.said, topics.Message{Topic: topics.Missing, Key: r.event.Key, Value: m})
}
