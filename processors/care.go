package processors

import (
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Care has a person look after each parcel that is in trouble, once for each kind of it: an entry of the trash says what is wrong and what can be
// done. It is closed when somebody has done it, or when the parcels of the order have come to their end without (item 111). A parcel that
// is expected later than its buyer was promised is in trouble before that is so (item 112).
func Care(s Sources) Processor {
	return Processor{
		Name:     "care",
		Reads:    []*topics.Topic{topics.TrackingEvents, topics.Shipments},
		Back:     topics.StepCare,
		Table:    topics.TableCare,
		State:    schemas.OrderCareSchema,
		Snapshot: true, // one entry an order: the last says what is wrong with all its parcels
		Handle: func(event *topics.Event, state any) (Result, error) {
			known := state.(*schemas.OrderCare)
			switch value := event.Value.(type) {
			case *schemas.Shipment:
				if value.DeliverBy == nil || known.DeliverBy != nil && *known.DeliverBy == *value.DeliverBy {
					return Result{Repeat: true}, nil
				}
				known.DeliverBy = value.DeliverBy
				return Result{Partial: true}, nil
			case *schemas.ParcelEvent:
				return care(known, value, s.terms(value.Party).Watch.Care)
			}
			return Result{}, Dead(schemas.ClassMalformed, fmt.Errorf("care got a %T", event.Value))
		},
	}
}

// care takes down what an event says of a parcel, and fails where a person should look at it.
func care(known *schemas.OrderCare, e *schemas.ParcelEvent, cared []string) (Result, error) {
	at := slices.IndexFunc(known.Parcels, func(p schemas.CaredParcel) bool { return p.Party == e.Party && p.Number == e.Number })
	var told []string
	if at >= 0 {
		told = known.Parcels[at].Troubles
	}
	news := troublesOf(e, known.DeliverBy, cared, told)
	switch {
	case at < 0 && news == nil:
		return Result{Repeat: true}, nil // as most parcels: nothing is remembered of it
	case at < 0:
		known.Parcels = append(known.Parcels, schemas.CaredParcel{Party: e.Party, Number: e.Number})
		at = len(known.Parcels) - 1
	}
	p := &known.Parcels[at]
	wasEnded := p.Ended
	p.Troubles, p.Ended = append(p.Troubles, news...), e.Ended
	if news == nil {
		return Result{Repeat: wasEnded == p.Ended, Partial: slices.ContainsFunc(known.Parcels, func(p schemas.CaredParcel) bool { return !p.Ended })}, nil
	}
	return Result{}, Dead(schemas.ClassTrouble, wrongWith(known, e))
}

// troublesOf are those of an event that nobody was told of. A parcel at its end is in none.
func troublesOf(e *schemas.ParcelEvent, deliverBy *schemas.Millis, cared, told []string) (news []string) {
	add := func(trouble string) {
		if slices.Contains(cared, trouble) && !slices.Contains(told, trouble) {
			news = append(news, trouble)
		}
	}
	if e.Ended {
		return nil
	}
	add(e.Trouble)
	if e.ExpectedAt != nil && deliverBy != nil && *e.ExpectedAt > *deliverBy {
		add(schemas.TroublePromise)
	}
	return news
}

// wrongWith is all that is wrong with the parcels of an order that are not at their end.
func wrongWith(known *schemas.OrderCare, e *schemas.ParcelEvent) error {
	var faults schemas.Faults
	for i := range known.Parcels {
		p := &known.Parcels[i]
		for _, trouble := range slices.Backward(p.Troubles) { // the last first
			if !p.Ended {
				faults.Add(trouble, p.Party+" "+p.Number, "%s", advice[trouble])
			}
		}
	}
	return fmt.Errorf("a parcel is in trouble, 'waybill track %s' shows it; dismiss this when it is done: %w", e.ShipmentID, faults)
}

// advice is what a person can do about a trouble.
var advice = map[string]string{
	schemas.TroubleLate:         "it is late: tell the buyer",
	schemas.TroublePromise:      "it is expected after the day that its buyer was promised: tell the buyer before, and offer another way or the money",
	schemas.TroubleHeld:         "its carrier does not go on with it: ask the carrier what it waits for",
	schemas.TroubleAttempt:      "it could not be delivered: its carrier tries again, or brings it to a shop",
	schemas.TroubleAddress:      "its address is wrong: ask the buyer, and give the carrier the right one before it comes back",
	schemas.TroubleRefused:      "its buyer does not take it: ask why, and expect it back",
	schemas.TroubleNotCollected: "nobody has collected it: tell the buyer, and expect it back",
	schemas.TroubleCustoms:      "it waits at the customs: send the carrier the papers or the duties that are missing",
	schemas.TroubleDamaged:      "it is damaged: make a claim to the carrier, and offer the buyer another or the money",
	schemas.TroubleLost:         "it is lost or destroyed: make a claim to the carrier, offer the buyer another or the money, and give it up by 'waybill track --abandon'",
	schemas.TroubleReturning:    "it is on its way back: ask the buyer for an address to send it to again, or give the money back",
}
