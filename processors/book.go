package processors

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"

	"waybill/schemas"
	"waybill/topics"
)

// The calls at a carrier. KindWithdraw makes sure that a booking that was not begun never is.
const (
	KindBook     = "book"
	KindComplete = "complete" // fetch the numbers and labels of what the carrier goes on with by itself
	KindVoid     = "void"     // take back what is booked
)

// Book has each shipment that is requested booked with its carrier, once: in as many bookings as the carrier's limit of parcels takes. What is
// recalled it withdraws, if it is not begun, and voids if it is bought; that it is not to be paid then, it waits to hear.
func Book(s Sources) Processor {
	return Step(Processor{
		Name:   "book",
		Reads:  []*topics.Topic{topics.Shipments},
		Back:   topics.StepBook,
		Table:  topics.TableBook,
		Writes: append(carriersOutboxes(), topics.Missing),
		State:  schemas.OrderBookingSchema,
	}, func(event *topics.Event, s2 *schemas.Shipment, known *schemas.OrderBooking) (Result, error) {
		b := booking{&s, s2, event}
		follow := b.calls
		if s2 == nil {
			follow = b.overdue
		}
		messages, err := follow(known)
		if err != nil {
			return Result{}, Dead(schemas.ClassInvalid, err)
		}
		return Result{Messages: messages, Repeat: messages == nil, Wake: sooner(untilChosen(known), untilCredited(known))}, nil
	})
}

// carriersOutboxes are the roads to the carriers.
func carriersOutboxes() []*topics.Topic { return outboxesOf(topics.Carriers()) }

// outboxesOf are the roads to some parties.
func outboxesOf(parties []string) (roads []*topics.Topic) {
	for _, party := range parties {
		roads = append(roads, topics.Named(topics.OutboxName(party)))
	}
	return roads
}

// booking is one word about a shipment on its way.
type booking struct {
	sources  *Sources
	shipment *schemas.Shipment
	event    *topics.Event
}

// calls are what a carrier is to be asked now.
func (b booking) calls(known *schemas.OrderBooking) ([]topics.Message, error) {
	s := b.shipment
	at := slices.IndexFunc(known.Shipments, func(k schemas.ShipmentBooking) bool { return k.Ref == s.Ref })
	if s.State == schemas.ShipmentRequested {
		if at < 0 {
			known.Shipments = append(known.Shipments, schemas.ShipmentBooking{Ref: s.Ref})
			at = len(known.Shipments) - 1
		}
		return b.choose(&known.Shipments[at])
	}
	if at < 0 {
		return nil, nil
	}
	k := &known.Shipments[at]
	switch {
	case s.State == schemas.ShipmentCredited || s.State == schemas.ShipmentCharged:
		return b.settled(known, k), nil
	case k.Generation != s.Generation:
		return nil, nil
	}
	switch s.State {
	case schemas.ShipmentQuoted:
		return b.quoted(k)
	case schemas.ShipmentRecalled:
		asked, err := b.decide(k) // what may be begun is withdrawn, so that it is known to have ended
		if err != nil {
			return nil, err
		}
		k.Recalled = true
		back, err := b.takeBack(k, 1, int64(len(k.Parts)))
		return append(asked, back...), err
	case schemas.ShipmentBooked, schemas.ShipmentLabelled, schemas.ShipmentVoided, schemas.ShipmentRefused, schemas.ShipmentWithdrawn:
		if s.Part < 1 || s.Part > int64(len(k.Parts)) {
			return nil, fmt.Errorf("shipment %s has no part %d", s.ShipmentID, s.Part)
		}
		part := &k.Parts[s.Part-1]
		if s.State == schemas.ShipmentWithdrawn && isBought(part.State) {
			return nil, nil
		}
		if s.State == schemas.ShipmentVoided && isBought(part.State) {
			b.awaitCredit(k)
		}
		if part.State = s.State; s.BookingRef != "" {
			part.BookingRef = s.BookingRef
		}
		if k.Recalled && isBought(part.State) {
			return b.takeBack(k, s.Part, s.Part)
		}
	}
	return nil, nil
}

