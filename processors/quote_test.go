package processors

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// market is where several carriers could take what goes to Poland: one with a price that was settled, two that are asked.
type market struct {
	*testing.T
	state schemas.OrderBooking
	step  Processor
	now   schemas.Millis
}

func newMarket(t *testing.T) *market {
	topics.Carry([]string{"dhl", "ups", "gls"})
	t.Cleanup(func() { topics.Carry(nil) })
	shipping, err := NewShipping(map[string]string{SettingShipWith: "PL=dhl:V53WPAK|ups|gls:PARCEL, *=dhl"})
	if err != nil {
		t.Fatal(err)
	}
	return &market{T: t, now: 1000, step: Book(Sources{Terms: func(party string) Terms {
		if party == "allegro" {
			return Terms{Shipping: shipping}
		}
		c := &Carriage{Carrier: party, From: schemas.Person{Name: "Lager"}, ParcelsMax: 3}
		if party == "dhl" {
			c.Price = &schemas.Money{Minor: 300, Currency: "EUR"}
		}
		return Terms{Carriage: c}
	}})}
}

// hear is what a word leads to; nil is that the time is over.
func (m *market) hear(s *schemas.Shipment) (tasks []*schemas.Task, said string, wake *Wake) {
	m.Helper()
	event := &topics.Event{Topic: topics.Shipments, Key: "allegro/1", At: m.now}
	if s != nil {
		event.Value = s
	}
	result, err := m.step.Handle(event, &m.state)
	if err != nil {
		m.Fatal(err)
	}
	var ids []string
	for _, message := range result.Messages {
		task := message.Value.(*schemas.Task)
		tasks, ids = append(tasks, task), append(ids, task.TaskID)
	}
	return tasks, strings.Join(ids, " "), result.Wake
}

func (m *market) want(want string, s *schemas.Shipment) []*schemas.Task {
	m.Helper()
	tasks, got, _ := m.hear(s)
	if got != want {
		m.Errorf("got %q, want %q", got, want)
	}
	return tasks
}

// offer is what a carrier answers to the question.
func (m *market) offer(task *schemas.Task, quotes ...schemas.Quote) *schemas.Shipment {
	m.Helper()
	document, err := json.Marshal(schemas.Quoted{Quotes: quotes})
	if err != nil {
		m.Fatal(err)
	}
	said, err := QuoteThen(task, document, 5)
	if err != nil {
		m.Fatal(err)
	}
	s := said[0].Value.(*schemas.Shipment)
	if s.State != schemas.ShipmentQuoted || s.To != nil {
		m.Errorf("said %+v", s)
	}
	return s
}

func quote(service string, minor int64, currency string) schemas.Quote {
	return schemas.Quote{Service: service, Price: schemas.Money{Minor: minor, Currency: currency}}
}

const asked = "ups/quote:allegro/1#17.0@1 gls/quote:allegro/1#17.0@1"

