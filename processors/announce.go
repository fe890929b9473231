package processors

import (
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Announce tells everybody who wants to know how each parcel stands, in their own words: the ERP, and the channel as far as it takes such a
// word. How the parcels of an order stand together it says too. What comes late or twice moves nothing, because each standing has its number.
func Announce(s Sources) Processor {
	return Processor{
		Name:     "announce",
		Reads:    []*topics.Topic{topics.TrackingEvents, topics.Shipments},
		Back:     topics.StepAnnounce,
		Table:    topics.TableAnnounce,
		Writes:   append([]*topics.Topic{topics.OutboxERP, topics.OrdersDelivery, topics.TrackingRaw, topics.Receipts}, outboxes()...),
		State:    schemas.OrderAnnouncingSchema,
		Snapshot: true, // the next standing of a parcel says all that the last did
		Handle: func(event *topics.Event, state any) (Result, error) {
			a := announcing{sources: &s, event: event, known: state.(*schemas.OrderAnnouncing)}
			if err := a.run(); err != nil {
				return Result{}, Dead(schemas.ClassInvalid, err)
			}
			return Result{Messages: a.said, Repeat: a.said == nil, Partial: true}, nil
		},
	}
}

// announcing is one event on its way.
type announcing struct {
	sources *Sources
	event   *topics.Event
	known   *schemas.OrderAnnouncing
	said    []topics.Message
}

func (a *announcing) run() error {
	switch value := a.event.Value.(type) {
	case *schemas.Shipment:
		if err := a.heard(value); err != nil {
			return err
		}
		a.rollUp(value.At)
	case *schemas.ParcelEvent:
		if err := a.moved(value); err != nil {
			return err
		}
		a.rollUp(value.HeardAt)
	}
	return nil
}

// heard is what became of a part of a shipment: which numbers it has, and which are good no more.
func (a *announcing) heard(s *schemas.Shipment) error {
	a.known.Party = s.Party
	if s.OrderRef != "" {
		a.known.OrderRef = s.OrderRef
	}
	switch s.State {
	case schemas.ShipmentLabelled:
		for _, p := range s.Parcels {
			if p.Number == "" {
				continue
			}
			parcel := a.parcel(s.Ref, s.Carrier, p.Number)
			parcel.Part, parcel.Generation = s.Part, s.Generation
			parcel.ToldAt = max(parcel.ToldAt, s.At) // dispatch has told the ERP of the label
		}
		return a.void(s, s.Generation)
	case schemas.ShipmentVoided:
		return a.void(s, s.Generation+1)
	}
	return nil
}

// void gives up the numbers of a part that are of an earlier generation: nobody asks for them any more.
func (a *announcing) void(s *schemas.Shipment, before int64) error {
	for i := range a.known.Parcels {
		p := &a.known.Parcels[i]
		if p.Void || p.Ref != s.Ref || p.Part != s.Part || p.Generation == 0 || p.Generation >= before {
			continue
		}
		p.Void = true
		body, err := schemas.Decision{Decision: schemas.DecisionVoided, ShipmentID: s.ShipmentID, Why: "its label was taken back"}.Body()
		if err != nil {
			return fmt.Errorf("write down that parcel %s is good no more: %w", p.Number, err)
		}
		raw := &schemas.RawTracking{
			Party: p.Carrier, Carrier: a.sources.terms(p.Carrier).carrier(), Number: p.Number, Origin: schemas.OriginManual, ReceivedAt: s.At, Proven: true,
			ContentType: schemas.DecisionType, Body: body,
		}
		a.said = append(a.said, topics.Message{Topic: topics.TrackingRaw, Key: schemas.LinkKey(p.Carrier, schemas.LinkTracking, p.Number), Value: raw})
	}
	return nil
}

func (a *announcing) parcel(ref, carrier, number string) *schemas.AnnouncedParcel {
	at := slices.IndexFunc(a.known.Parcels, func(p schemas.AnnouncedParcel) bool {
		return p.Ref == ref && p.Carrier == carrier && p.Number == number
	})
	if at < 0 {
		a.known.Parcels = append(a.known.Parcels, schemas.AnnouncedParcel{Ref: ref, Carrier: carrier, Number: number})
		at = len(a.known.Parcels) - 1
	}
	return &a.known.Parcels[at]
}

// moved is how a parcel stands. Of one whose label was taken back nobody is told; it stands in its timeline.
func (a *announcing) moved(e *schemas.ParcelEvent) error {
	_, ref, is := schemas.SplitShipmentID(e.ShipmentID)
	if !is {
		return fmt.Errorf("parcel %s is said to be of %q, which is no shipment", e.Number, e.ShipmentID)
	}
	p := a.parcel(ref, e.Party, e.Number)
	if e.Sequence < p.Sequence {
		return nil
	}
	p.Ended = e.Ended
	if e.Sequence == p.Sequence || e.Standing == "" {
		return nil
	}
	isNew := p.Status != e.Standing || isTrouble(e.Standing)
	p.Sequence, p.Status, p.At = e.Sequence, e.Standing, e.StandingAt
	if p.Void || !isNew {
		return nil
	}
	if err := a.tellERP(p); err != nil {
		return err
	}
	return a.tellChannel(p, e.ShipmentID)
}

// isTrouble tells the statuses that are told again when they come again.
func isTrouble(status string) bool {
	return status == schemas.ParcelFailedAttempt || status == schemas.ParcelException
}

// tellERP tells the ERP how a parcel stands, and whether its shipment is delivered as a whole. The time that it is told with is later than
// that of the word before, because the ERP keeps the latest: a carrier tells minutes, and late.
func (a *announcing) tellERP(p *schemas.AnnouncedParcel) error {
	p.ToldAt = max(p.At, p.ToldAt+1)
	call, err := TrackingCall(a.event.Key, schemas.Tracking{
		OrderRef: a.known.OrderRef, Carrier: p.Carrier, Number: p.Number, Status: p.Status, At: p.ToldAt,
		ShipmentRef: p.Ref, Done: StandOfShipment(a.parcels(p.Ref)).Status == schemas.ParcelDelivered,
	})
	if err == nil {
		a.said = append(a.said, call)
	}
	return err
}

// parcels are those of a shipment, "" of all, as they stand. What was taken back is none.
func (a *announcing) parcels(ref string) (stands []*schemas.Scan) {
	for i := range a.known.Parcels {
		p := &a.known.Parcels[i]
		if p.Void || ref != "" && p.Ref != ref {
			continue
		}
		var stand *schemas.Scan
		if p.Status != "" {
			stand = &schemas.Scan{Status: p.Status, Terminal: p.Ended}
		}
		stands = append(stands, stand)
	}
	return stands
}

// rollUp says how all parcels stand together, when that is another thing (item 119).
func (a *announcing) rollUp(at schemas.Millis) {
	stand := StandOfShipment(a.parcels(""))
	if stand.Status == "" || stand.Status == a.known.Status {
		return
	}
	a.known.Status = stand.Status
	a.known.Sequence++
	a.said = append(a.said, topics.Message{Topic: topics.OrdersDelivery, Key: a.event.Key, Value: &schemas.Delivery{
		OrderID: a.event.Key, Party: a.channel(), Status: stand.Status, Parcels: int64(stand.Parcels), Delivered: int64(stand.Delivered),
		Returned: int64(stand.Returned), Ended: stand.Terminal, At: at, Sequence: a.known.Sequence,
	}})
}

// channel is the account that sold the order.
func (a *announcing) channel() string {
	if a.known.Party != "" {
		return a.known.Party
	}
	party, _, _ := schemas.SplitOrderID(a.event.Key)
	return party
}
