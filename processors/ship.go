package processors

import (
	"fmt"

	"waybill/schemas"
	"waybill/topics"
)

// KindShip is the call that tells a channel that a parcel is on its way.
const KindShip = "ship"

// shipCalls tell the channel of the parcels of a part, one by one, if it wants to hear of any. The number of the parcel is the same in each
// generation, so a replaced one takes the place of the first.
func (s *Sources) shipCalls(shipment *schemas.Shipment, first int64) (calls []topics.Message, err error) {
	outbox := topics.Named(topics.OutboxName(shipment.Party))
	if outbox == nil || !s.terms(shipment.Party).Ships {
		return nil, nil
	}
	_, ref, _ := schemas.SplitOrderID(shipment.OrderID)
	carrier := shipment.Carrier
	if c := s.terms(shipment.Carrier).Carriage; c != nil {
		carrier = c.Carrier
	}
	var all []schemas.ShippedLine
	for _, l := range shipment.Lines {
		all = append(all, schemas.ShippedLine{LineRef: l.LineRef, UnitRefs: l.UnitRefs, Quantity: l.Quantity})
	}
	lines := share(all, shipment.Part-1, max(1, shipment.Parts))
	for i, p := range shipment.Parcels {
		in := share(lines, int64(i), int64(len(shipment.Parcels)))
		if in == nil {
			continue
		}
		payload, err := schemas.Shipping{
			Ref: ref, Parcel: first + int64(i), Lines: in, Carrier: carrier, Service: shipment.Service, Number: p.Number, At: shipment.At, Due: shipment.ShipBy,
		}.Body()
		if err != nil {
			return nil, fmt.Errorf("write down what %s is to hear of parcel %s: %w", shipment.Party, p.Number, err)
		}
		parcel := fmt.Sprintf("%s:%s.%d.%d", KindShip, shipment.ShipmentID, shipment.Part, i+1)
		task := &schemas.Task{
			TaskID: fmt.Sprintf("%s/%s@%d", shipment.Party, parcel, shipment.Generation), Party: shipment.Party, Kind: KindShip, OrderID: shipment.OrderID,
			Lane: parcel, Sequence: shipment.Generation, Deadline: shipment.ShipBy, Payload: payload, Holds: []string{parcelHold(shipment.ShipmentID, p.Number)},
		}
		calls = append(calls, topics.Message{Topic: outbox, Key: task.TaskID, Value: task})
	}
	return calls, nil
}

// share deals pieces to parcels, one after the other, and is what one of them has. Nobody says which piece is in which parcel; a channel wants
// each piece in one. A parcel that gets none is not told of there.
func share(lines []schemas.ShippedLine, mine, parcels int64) (dealt []schemas.ShippedLine) {
	next := int64(0)
	for _, line := range lines {
		got := schemas.ShippedLine{LineRef: line.LineRef}
		for piece := range line.Quantity {
			if next%parcels == mine {
				got.Quantity++
				if piece < int64(len(line.UnitRefs)) {
					got.UnitRefs = append(got.UnitRefs, line.UnitRefs[piece])
				}
			}
			next++
		}
		if got.Quantity > 0 {
			dealt = append(dealt, got)
		}
	}
	return dealt
}
