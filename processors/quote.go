package processors

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"waybill/schemas"
	"waybill/topics"
)

// KindQuote asks a carrier what it would take for a shipment.
const KindQuote = "quote"

// quoteWait is how long carriers may take to say what they ask: a label is waited for.
const quoteWait = schemas.Millis(2 * time.Second / time.Millisecond)

// choose books a generation of a shipment, unless that was asked for before. If several carriers could take it, those are asked first for which no
// price was settled.
func (b booking) choose(k *schemas.ShipmentBooking) (calls []topics.Message, err error) {
	s := b.shipment
	if s.Generation <= k.Generation {
		return nil, nil
	}
	routes := b.candidates()
	if len(routes) < 2 {
		return b.book(k)
	}
	request, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write down shipment %s while its carrier is chosen: %w", s.ShipmentID, err)
	}
	k.Generation, k.Recalled, k.Carrier, k.Parts = s.Generation, false, s.Carrier, nil
	k.Choice = &schemas.Choice{Request: schemas.Body{Bytes: request}, Until: b.event.At + quoteWait}
	for _, r := range routes {
		carriage := b.sources.terms(r.Carrier).Carriage
		if carriage.Price != nil {
			price, err := carriage.Price.Times(int64(len(s.Parcels)))
			if err != nil {
				return nil, fmt.Errorf("the price of %s for shipment %s: %w", r.Carrier, s.ShipmentID, err)
			}
			k.Choice.Offers = append(k.Choice.Offers, schemas.ShipmentQuote{Carrier: r.Carrier, Service: r.Service, Price: price})
			continue
		}
		asked := *s
		asked.Carrier, asked.Service = r.Carrier, r.Service
		c := &schemas.Carriage{Shipment: asked, Booking: bookingOf(&asked, &schemas.Shipment{Parts: 1, Parcels: s.Parcels}, carriage)}
		c.Booking.DeliverBy, c.Shipment.To, c.Shipment.DeliverBy = s.DeliverBy, nil, nil
		call, err := carrierCall(KindQuote, c, s.Generation)
		if err != nil {
			return nil, err
		}
		calls, k.Choice.Asked = append(calls, call), append(k.Choice.Asked, r.Carrier)
	}
	if calls == nil {
		return b.decide(k)
	}
	return calls, nil
}

// candidates are the carriers that could take a shipment where it goes.
func (b booking) candidates() []Route {
	s := b.shipment
	if s.To == nil {
		return nil
	}
	shipping := b.sources.terms(s.Party).Shipping
	to, is := shipping.route(s.To.Country, s.Point != "")
	if !is || to.Carrier != s.Carrier {
		return nil
	}
	return slices.DeleteFunc(append([]Route{{Carrier: to.Carrier, Service: to.Service}}, to.Or...), func(r Route) bool {
		return b.sources.terms(r.Carrier).Carriage == nil
	})
}

// quoted takes down what a carrier asks. When all have answered, it is chosen.
func (b booking) quoted(k *schemas.ShipmentBooking) ([]topics.Message, error) {
	s := b.shipment
	if k.Choice == nil || !slices.Contains(k.Choice.Asked, s.Carrier) {
		return nil, nil
	}
	k.Choice.Asked = slices.DeleteFunc(k.Choice.Asked, func(carrier string) bool { return carrier == s.Carrier })
	request, err := requestOf(k.Choice)
	if err != nil {
		return nil, err
	}
	fitting := slices.DeleteFunc(slices.Clone(s.Quotes), func(q schemas.ShipmentQuote) bool { return s.Service != "" && q.Service != s.Service })
	if len(fitting) > 0 {
		k.Choice.Offers = append(k.Choice.Offers, bestFirst(fitting, request.DeliverBy)[0])
	}
	if len(k.Choice.Asked) > 0 {
		return nil, nil
	}
	return b.decide(k)
}

// overdue chooses where nobody is waited for any more.
func (b booking) overdue(known *schemas.OrderBooking) (calls []topics.Message, err error) {
	for i := range known.Shipments {
		if k := &known.Shipments[i]; k.Choice != nil && k.Choice.Until <= b.event.At {
			chosen, err := b.decide(k)
			if err != nil {
				return nil, err
			}
			calls = append(calls, chosen...)
		}
	}
	return append(calls, b.owed(known)...), nil
}

// decide books with the cheapest of those that said what they ask and do not come too late; with the first of the route, if nobody did.
func (b booking) decide(k *schemas.ShipmentBooking) ([]topics.Message, error) {
	if k.Choice == nil {
		return nil, nil
	}
	request, err := requestOf(k.Choice)
	if err != nil {
		return nil, err
	}
	if request.Quotes = bestFirst(k.Choice.Offers, request.DeliverBy); len(request.Quotes) > 0 {
		request.Carrier, request.Service = request.Quotes[0].Carrier, request.Quotes[0].Service
	}
	k.Choice = nil
	return booking{b.sources, request, b.event}.book(k)
}

// requestOf is the shipment as it was requested.
func requestOf(c *schemas.Choice) (*schemas.Shipment, error) {
	request := new(schemas.Shipment)
	if err := json.Unmarshal(c.Request.Bytes, request); err != nil {
		return nil, fmt.Errorf("read which shipment a carrier is chosen for: %w", err)
	}
	return request, nil
}

// bestFirst sorts offers: the cheapest first, and those that are known to arrive after the deadline behind all others. Those in another currency than the first
// can not be compared, and come behind those that can.
func bestFirst(offers []schemas.ShipmentQuote, deadline *schemas.Millis) []schemas.ShipmentQuote {
	sorted := slices.Clone(offers)
	slices.SortStableFunc(sorted, func(a, b schemas.ShipmentQuote) int {
		strange := func(q schemas.ShipmentQuote) int {
			if q.Price.Currency == offers[0].Price.Currency {
				return 0
			}
			return 1
		}
		late := func(q schemas.ShipmentQuote) int {
			if deadline != nil && q.By != nil && *q.By > *deadline {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(late(a), late(b)), cmp.Compare(strange(a), strange(b)), cmp.Compare(a.Price.Minor, b.Price.Minor))
	})
	return sorted
}

// untilChosen is when a carrier has to be chosen next.
func untilChosen(known *schemas.OrderBooking) (wake *Wake) {
	for _, k := range known.Shipments {
		if k.Choice != nil && (wake == nil || k.Choice.Until < wake.At) {
			wake = &Wake{At: k.Choice.Until, What: "choose"}
		}
	}
	return wake
}

// QuoteThen is what follows once a carrier has said what it asks for a shipment, or that it does not say.
func QuoteThen(task *schemas.Task, document []byte, at schemas.Millis) ([]topics.Message, error) {
	c, err := schemas.ParseCarriage(task.Payload)
	if err != nil {
		return nil, err
	}
	said, err := schemas.ParseQuoted(document)
	if err != nil {
		return nil, err
	}
	s := partOf(task, c, schemas.ShipmentQuoted, at)
	s.Quotes, s.Text = nil, said.Why
	for _, q := range said.Quotes {
		s.Quotes = append(s.Quotes, schemas.ShipmentQuote{Carrier: task.Party, Service: q.Service, Price: q.Price, By: q.By})
	}
	s.Quotes = bestFirst(s.Quotes, c.Booking.DeliverBy)
	return []topics.Message{{Topic: topics.Shipments, Key: s.OrderID, Value: s}}, nil
}