func TestTheCheapestOfSeveralCarriersTakesIt(t *testing.T) {
	for _, c := range []struct {
		name     string
		ups, gls []schemas.Quote
		want     string // carrier, service, then what was asked for it
	}{
		{"a service of one", []schemas.Quote{quote("03", 2000, "EUR"), quote("11", 850, "EUR")}, []schemas.Quote{quote("PARCEL", 870, "EUR"), quote("EXPRESS", 1, "EUR")}, "ups 11: ups 850 gls 870 dhl 900"},
		{"the settled one", []schemas.Quote{quote("11", 901, "EUR")}, nil, "dhl V53WPAK: dhl 900 ups 901"},
		{"nobody says", nil, nil, "dhl V53WPAK: dhl 900"},
		{"the service that is wanted alone", nil, []schemas.Quote{quote("EXPRESS", 1, "EUR"), quote("PARCEL", 899, "EUR")}, "gls PARCEL: gls 899 dhl 900"},
		{"what can not be compared", []schemas.Quote{quote("11", 1, "PLN")}, nil, "dhl V53WPAK: dhl 900 ups 1"},
	} {
		m := newMarket(t)
		tasks := m.want(asked, requested(1))
		m.want("", requested(1))
		m.want("", m.offer(tasks[0], c.ups...))
		m.want("", m.offer(tasks[0], quote("11", 1, "EUR"))) // it has answered
		calls, _, wake := m.hear(m.offer(tasks[1], c.gls...))
		if len(calls) != 1 || calls[0].Kind != KindBook || wake != nil {
			t.Fatalf("%s: %v, %v", c.name, calls, wake)
		}
		carriage, err := schemas.ParseCarriage(calls[0].Payload)
		if err != nil {
			t.Fatal(err)
		}
		s := carriage.Shipment
		got := s.Carrier + " " + carriage.Booking.Service + ":"
		for _, q := range s.Quotes {
			got += fmt.Sprint(" ", q.Carrier, " ", q.Price.Minor)
		}
		if got != c.want || calls[0].Party != s.Carrier || carriage.Booking.To.Name != "Ana Ć" || m.state.Shipments[0].Carrier != s.Carrier {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		m.want("", m.offer(tasks[1], quote("PARCEL", 1, "EUR"))) // it is booked
	}
}

func TestACarrierThatDoesNotAnswerInTimeIsNotWaitedFor(t *testing.T) {
	m := newMarket(t)
	tasks, _, wake := m.hear(requested(1))
	if wake == nil || wake.At != m.now+2000 {
		t.Fatalf("waits until %+v", wake)
	}
	m.want("", m.offer(tasks[0], quote("11", 850, "EUR")))
	m.now += 1999
	m.want("", nil)
	m.now++
	m.want("ups/book:allegro/1#17.1@1", nil)
	m.want("", nil)
	m.want("", m.offer(tasks[1], quote("PARCEL", 1, "EUR")))
}

// What is recalled while its carrier is chosen is never bought, and is known to have ended.
func TestAShipmentThatIsRecalledMeanwhileIsNotBought(t *testing.T) {
	m := newMarket(t)
	tasks := m.want(asked, requested(1))
	calls := m.want("dhl/book:allegro/1#17.1@1 dhl/withdraw:allegro/1#17.1@1", partly(schemas.ShipmentRecalled, 1, 0))
	if calls[0].Lane != calls[1].Lane || calls[0].Sequence >= calls[1].Sequence {
		t.Errorf("%+v does not overtake %+v", calls[1], calls[0])
	}
	m.want("", m.offer(tasks[0], quote("11", 1, "EUR")))
	m.want("ups/quote:allegro/1#17.0@2 gls/quote:allegro/1#17.0@2", requested(2))
}

func TestWhereOneCarrierGoesNobodyIsAsked(t *testing.T) {
	m := newMarket(t)
	s := requested(1)
	s.To.Country = "FR"
	m.want("dhl/book:allegro/1#17.1@1", s)
	for _, wrong := range []string{"PL=dhl|", "PL=|dhl", "PL=dhl||ups", "PL=dhl|UPS", "PL=" + strings.Repeat("dhl|", 10) + "ups"} {
		if _, err := NewShipping(map[string]string{SettingShipWith: wrong}); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// by is an offer of a carrier that names the day.
func by(q schemas.Quote, day schemas.Millis) schemas.Quote {
	q.By = &day
	return q
}

func TestWhoComesTooLateTakesItOnlyIfNobodyComesInTime(t *testing.T) {
	const deadline = 100
	for _, c := range []struct {
		name     string
		ups, gls []schemas.Quote
		want     string
	}{
		{"the cheaper one comes too late", []schemas.Quote{by(quote("11", 400, "EUR"), 101)}, []schemas.Quote{quote("PARCEL", 870, "EUR")}, "gls"},
		{"on the last day", []schemas.Quote{by(quote("11", 400, "EUR"), 100)}, []schemas.Quote{quote("PARCEL", 870, "EUR")}, "ups 11"},
		{"a dearer service of the same carrier", []schemas.Quote{by(quote("11", 400, "EUR"), 101), by(quote("65", 600, "EUR"), 99)}, []schemas.Quote{quote("PARCEL", 870, "EUR")}, "ups 65"},
		{"dearer than the settled price, which names no day", []schemas.Quote{by(quote("11", 950, "EUR"), 1)}, nil, "dhl"},
	} {
		m := newMarket(t)
		request := requested(1)
		request.DeliverBy = new(schemas.Millis(deadline))
		tasks := m.want(asked, request)
		if question, err := schemas.ParseCarriage(tasks[0].Payload); err != nil || question.Booking.DeliverBy == nil || *question.Booking.DeliverBy != deadline {
			t.Errorf("%s: the carrier is not told by when: %+v, %v", c.name, question, err)
		}
		m.want("", m.offer(tasks[0], c.ups...))
		calls, _, _ := m.hear(m.offer(tasks[1], c.gls...))
		if len(calls) != 1 {
			t.Fatalf("%s: %v", c.name, calls)
		}
		carriage, err := schemas.ParseCarriage(calls[0].Payload)
		if err != nil {
			t.Fatal(err)
		}
		if got := carriage.Shipment.Carrier + " " + carriage.Booking.Service; !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s takes it, want %s", c.name, got, c.want)
		}
	}
	offers := bestFirst([]schemas.ShipmentQuote{{Carrier: "a", By: new(schemas.Millis(300))}, {Carrier: "b", Price: schemas.Money{Minor: 1}, By: new(schemas.Millis(200))}}, new(schemas.Millis(deadline)))
	if offers[0].Carrier != "a" {
		t.Errorf("all come too late, and the cheapest does not take it: %+v", offers)
	}
}
