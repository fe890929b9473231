package processors

import (
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// legsMax bounds under how many more numbers a parcel goes on.
const legsMax = 4

// goesOn has what is said under another number counted for this parcel, if its carrier says that it goes on under it: its label for the way
// back, or the number of a carrier who brings it for the last mile (item 115). Everybody else knows the parcel by the first number alone.
func (t *tracking) goesOn(life *schemas.ParcelLife, raw *schemas.RawTracking, leg string) error {
	if leg == "" || sameNumber(leg, t.number()) || isLeg(life, leg) || len(life.Legs) >= legsMax {
		return nil
	}
	life.Legs = append(life.Legs, leg)
	body, err := schemas.Decision{Decision: schemas.DecisionLeg, ShipmentID: life.ShipmentID, Of: t.number()}.Body()
	if err != nil {
		return fmt.Errorf("write down that parcel %s goes on as %s: %w", t.number(), leg, err)
	}
	t.said = append(t.said, topics.Message{Topic: topics.StepTrack, Key: schemas.LinkKey(t.party(), schemas.LinkTracking, leg), Value: &schemas.RawTracking{
		Party: t.party(), Carrier: raw.Carrier, Number: leg, Origin: schemas.OriginManual, ReceivedAt: raw.ReceivedAt, Proven: true,
		ContentType: schemas.DecisionType, Body: body,
	}})
	return nil
}

func isLeg(life *schemas.ParcelLife, number string) bool {
	return slices.ContainsFunc(life.Legs, func(leg string) bool { return sameNumber(leg, number) })
}

// leg is that this number is another of a parcel that has one: what was said under it counts there.
func (t *tracking) leg(d *schemas.Decision) error {
	orderID, _, is := schemas.SplitShipmentID(d.ShipmentID)
	if !is || t.last() != nil {
		return nil // it is a parcel of ours by itself, or known as one's leg
	}
	t.known.Lives = append(t.known.Lives, schemas.ParcelLife{OrderID: orderID, ShipmentID: d.ShipmentID, Since: t.event.At, LegOf: d.Of})
	return t.takeEarly()
}

// sendOn hands what was said to the parcel whose other number this is.
func (t *tracking) sendOn(raw *schemas.RawTracking, of string) {
	on := *raw
	t.said = append(t.said, topics.Message{Topic: topics.StepTrack, Key: schemas.LinkKey(t.party(), schemas.LinkTracking, of), Value: &on})
}