// book books a generation of a shipment.
func (b booking) book(k *schemas.ShipmentBooking) (calls []topics.Message, err error) {
	s := b.shipment
	carriage := b.sources.terms(s.Carrier).Carriage
	if carriage == nil {
		return nil, fmt.Errorf("carrier %s of shipment %s is not configured: give parties.%s.carrier, and its settings", s.Carrier, s.ShipmentID, s.Carrier)
	}
	if len(s.Parcels) == 0 {
		return nil, fmt.Errorf("shipment %s has no parcels", s.ShipmentID)
	}
	k.Generation, k.Recalled, k.Carrier, k.Parts = s.Generation, false, s.Carrier, nil
	split := slices.Collect(slices.Chunk(s.Parcels, max(1, carriage.ParcelsMax)))
	for i, parcels := range split {
		part := *s
		part.Part, part.Parts, part.Parcels, part.To, part.DeliverBy = int64(i+1), int64(len(split)), parcels, nil, nil
		part.Reference = bookingReference(s.ShipmentID, s.Generation, part.Part)
		c := &schemas.Carriage{Shipment: part, Booking: bookingOf(s, &part, carriage)}
		call, err := carrierCall(KindBook, c, 2*s.Generation)
		if err != nil {
			return nil, err
		}
		calls, k.Parts = append(calls, call), append(k.Parts, schemas.BookingPart{})
	}
	return calls, nil
}

// takeBack takes back parts of a shipment: those that are bought, and those that may not be begun yet.
func (b booking) takeBack(k *schemas.ShipmentBooking, from, to int64) (calls []topics.Message, err error) {
	for n := from; n <= to; n++ {
		part := k.Parts[n-1]
		if part.State == schemas.ShipmentVoided || part.State == schemas.ShipmentWithdrawn {
			continue
		}
		kind := KindWithdraw
		if isBought(part.State) {
			kind = KindVoid
		}
		s := *b.shipment
		s.Part, s.Parts, s.BookingRef, s.Parcels, s.Warnings, s.Cost = n, int64(len(k.Parts)), part.BookingRef, nil, nil, nil
		s.Carrier, s.Reference = k.Carrier, bookingReference(s.ShipmentID, k.Generation, n)
		call, err := carrierCall(kind, &schemas.Carriage{Shipment: s, Ref: part.BookingRef}, 2*k.Generation+1)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// bookingOf is what the carrier is told of a part of a shipment. What is in all of it is worth what its parts are together.
func bookingOf(s, part *schemas.Shipment, c *Carriage) schemas.Booking {
	b := schemas.Booking{
		ShipmentID: s.ShipmentID, OrderID: s.OrderID, Reference: part.Reference, Service: s.Service, From: c.From, Point: s.Point, Format: c.Format, ReadyAt: s.At,
	}
	if s.To != nil {
		b.To = *s.To
	}
	if s.Goods != nil {
		b.Goods = *s.Goods
		b.Goods.Minor /= part.Parts
	}
	for _, p := range part.Parcels {
		b.Parcels = append(b.Parcels, schemas.Parcel{Ref: p.Ref, Grams: p.Grams, Length: p.Length, Width: p.Width, Height: p.Height})
	}
	return b
}

// bookingReference is ours in the carrier's field: made of what is booked, so that no other booking has it, and none has two.
func bookingReference(shipmentID string, generation, part int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s#%d.%d", shipmentID, generation, part))
	return "WB-" + base32.StdEncoding.EncodeToString(sum[:])[:20]
}

// carrierCall is a call about a part of a shipment. All of them are in one lane, in which a recall overtakes what is not begun, and waits for
// what is; and the next generation waits for the recall of the last.
func carrierCall(kind string, c *schemas.Carriage, sequence int64) (topics.Message, error) {
	s := &c.Shipment
	outbox := topics.Named(topics.OutboxName(s.Carrier))
	if outbox == nil {
		return topics.Message{}, fmt.Errorf("carrier %s of shipment %s is not configured: give parties.%s.carrier, and its settings", s.Carrier, s.ShipmentID, s.Carrier)
	}
	payload, err := c.Body()
	if err != nil {
		return topics.Message{}, fmt.Errorf("write down what is to be done about shipment %s: %w", s.ShipmentID, err)
	}
	part := s.ShipmentID + "." + strconv.FormatInt(s.Part, 10)
	task := &schemas.Task{
		TaskID: fmt.Sprintf("%s/%s:%s@%d", s.Carrier, kind, part, s.Generation), Party: s.Carrier, Kind: kind, OrderID: s.OrderID,
		Lane: KindBook + ":" + part, Sequence: sequence, Deadline: s.ShipBy, Payload: payload,
	}
	return topics.Message{Topic: outbox, Key: task.TaskID, Value: task, Headers: []topics.Header{{Key: topics.HeaderOrderID, Value: []byte(s.OrderID)}}}, nil
}
